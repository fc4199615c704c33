"""What the office types about a meeting."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Bank
from applicants.models import Application
from iran.forms import CountField, JalaliDateField, PersianCharField, RialField
from quotas.models import Programme
from working_group import rules
from working_group.models import Attendance, Decision, Meeting, Member

Outcome = Decision.Outcome
OUTCOME_LABELS = [
    (Outcome.APPROVE, _("Approve")),
    (Outcome.CONDITIONAL, _("Approve on a condition")),
    (Outcome.DEFER, _("Defer to the next meeting")),
    (Outcome.RESERVE, _("Put into the reserve")),
    (Outcome.REJECT, _("Reject")),
]


def attach(form: forms.Form, error: rules.RuleError) -> None:
    """Show a rule's refusal at the field it is about, else above the form."""
    form.add_error(error.field if error.field in form.fields else None, str(error))


class MeetingForm(forms.Form):
    number = CountField(label=_("Number of the meeting"), min_value=1, max_value=999)
    held_on = JalaliDateField(label=_("Date"))
    place = PersianCharField(label=_("Place"), max_length=200)
    agenda = PersianCharField(
        label=_("Agenda"), required=False, help_text=_("One item per line"), widget=forms.Textarea(attrs={"rows": 4})
    )


class DescriptionForm(MeetingForm):
    """The same for a meeting that exists; its number stands."""

    number = None
    discussion = PersianCharField(
        label=_("Summary of the discussion"), required=False, widget=forms.Textarea(attrs={"rows": 8})
    )


class AttendanceForm(forms.Form):
    """A box for every member in office, and the name of whoever came in his place."""

    def __init__(self, *args, meeting: Meeting, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.members = list(Member.objects.filter(county=meeting.programme.county_id, is_active=True))
        there = {row.member_id: row for row in Attendance.objects.filter(meeting=meeting)}
        for member in self.members:
            row = there.get(member.pk)
            self.fields[f"present_{member.pk}"] = forms.BooleanField(
                label=member.name, required=False, initial=row is not None and row.is_present
            )
            self.fields[f"deputy_{member.pk}"] = PersianCharField(
                label=_("Deputy of %(name)s") % {"name": member.name},
                required=False,
                max_length=120,
                initial=row.deputy_name if row is not None else "",
            )

    def rows(self) -> Iterable[dict]:
        for member in self.members:
            yield {"member": member, "present": self[f"present_{member.pk}"], "deputy": self[f"deputy_{member.pk}"]}

    @property
    def present(self) -> dict[int, str]:
        """Member id → deputy's name; a deputy who is named is there."""
        typed = self.cleaned_data
        return {
            member.pk: typed[f"deputy_{member.pk}"]
            for member in self.members
            if typed[f"present_{member.pk}"] or typed[f"deputy_{member.pk}"]
        }


class DecisionForm(forms.Form):
    """One decision on one name. ``seen`` carries the last decision that the page showed."""

    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=OUTCOME_LABELS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the decision")},
    )
    amount_rial = RialField(label=_("Amount"), required=False)
    bank = forms.ModelChoiceField(
        label=_("Bank"), queryset=Bank.objects.none(), required=False, empty_label=_("general pool")
    )
    reason = PersianCharField(
        label=_("Reason or condition"),
        required=False,
        max_length=500,
        help_text=_("Needed for every decision but approval and reserve; the applicant may read it"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    votes_for = CountField(
        label=_("Votes for"), required=False, max_value=99, help_text=_("Empty: all who may vote on this name")
    )
    votes_against = CountField(label=_("Votes against"), required=False, max_value=99)
    seen = forms.IntegerField(widget=forms.HiddenInput, localize=False)

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bank"].queryset = Bank.objects.filter(pools__programme=programme).order_by("name")

    def decision(self) -> dict:
        """What the workflow is asked to record."""
        typed = self.cleaned_data
        return {
            "outcome": typed["outcome"],
            "amount_rial": typed["amount_rial"],
            "bank_id": typed["bank"].pk if typed["bank"] else None,
            "reason": typed["reason"],
            "votes_for": typed["votes_for"],
            "votes_against": typed["votes_against"] or 0,
            "seen": typed["seen"],
        }


class InterestForm(forms.Form):
    member = forms.ModelChoiceField(
        label=_("Member"), queryset=Member.objects.none(), error_messages={"required": _("Choose the member")}
    )

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = Member.objects.filter(county=programme.county_id, is_active=True)


class TakeUpForm(forms.Form):
    """A name that an earlier meeting decided, to be decided anew."""

    application = forms.ModelChoiceField(
        label=_("Name"), queryset=Application.objects.none(), error_messages={"required": _("Choose the name")}
    )
    reason = PersianCharField(label=_("Why it is taken up again"), max_length=500)

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        decided = Application.objects.filter(programme=programme, status__in=rules.CORRECTABLE)
        self.fields["application"].queryset = decided.select_related("applicant").order_by("applicant__sort_name")
        self.fields["application"].label_from_instance = _decided_label


def _decided_label(application: Application) -> str:
    return f"{application.applicant} – {application.get_status_display()}"


class ReasonForm(forms.Form):
    reason = PersianCharField(label=_("Reason"), required=False, max_length=300)
