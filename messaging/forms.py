from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from abarkuh_loans.errors import RuleError
from iran.text import clean, to_ascii_digits
from messaging import texts
from messaging.length import MOST_CHARACTERS
from messaging.models import SendingRules

AT_LEAST_ONE = _("With less than one nothing could be sent. To stop sending, use the button on the list of pauses.")


class TextForm(forms.Form):
    """The text of one message. A place that nobody fills is refused at the field."""

    text = forms.CharField(
        label=_("text"),
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 5, "data-sms-text": True}),
        error_messages={"required": _("Write the text of the message.")},
    )

    def __init__(self, *args: Any, declared: texts.Declared, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.declared = declared

    def clean_text(self) -> str:
        text = clean(self.cleaned_data["text"], multiline=True)
        try:
            texts.check(self.declared, text)
        except RuleError as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from None
        return text


class SendingRulesForm(forms.ModelForm):
    class Meta:
        model = SendingRules
        fields = ("county", "quiet_from", "quiet_until", "daily_per_person", "daily_total", "published_number")
        help_texts = {
            "quiet_from": _("Tehran time. Nothing is sent from here on; write the same in both to send at any hour."),
            "daily_per_person": _("What is over the limit waits for the next day."),
            "published_number": _(
                "Stands on the site and in letters, so that people can check that a call is genuine."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("daily_per_person", "daily_total"):
            if name in self.fields:
                self.fields[name].validators.append(MinValueValidator(1, AT_LEAST_ONE))

    def clean_published_number(self) -> str:
        number = to_ascii_digits(self.cleaned_data["published_number"]).replace(" ", "").replace("-", "")
        if number and not (number.isdecimal() and 3 <= len(number) <= 12):
            raise ValidationError(_("Write the telephone number in digits, with its area code, as people dial it."))
        return number

    def clean(self) -> dict:
        cleaned = super().clean()
        person, total = cleaned.get("daily_per_person"), cleaned.get("daily_total")
        if person and total and person > total:
            self.add_error("daily_total", _("The county's limit is lower than that of one person."))
        return cleaned
