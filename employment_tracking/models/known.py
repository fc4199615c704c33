"""People of whom another body's list says that they are employed already."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet, everything, scoped
from applicants.models import ImportedList
from iran.fields import NationalIdField, national_id_ok_check


class KnownWorkerQuerySet(ScopedQuerySet):
    def visible_to(self, user) -> "KnownWorkerQuerySet":
        """Another body's list is the office's alone; an agency sees neither the list nor what was found by it."""
        return self.filter(imported_list__programme__county__in=user.scope.counties)


class KnownWorker(models.Model):
    """One row of an uploaded list of state employees or of insured people. It counts while its list stands."""

    imported_list = models.ForeignKey(
        ImportedList, on_delete=models.PROTECT, verbose_name=_("list"), related_name="known_workers"
    )
    national_id = NationalIdField(_("national ID"))
    employer = models.CharField(_("employer"), max_length=150, blank=True)

    objects = scoped(KnownWorkerQuerySet)
    everything = everything(KnownWorkerQuerySet)

    class Meta:
        verbose_name = _("person employed elsewhere")
        verbose_name_plural = _("people employed elsewhere")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["national_id", "imported_list"], name="knownworker_once_per_list"),
            models.CheckConstraint(
                name="knownworker_national_id_checks", condition=national_id_ok_check("national_id")
            ),
        ]

    def __str__(self) -> str:
        return self.national_id
