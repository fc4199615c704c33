"""The papers and pictures that show a job: a photo, the contract, an invoice."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.scoping import everything, scoped
from background.models import StoredFile
from employment_tracking.models.record import JobRecord, OfRecordQuerySet


class JobEvidence(models.Model):
    """One file that shows a job. Added, never exchanged: a better one is added beside it."""

    class Kind(models.TextChoices):
        PHOTO = "photo", _("photo of the workplace")
        CONTRACT = "contract", _("contract")
        INVOICE = "invoice", _("invoice")

    record = models.ForeignKey(
        JobRecord, on_delete=models.PROTECT, verbose_name=_("job record"), related_name="evidence"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, verbose_name=_("file"), related_name="+")
    added_at = models.DateTimeField(_("added at"), db_default=Now(), editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("added by"), related_name="+", null=True
    )

    objects = scoped(OfRecordQuerySet)
    everything = everything(OfRecordQuerySet)

    class Meta:
        verbose_name = _("evidence of a job")
        verbose_name_plural = _("evidence of jobs")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["record", "file"], name="jobevidence_file_once")]

    def __str__(self) -> str:
        return self.get_kind_display()
