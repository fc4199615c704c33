"""What the office may write about an agency's quota: its letters and its monthly plan."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from iran.calendar import format_jalali_long, programme_today
from iran.money import grouped_fa
from quotas.models import JobQuota, JobQuotaNotice


class NoticeForm(forms.ModelForm):
    """A notice of a quota is a letter: its number and day are asked for; an objection is told in the note."""

    class Meta:
        model = JobQuotaNotice
        fields = ["jobs", "effective_on", "letter_number", "letter_on", "dispute", "note"]

    def clean(self) -> dict:
        cleaned = super().clean()
        if not self.has_changed():
            return cleaned
        if not cleaned.get("letter_number") and "letter_number" not in self.errors:
            self.add_error("letter_number", ValidationError(_("Enter the number of the letter."), code="required"))
        self._check_days(cleaned)
        if cleaned.get("dispute", "none") != JobQuotaNotice.Dispute.NONE and not cleaned.get("note", "").strip():
            words = _("Write in the note who objected and what came of it.")
            self.add_error("note", ValidationError(words, code="note_missing"))
        return cleaned

    def _check_days(self, cleaned: dict) -> None:
        written = cleaned.get("letter_on")
        if written is None and "letter_on" not in self.errors:
            self.add_error("letter_on", ValidationError(_("Enter the date of the letter."), code="required"))
        if written is not None and written > programme_today():
            self.add_error("letter_on", ValidationError(_("The letter's date must be today or before."), code="future"))


class NoticeFormSet(BaseInlineFormSet):
    """At least one letter: without it an agency owes nothing and the page would say so in silence."""

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            self._check_in_programme(form)
        if any(self.errors):
            return
        stored = self.instance.pk is not None and self.instance.notices.exists()
        if not stored and not any(form.cleaned_data.get("effective_on") for form in self.forms):
            raise ValidationError(_("Write the letter that sets the quota: jobs, day and number."), code="no_notice")

    def _check_in_programme(self, form: NoticeForm) -> None:
        programme = self.instance.programme if self.instance.programme_id else None
        in_force = getattr(form, "cleaned_data", {}).get("effective_on") if form.has_changed() else None
        if programme is None or in_force is None or programme.opens_on <= in_force <= programme.closes_on:
            return
        words = _("A quota is in force within the programme: from %(first)s to %(last)s.")
        days = {"first": format_jalali_long(programme.opens_on), "last": format_jalali_long(programme.closes_on)}
        form.add_error("effective_on", ValidationError(words % days, code="outside_programme"))


class PlanFormSet(BaseInlineFormSet):
    """A plan is for twelve different months."""

    def get_unique_error_message(self, unique_check) -> str:
        return str(_("A month of the plan is written twice; keep one of them."))

    def get_form_error(self) -> str:
        return str(_("This month is written above already."))


def plan_beside_quota(quota: JobQuota) -> str:
    """A sentence where the plan of the whole year does not add up to the quota in force; empty where it does."""
    newest = quota.notices.filter(effective_on__lte=programme_today()).order_by("-effective_on", "-pk").first()
    months = [month.jobs for month in quota.plan_months.all()]
    if newest is None or not months or sum(months) == newest.jobs:
        return ""
    words = _(
        "The months of the plan add up to %(planned)s jobs, and the quota in force is %(jobs)s. Correct the plan."
    )
    return str(words % {"planned": grouped_fa(sum(months)), "jobs": grouped_fa(newest.jobs)})
