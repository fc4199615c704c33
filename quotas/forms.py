"""Forms of the office for the year's rules, the credit notices and the quotas."""

from itertools import permutations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from iran.forms import RialField
from iran.text import clean, to_persian_digits
from iran.widgets import AdminNumericTextInput
from quotas.models import AgentBank, CreditNotice, CreditPool, Programme, YearRule
from quotas.rules import share_field
from quotas.year_rules import RULES

MINUS = ("-", "−", "–")
YES_NO = [("yes", _("Yes")), ("no", _("No"))]
KINDS = {"supporter": _("supporter"), "pioneer": _("pioneer"), "independent": _("independent")}


class SignedRialField(RialField):
    """Rial that may be taken back: a minus sign before or after the number, or the word «منفی»."""

    def parse(self, value) -> int:
        if not isinstance(value, str):
            return super().parse(value)
        text = clean(value)
        if text.startswith(MINUS):
            return -super().parse(text[1:])
        if text.endswith(MINUS):
            return -super().parse(text[:-1])
        if text.startswith("منفی"):
            return -super().parse(text.removeprefix("منفی"))
        return super().parse(value)


def _orders() -> list[tuple[str, str]]:
    return [(",".join(order), "، ".join(str(KINDS[kind]) for kind in order)) for order in permutations(KINDS)]


class YearRuleForm(forms.ModelForm):
    """One rule of the year; its value is asked for in the way that fits it."""

    class Meta:
        model = YearRule
        fields = ["key", "value", "basis", "source"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["key"].disabled = True
        key = self.instance.key
        if key == "priority_order":
            self._choose(_orders())
        elif key and RULES[key].value in ("yes", "no"):
            self._choose(YES_NO)
        else:
            self.fields["value"].widget = AdminNumericTextInput(attrs={"class": "vIntegerField"})
            if not self.is_bound:
                self.initial["value"] = to_persian_digits(str(self.initial.get("value") or "")).replace(".", "٫")

    def _choose(self, choices: list) -> None:
        stored = self.instance.value
        known = choices if stored in dict(choices) else [(stored, stored), *choices]
        self.fields["value"] = forms.ChoiceField(choices=known, label=self.fields["value"].label)

    def clean(self) -> dict:
        cleaned = super().clean()
        key, value = cleaned.get("key") or self.instance.key, cleaned.get("value")
        if key and value:
            cleaned["value"] = clean(value).replace("٫", ".")
            try:
                RULES[key].parse(cleaned["value"])
            except (ValueError, KeyError, ArithmeticError):
                self.add_error("value", ValidationError(_("This value does not fit the rule."), code="rule_value"))
        return cleaned


class CreditNoticeForm(forms.ModelForm):
    """A notice with one signed amount for the general pool and for each agent bank of its programme."""

    class Meta:
        model = CreditNotice
        fields = ["programme", "letter_number", "dated_on", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.programme = self._programme()
        for bank_id, title in pools_of(self.programme):
            self.fields[share_field(bank_id)] = SignedRialField(
                label=to_persian_digits(str(title)), required=False, widget=AdminNumericTextInput(), help_text=""
            )

    def _programme(self) -> Programme | None:
        chosen = self.data.get("programme") if self.is_bound else self.initial.get("programme")
        chosen, programmes = getattr(chosen, "pk", chosen), Programme.objects.all()
        if str(chosen or "").isdecimal():
            programmes = programmes.filter(pk=int(chosen))
        return programmes.first()

    def shares(self) -> dict[int | None, int]:
        """Rial by bank (``None``: the general pool), only what was filled in."""
        found = {bank_id: self.cleaned_data.get(share_field(bank_id)) for bank_id, _title in pools_of(self.programme)}
        return {bank_id: amount for bank_id, amount in found.items() if amount}


def pools_of(programme: Programme | None) -> list[tuple[int | None, str]]:
    """The general pool and every bank that may have a share, by bank id."""
    if programme is None:
        return []
    banks = {
        role.bank_id: str(role.bank) for role in AgentBank.objects.filter(programme=programme).select_related("bank")
    }
    for pool in CreditPool.objects.filter(programme=programme, bank__isnull=False).select_related("bank"):
        banks.setdefault(pool.bank_id, str(pool.bank))
    return [(None, _("general pool (no bank)")), *banks.items()]
