"""The trail that the database itself writes: one row for every insert, update and delete of a business row.

The triggers are attached by :class:`audit.operations.Track` in the migrations of the apps. The site's database role
may read the trail and nothing else; the trigger function runs with the owner's rights.
"""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class AuditEntryQuerySet(models.QuerySet):
    def of(self, instance: models.Model) -> "AuditEntryQuerySet":
        """The history of one row, newest first."""
        return self.filter(table_name=instance._meta.db_table, row_id=str(instance.pk)).order_by("-version")


class AuditEntry(models.Model):
    """One change of one row: who, when, from what to what.

    Entries of one row are numbered and chained (``digest`` covers the previous digest), which needs no lock beyond the
    one that the change itself takes. ``actor_id`` is no foreign key, so that history never blocks life.
    """

    class Operation(models.TextChoices):
        INSERT = "I", _("added")
        UPDATE = "U", _("changed")
        DELETE = "D", _("deleted")

    at = models.DateTimeField(_("at"), db_default=Now())
    transaction = models.BigIntegerField(_("transaction"))
    actor_id = models.BigIntegerField(_("user"), null=True)
    context = models.CharField(_("context"), max_length=200, blank=True)
    table_name = models.CharField(_("table"), max_length=63)
    row_id = models.CharField(_("row"), max_length=40)
    version = models.PositiveIntegerField(_("version"))
    operation = models.CharField(_("operation"), max_length=1, choices=Operation.choices)
    old = models.JSONField(_("before"), null=True)
    new = models.JSONField(_("after"), null=True)
    digest = models.BinaryField(_("digest"))

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")
        constraints = [
            models.UniqueConstraint(fields=["table_name", "row_id", "version"], name="auditentry_one_version_per_row"),
        ]
        indexes = [models.Index(fields=["transaction"], name="auditentry_transaction")]

    def __str__(self) -> str:
        return f"{self.table_name}:{self.row_id}#{self.version}"


class AuditSeal(models.Model):
    """A closed stretch of the trail: how many entries its transactions wrote, and a digest over all of them.

    Seals form a chain. They catch what the per-row chains cannot: a row whose whole history was removed with it.
    """

    sealed_at = models.DateTimeField(_("sealed at"), db_default=Now())
    below_transaction = models.BigIntegerField(_("covers transactions below"), unique=True)
    entries = models.PositiveIntegerField(_("entries"))
    digest = models.BinaryField(_("digest"))

    class Meta:
        verbose_name = _("audit seal")
        verbose_name_plural = _("audit seals")
        ordering = ["below_transaction"]

    def __str__(self) -> str:
        return f"<{self.below_transaction}: {self.entries}"
