"""The Excel lists that agencies send, as they came in and what was found in them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import ExecutiveAgency
from accounts.scoping import everything, scoped
from background.models import BackgroundTask, StoredFile
from quotas.models import Programme
from quotas.models.programme import OfProgrammeQuerySet


class ImportedListQuerySet(OfProgrammeQuerySet):
    def visible_to(self, user) -> "ImportedListQuerySet":
        scope = user.scope
        return self.filter(Q(programme__county__in=scope.counties) | Q(agency__in=scope.agencies, agency__isnull=False))


class ImportedList(models.Model):
    """One uploaded file: checked first, then its valid rows are registered, all together or not at all."""

    class Kind(models.TextChoices):
        APPLICANTS = "applicants", _("applicants")
        JOBS = "jobs", _("jobs")
        EMPLOYEES = "employees", _("state employees")
        INSURED = "insured", _("people insured by an employer")

    class Status(models.TextChoices):
        CHECKING = "checking", _("being checked")
        CHECKED = "checked", _("ready to register")
        REGISTERED = "registered", _("registered")
        UNREADABLE = "unreadable", _("could not be read")
        CANCELLED = "cancelled", _("cancelled")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, verbose_name=_("programme"), related_name="imported_lists"
    )
    agency = models.ForeignKey(
        ExecutiveAgency, on_delete=models.PROTECT, verbose_name=_("agency"), related_name="+", null=True, blank=True
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, verbose_name=_("file"), related_name="+")
    file_sha256 = models.CharField(_("digest of the file"), max_length=64)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.CHECKING)
    rows_read = models.PositiveIntegerField(_("rows read"), default=0)
    rows_valid = models.PositiveIntegerField(_("valid rows"), default=0)
    rows_faulty = models.PositiveIntegerField(_("faulty rows"), default=0)
    rows_corrected = models.PositiveIntegerField(_("corrected rows"), default=0)
    findings = models.JSONField(_("findings"), default=list)
    counts = models.JSONField(_("findings by code"), default=dict)
    message = models.CharField(_("message"), max_length=500, blank=True)
    task = models.ForeignKey(
        BackgroundTask,
        on_delete=models.PROTECT,
        verbose_name=_("background task"),
        related_name="+",
        null=True,
        blank=True,
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), db_default=Now())
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("uploaded by"), related_name="+", null=True
    )
    registered_at = models.DateTimeField(_("registered at"), null=True)

    objects = scoped(ImportedListQuerySet)
    everything = everything(ImportedListQuerySet)

    class Meta:
        verbose_name = _("list from Excel")
        verbose_name_plural = _("lists from Excel")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "kind", "file_sha256"],
                condition=Q(status="registered"),
                name="importedlist_file_registered_once",
            ),
            models.CheckConstraint(
                name="importedlist_registered_with_its_moment",
                condition=Q(status="registered", registered_at__isnull=False)
                | (~Q(status="registered") & Q(registered_at=None)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.file)
