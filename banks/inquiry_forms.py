"""Forms of the inquiries."""

from django import forms
from django.utils.translation import gettext_lazy as _

from applicants.models import Inquiry
from banks.scans import ScanField
from iran.forms import JalaliDateField, PersianCharField
from quotas.models import InquiryKind


class InquiryAnswerForm(forms.Form):
    """The answer of the body that was asked; the same for one inquiry and for many."""

    RESULTS = [choice for choice in Inquiry.Result.choices if choice[0] != Inquiry.Result.PENDING]

    result = forms.ChoiceField(
        label=_("Result"),
        choices=RESULTS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the result")},
    )
    answered_on = JalaliDateField(label=_("Day of the answer"))
    answer_letter = PersianCharField(label=_("Letter of the answer"), max_length=50, required=False)
    valid_until = JalaliDateField(
        label=_("Holds until"), required=False, help_text=_("If left empty, as many days as the year's rules say")
    )
    note = PersianCharField(label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    scan = ScanField(label=_("Scan of the answer"), required=False)

    def __init__(self, *args, today, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answered_on"].max_value = today
        self.fields["answered_on"].initial = today

    def clean(self) -> dict:
        cleaned = super().clean()
        answered_on, valid_until = cleaned.get("answered_on"), cleaned.get("valid_until")
        if answered_on and valid_until and valid_until < answered_on:
            self.add_error("valid_until", _("The day until which the answer holds must not be before the answer."))
        return cleaned


class ManyAnswersForm(InquiryAnswerForm):
    """One answer for the waiting inquiries of many names."""

    kind = forms.ChoiceField(label=_("Inquiry"), error_messages={"required": _("Choose the inquiry")})
    field_order = ["kind"]

    def __init__(self, *args, kinds: list[str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        every = [("", _("Choose")), ("all", _("all that wait for an answer"))]
        self.fields["kind"].choices = every + [(kind, InquiryKind(kind).label) for kind in kinds]


class RejectForm(forms.Form):
    reason = PersianCharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The applicant may read it."),
        error_messages={"required": _("Write the reason; the applicant may read it.")},
    )
