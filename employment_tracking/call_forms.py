"""What an operator writes down of a call, and what a called person asks."""

from datetime import datetime, time

from django import forms
from django.utils.translation import gettext_lazy as _

from abarkuh_loans.errors import RuleError
from banks.forms import KeyedForm
from employment_tracking.rules import script
from employment_tracking.rules.calls import CALL_LATER_DAYS, Outcome
from iran.calendar import TEHRAN
from iran.forms import JalaliDateField, PersianCharField
from iran.text import clean, to_persian_digits

ANSWERED = "answered"
ALL_QUESTIONS = tuple(script.QUESTIONS.values())


class CallForm(KeyedForm):
    """The outcome of one call. Whoever picked up is asked the script, and his answers say the rest."""

    OUTCOMES = [
        (ANSWERED, _("Picked up")),
        (Outcome.NO_ANSWER, _("Did not pick up")),
        (Outcome.OFF, _("Off or out of reach")),
        (Outcome.WRONG_NUMBER, _("The number is wrong")),
        (Outcome.CALL_LATER, _("Call later")),
        (Outcome.REFUSED, _("Would not answer")),
    ]

    outcome = forms.ChoiceField(
        label=_("Outcome of the call"),
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the outcome of the call.")},
    )
    rest_as_registered = forms.BooleanField(label=_("All other answers are as registered"), required=False)
    call_later_on = JalaliDateField(label=_("Day of the next call"))
    call_later_hour = forms.TypedChoiceField(label=_("Hour of the next call"), coerce=int, empty_value=None)
    note = PersianCharField(
        label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2, "maxlength": 500})
    )

    def __init__(self, *args, questions=ALL_QUESTIONS, hours=range(24), **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            self.fields[question.code] = forms.ChoiceField(
                label=question.words, choices=question.answers, widget=forms.RadioSelect, required=False
            )
        self._demand_time(not self.is_bound)
        words = [(str(hour), _("%(hour)s o'clock") % {"hour": to_persian_digits(str(hour))}) for hour in hours]
        self.fields["call_later_hour"].choices = [("", _("Choose")), *words]
        self.fields["call_later_on"].help_text = _("Within the next %(days)s days") % {
            "days": to_persian_digits(str(CALL_LATER_DAYS))
        }

    def _demand_time(self, demanded: bool) -> None:
        """Shown as needed, with the outcome that needs it; the rules ask for it, not the form."""
        for name in ("call_later_on", "call_later_hour"):
            self.fields[name].required = demanded

    def clean(self) -> dict:
        given = super().clean()
        self._demand_time(True)
        outcome, answers = given.get("outcome"), {}
        if outcome == ANSWERED:
            answers = {question.code: given[question.code] for question in self.questions if given.get(question.code)}
            outcome = self._outcome_of(answers, rest_as_registered=given["rest_as_registered"])
        return given | {"outcome": outcome, "answers": answers}

    def _outcome_of(self, answers: dict, *, rest_as_registered: bool) -> str | None:
        said = {"identity": "self", "works_now": "yes"} | answers if rest_as_registered else answers
        try:
            return script.outcome_of(said)
        except RuleError as refusal:
            self.add_error(refusal.field, str(refusal))
            return None

    def call(self) -> dict:
        """What the workflow is told: arguments of ``record_call`` and ``correct``."""
        given = self.cleaned_data
        answered = bool(given["answers"]) or given["outcome"] in (Outcome.CONFIRMED, Outcome.DENIED)
        return {
            "outcome": given["outcome"],
            "answers": given["answers"],
            "rest_as_registered": answered and given["rest_as_registered"],
            "note": given["note"],
            "call_later_at": self._call_later_at(),
        }

    def _call_later_at(self) -> datetime | None:
        day, hour = self.cleaned_data.get("call_later_on"), self.cleaned_data.get("call_later_hour")
        if self.cleaned_data["outcome"] != Outcome.CALL_LATER or day is None or hour is None:
            return None
        return datetime.combine(day, time(hour), tzinfo=TEHRAN)

    def question_fields(self) -> list[forms.BoundField]:
        return [self[question.code] for question in self.questions]

    def outcome_choices(self) -> list[tuple]:
        """Each choice with the number of its key."""
        return [(choice, number) for number, choice in enumerate(self["outcome"], start=1)]

    def typed(self) -> list[dict]:
        """All that was typed, for a page that cannot take it any more."""
        later = self.data.get("outcome") == Outcome.CALL_LATER
        rows = []
        for field in self:
            if field.name.startswith("call_later") and not later:
                continue
            value = self.data.get(field.html_name, "").strip()
            if value and not field.is_hidden:
                words = dict(getattr(field.field, "choices", [])).get(value)
                rows.append({"label": field.label, "value": words or (_("Yes") if value == "on" else value)})
        return rows


class CheckForm(forms.Form):
    """A called person asks whether the call was genuine."""

    mobile_end = forms.CharField(
        label=_("Last four digits of your mobile"),
        error_messages={"required": _("Enter the last four digits of your mobile.")},
    )
    code = forms.CharField(
        label=_("Code that the caller told you"),
        help_text=_("Six digits"),
        error_messages={"required": _("Enter the code that the caller told you.")},
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, length in (("mobile_end", 4), ("code", 6)):
            self.fields[name].widget.attrs |= {
                "class": "w10 ltr", "inputmode": "numeric", "autocomplete": "off", "maxlength": length + 6,
            }  # fmt: skip

    def clean_mobile_end(self) -> str:
        return self._digits("mobile_end", 4, _("Enter four digits, the last ones of your mobile."))

    def clean_code(self) -> str:
        return self._digits("code", 6, _("The code has six digits; enter it as the caller told you."))

    def _digits(self, name: str, length: int, refusal) -> str:
        typed = clean(self.cleaned_data[name]).replace(" ", "")
        if len(typed) != length or not (typed.isascii() and typed.isdigit()):
            raise forms.ValidationError(refusal, code=f"{name}_digits")
        return typed
