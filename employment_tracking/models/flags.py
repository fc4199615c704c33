"""What the automatic checks found about a record. A flag hides nothing: it decides how the record is verified."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet, everything, scoped
from employment_tracking.models.record import JobRecord


class FlagCode(models.TextChoices):
    """The named rules, as they stand in the year's rules ``flags_to_phone`` and ``flags_to_field`` too."""

    PERSON_OF_OTHER_AGENCY = "person_of_other_agency", _("another agency claims this person")
    MOBILE_SHARED = "mobile_shared", _("mobile on several records")
    MOBILE_OF_STAFF = "mobile_of_staff", _("mobile of the registrar or a colleague")
    START_OUTSIDE_YEAR = "start_outside_year", _("work began outside the year")
    AGE_IMPOSSIBLE = "age_impossible", _("age does not fit work")
    LINE_UNAPPROVED = "line_unapproved", _("line not approved")
    LINE_RESTRICTED = "line_restricted", _("line excluded this year")
    ADDRESS_CLUSTER = "address_cluster", _("many jobs at one address")
    HOUSEHOLD_OF_SUPPORTER = "household_of_supporter", _("workers of one household")
    STATE_EMPLOYEE = "state_employee", _("state employee")
    INSURED_ELSEWHERE = "insured_elsewhere", _("insured by another employer")


class RecordFlagQuerySet(ScopedQuerySet):
    # An agency is shown what it can mend with an honest correction. What points at a fraud (its own staff's numbers,
    # one household, one address) or comes from another body's list is the office's alone: told, it would be evaded.
    FOR_AGENCIES = (
        FlagCode.MOBILE_SHARED,
        FlagCode.START_OUTSIDE_YEAR,
        FlagCode.AGE_IMPOSSIBLE,
        FlagCode.LINE_UNAPPROVED,
        FlagCode.LINE_RESTRICTED,
    )

    def visible_to(self, user) -> "RecordFlagQuerySet":
        scope = user.scope
        return self.filter(
            Q(record__programme__county__in=scope.counties)
            | Q(record__agency__in=scope.agencies, code__in=self.FOR_AGENCIES)
        )

    def live(self) -> "RecordFlagQuerySet":
        """Flags whose cause stands."""
        return self.filter(cleared_at=None)


class RecordFlag(models.Model):
    """One finding of one rule about one record. It clears by itself when the cause is gone, and stays as history."""

    Code = FlagCode

    class Severity(models.TextChoices):
        NOTE = "note", _("note")
        SUSPICION = "suspicion", _("suspicion")
        SERIOUS = "serious", _("serious")

    record = models.ForeignKey(JobRecord, on_delete=models.PROTECT, verbose_name=_("job record"), related_name="flags")
    code = models.CharField(_("rule"), max_length=24, choices=FlagCode.choices)
    severity = models.CharField(_("severity"), max_length=9, choices=Severity.choices)
    detail = models.JSONField(_("detail"), default=dict)
    found_at = models.DateTimeField(_("found at"), db_default=Now())
    cleared_at = models.DateTimeField(_("cleared at"), null=True)

    objects = scoped(RecordFlagQuerySet)
    everything = everything(RecordFlagQuerySet)

    class Meta:
        verbose_name = _("flag of a job record")
        verbose_name_plural = _("flags of job records")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "code"], condition=Q(cleared_at=None), name="recordflag_one_live_per_rule"
            ),
            models.CheckConstraint(
                name="recordflag_cleared_after_found",
                condition=Q(cleared_at=None) | Q(cleared_at__gte=models.F("found_at")),
            ),
        ]
        indexes = [models.Index(fields=["code"], name="recordflag_live", condition=Q(cleared_at=None))]

    def __str__(self) -> str:
        return self.get_code_display()
