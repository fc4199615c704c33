"""Forms of the bank's desk and of the office's referrals. Limits that the rules know are left to the rules."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from banks.models import Referral, RefusalReason
from iran.forms import JalaliDateField, PersianCharField, RialField

CONFIRM, DECLINE, DOCUMENTS = "confirm", "decline", "documents"


def new_key() -> str:
    """A key for a form that is shown, so that sending it twice acts once."""
    return uuid.uuid4().hex


class KeyedForm(forms.Form):
    """A form that acts once however often it is sent: it carries a key made when it was shown."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64, initial=new_key)


class AnswerForm(KeyedForm):
    """What the bank answers to a referral that waits. Nothing is chosen beforehand."""

    ANSWERS = [
        (CONFIRM, _("Confirm and open a file")),
        (DECLINE, _("Decline")),
        (DOCUMENTS, _("Documents are needed: return to the office")),
    ]

    answer = forms.ChoiceField(
        label=_("The bank's answer"),
        choices=ANSWERS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the bank's answer")},
    )
    payable_rial = RialField(label=_("Amount to be paid (rial)"))
    reason = PersianCharField(
        label=_("Why less than the approved amount"), max_length=300, required=False, help_text=_("If it is less")
    )
    file_number = PersianCharField(label=_("File number at the bank"), max_length=50, required=False)
    refusal_reason = forms.ChoiceField(
        label=_("Reason of the refusal"),
        choices=[("", _("Choose")), *RefusalReason.choices],
        error_messages={"required": _("Choose the reason of the refusal.")},
    )
    note = PersianCharField(
        label=_("Note"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For «other», and for the documents that are missing"),
    )

    # Which fields belong to which answer: the style sheet shows them with it, and only then are they asked for.
    OF_CONFIRM, OF_DECLINE = ("payable_rial", "reason", "file_number"), ("refusal_reason",)

    def __init__(self, *args, referral: Referral, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payable_rial"].initial = referral.amount_rial
        self.fields["payable_rial"].widget.attrs["class"] = "w20"
        if self.is_bound:
            answer = self.data.get("answer")
            self.fields["payable_rial"].required = answer == CONFIRM
            self.fields["refusal_reason"].required = answer == DECLINE
        if referral.status != Referral.Status.ISSUED:
            self.fields["answer"].choices = self.ANSWERS[1:]
            for name in self.OF_CONFIRM:
                del self.fields[name]

    def fields_of_confirm(self) -> list[forms.BoundField]:
        return [self[name] for name in self.OF_CONFIRM if name in self.fields]

    def fields_of_decline(self) -> list[forms.BoundField]:
        return [self[name] for name in self.OF_DECLINE]


class FileForm(KeyedForm):
    """The number of the file that the bank opened."""

    file_number = PersianCharField(
        label=_("File number at the bank"),
        max_length=50,
        error_messages={"required": _("Enter the number of the file")},
    )


class PaymentForm(KeyedForm):
    """Money that the bank paid, whole or in part."""

    contract_number = PersianCharField(
        label=_("Contract number"), max_length=50, error_messages={"required": _("Enter the number of the contract")}
    )
    paid_on = JalaliDateField(label=_("Day of payment"))
    amount_rial = RialField(label=_("Amount paid (rial)"), min_value=1)
    is_final = forms.BooleanField(
        label=_("This is the last payment; what is left of the approved amount is given back"), required=False
    )


class CancelForm(KeyedForm):
    """The office takes a referral back."""

    reason = PersianCharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write why the referral is taken back.")},
    )


class IssueForm(KeyedForm):
    """What the letters of a batch have in common."""

    letter_number = PersianCharField(
        label=_("Letter number"),
        max_length=50,
        required=False,
        help_text=_(
            "As the office automation gave it. It stands for every name that has no number of its own in the list."
        ),
    )
    letter_on = JalaliDateField(label=_("Date of the letter"))
    passed_over_reason = PersianCharField(
        label=_("Why ready supporters or pioneers are passed over"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Needed only when a ready supporter or pioneer is not among the chosen names. It is printed in the letter."
        ),
    )
