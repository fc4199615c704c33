"""The jobs that each executive agency owes in a year, and by when."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import ExecutiveAgency
from accounts.scoping import everything, scoped
from iran.calendar import MONTH_NAMES
from iran.fields import JalaliDateField
from iran.money import grouped_fa
from quotas.models.programme import OfProgrammeQuerySet, Programme


class JobQuotaQuerySet(OfProgrammeQuerySet):
    def visible_to(self, user) -> "JobQuotaQuerySet":
        scope = user.scope
        return self.filter(Q(programme__county__in=scope.counties) | Q(agency__in=scope.agencies))


class JobQuota(models.Model):
    """What one agency owes in one programme. The number itself is in its dated notices."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, verbose_name=_("programme"), related_name="job_quotas"
    )
    agency = models.ForeignKey(
        ExecutiveAgency, on_delete=models.PROTECT, verbose_name=_("agency"), related_name="job_quotas"
    )

    objects = scoped(JobQuotaQuerySet)
    everything = everything(JobQuotaQuerySet)

    class Meta:
        verbose_name = _("job quota")
        verbose_name_plural = _("job quotas")
        ordering = ["agency__name"]
        constraints = [models.UniqueConstraint(fields=["programme", "agency"], name="jobquota_once_per_agency")]

    named_by = ("agency", "programme__county")

    def __str__(self) -> str:
        return f"{self.agency} – {self.programme}"


class JobQuotaNotice(models.Model):
    """A letter that sets an agency's quota anew from a day on (ابلاغ سهمیه). The newest one in force counts.

    An agency objects through its provincial manager (docs/sources.md#monitoring); until a later letter changes it, a
    quota that is objected to is owed.
    """

    class Dispute(models.TextChoices):
        NONE = "none", _("no objection")
        OBJECTED = "objected", _("objected, under review")
        UPHELD = "upheld", _("objection refused, the quota stands")
        CHANGED = "changed", _("objection accepted, changed by a later letter")

    quota = models.ForeignKey(JobQuota, on_delete=models.PROTECT, verbose_name=_("job quota"), related_name="notices")
    jobs = models.PositiveIntegerField(_("jobs owed in the year"))
    effective_on = JalaliDateField(_("in force from"))
    letter_number = models.CharField(_("letter number"), max_length=50, blank=True)
    letter_on = JalaliDateField(_("date of the letter"), null=True, blank=True)
    dispute = models.CharField(_("objection"), max_length=8, choices=Dispute.choices, default=Dispute.NONE)
    note = models.CharField(
        _("note"),
        max_length=300,
        blank=True,
        help_text=_("of an objection: whose letter, what it says, what was decided"),
    )

    class Meta:
        verbose_name = _("quota notice")
        verbose_name_plural = _("quota notices")
        ordering = ["effective_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["quota", "effective_on"], name="jobquotanotice_one_per_day"),
            models.CheckConstraint(
                name="jobquotanotice_objection_has_a_note",
                condition=Q(dispute="none") | ~Q(note=""),
                violation_error_message=_("Write in the note who objected and what came of it."),
            ),
        ]

    def __str__(self) -> str:
        return grouped_fa(self.jobs)


class JobPlanMonth(models.Model):
    """The jobs that an agency plans to create in one month of the programme's year."""

    quota = models.ForeignKey(
        JobQuota, on_delete=models.PROTECT, verbose_name=_("job quota"), related_name="plan_months"
    )
    month = models.PositiveSmallIntegerField(_("month"), validators=[MinValueValidator(1), MaxValueValidator(12)])
    jobs = models.PositiveIntegerField(_("jobs planned in the month"))

    class Meta:
        verbose_name = _("month of the plan")
        verbose_name_plural = _("monthly plan")
        ordering = ["month"]
        constraints = [
            models.UniqueConstraint(fields=["quota", "month"], name="jobplanmonth_once"),
            models.CheckConstraint(name="jobplanmonth_real_month", condition=Q(month__gte=1, month__lte=12)),
        ]

    def __str__(self) -> str:
        month = (
            MONTH_NAMES[self.month - 1] if 1 <= self.month <= len(MONTH_NAMES) else self.month
        )  # as typed, unchecked
        return f"{month}: {grouped_fa(self.jobs)}"
