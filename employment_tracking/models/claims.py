"""Two agencies say that a person is theirs: the claim, and what the office decided."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet, everything, scoped
from employment_tracking.models.record import JobRecord


class ClaimDisputeQuerySet(ScopedQuerySet):
    def visible_to(self, user) -> "ClaimDisputeQuerySet":
        """The county's office, and both agencies: each learns of the outcome, neither sees the other's record."""
        scope = user.scope
        return self.filter(
            Q(claim__programme__county__in=scope.counties)
            | Q(claim__agency__in=scope.agencies)
            | Q(against__agency__in=scope.agencies)
        )

    def undecided(self) -> "ClaimDisputeQuerySet":
        return self.filter(status=ClaimDispute.Status.OPEN)


class ClaimDispute(models.Model):
    """A second agency's claim to a person who is counted already. ``claim`` stands as a duplicate until it is decided."""

    class Status(models.TextChoices):
        OPEN = "open", _("waiting for the office")
        KEPT = "kept", _("stays with the first agency")
        MOVED = "moved", _("given to the claiming agency")

    against = models.ForeignKey(
        JobRecord, on_delete=models.PROTECT, verbose_name=_("first record"), related_name="disputes"
    )
    claim = models.OneToOneField(
        JobRecord, on_delete=models.PROTECT, verbose_name=_("claiming record"), related_name="dispute"
    )
    reason = models.CharField(_("reason of the claim"), max_length=500)
    status = models.CharField(_("status"), max_length=5, choices=Status.choices, default=Status.OPEN, editable=False)
    claimed_at = models.DateTimeField(_("claimed at"), db_default=Now(), editable=False)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("claimed by"),
        related_name="+",
        editable=False,
    )
    decision_reason = models.CharField(_("reason of the decision"), max_length=500, blank=True, editable=False)
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("decided by"),
        related_name="+",
        null=True,
        editable=False,
    )

    objects = scoped(ClaimDisputeQuerySet)
    everything = everything(ClaimDisputeQuerySet)

    class Meta:
        verbose_name = _("claim dispute")
        verbose_name_plural = _("claim disputes")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="claimdispute_of_two_records", condition=~Q(against=models.F("claim"))),
            models.CheckConstraint(name="claimdispute_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="claimdispute_decided_with_reason",
                condition=Q(status="open", decided_at=None, decided_by=None, decision_reason="")
                | ~Q(status="open") & Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(decision_reason=""),
            ),
        ]
        indexes = [models.Index(fields=["against"], name="claimdispute_open", condition=Q(status="open"))]

    def __str__(self) -> str:
        return str(self.claim)
