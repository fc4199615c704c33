"""Records sent back to their agency: what is asked, and when it was mended."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.scoping import everything, scoped
from employment_tracking.models.record import JobRecord, OfRecordQuerySet


class RecordReturnQuerySet(OfRecordQuerySet):
    def waiting(self) -> "RecordReturnQuerySet":
        """What the agency has not mended yet."""
        return self.filter(mended_at=None)


class RecordReturn(models.Model):
    """A record sent back («برگشت‌خورده») by the office, an operator or a gateway that says the number is none."""

    class Cause(models.TextChoices):
        MOBILE = "mobile", _("the mobile number is wrong")
        EVIDENCE = "evidence", _("a paper or picture is missing or cannot be read")
        OTHER = "other", _("as noted")

    record = models.ForeignKey(
        JobRecord, on_delete=models.PROTECT, verbose_name=_("job record"), related_name="returns"
    )
    cause = models.CharField(_("cause"), max_length=8, choices=Cause.choices)
    note = models.CharField(_("note"), max_length=500, blank=True)
    asked_at = models.DateTimeField(_("sent back at"), db_default=Now())
    # nobody: the gateway or the ladder found it
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("sent back by"), related_name="+", null=True
    )
    mended_at = models.DateTimeField(_("mended at"), null=True)
    mended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("mended by"), related_name="+", null=True
    )

    objects = scoped(RecordReturnQuerySet)
    everything = everything(RecordReturnQuerySet)

    class Meta:
        verbose_name = _("return of a job record")
        verbose_name_plural = _("returns of job records")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=Q(mended_at=None), name="recordreturn_one_waiting_per_record"
            ),
            models.CheckConstraint(
                name="recordreturn_mended_by_somebody",
                condition=Q(mended_at=None, mended_by=None) | Q(mended_at__isnull=False, mended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.note or self.get_cause_display()
