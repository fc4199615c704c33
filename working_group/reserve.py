"""The reserve list in its order, and who is next when credit is freed."""

from dataclasses import dataclass

from django.db.models import Case, Exists, IntegerField, Max, OuterRef, QuerySet, Value, When

from applicants.models import Application
from quotas.models import Commitment, CreditPool, Programme

Status = Application.Status


def waiting_for_credit(programme_id: int) -> QuerySet[Application]:
    """Names that wait for free credit: first those approved whose referral ended unpaid, then the reserve.

    Within each, the list that was signed earlier comes first, and its own order holds: ranks of two lists do not compare.
    """
    held = Commitment.everything.filter(application_id=OuterRef("pk"), stage__in=Commitment.LIVE)
    rows = Application.everything.filter(programme_id=programme_id, status__in=[Status.APPROVED, Status.RESERVE])
    rows = rows.filter(~Exists(held)).select_related("applicant", "wished_bank")
    first = Case(When(status=Status.APPROVED, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.annotate(listed_at=Max("agenda_items__meeting__signed_at")).order_by(first, "listed_at", "rank", "id")


@dataclass(frozen=True)
class Reserve:
    """The reserve as its page shows it: who waits in which order, what is free, whose condition is open."""

    waiting: list[Application]
    pools: list[CreditPool]
    conditional: list[Application]

    @property
    def next_up(self) -> Application | None:
        return self.waiting[0] if self.waiting else None

    @property
    def next_fits(self) -> bool:
        """Does any pool have enough for whoever is next?"""
        if self.next_up is None:
            return False
        amount = self.next_up.approved_rial or self.next_up.requested_rial
        return any(pool.left_rial >= amount for pool in self.pools)


def reserve_of(programme: Programme) -> Reserve:
    """The reserve of a programme that the caller may see."""
    waiting = waiting_for_credit(programme.pk).select_related("applicant", "wished_bank", "line", "agency")
    conditional = Application.everything.filter(programme=programme, status=Status.CONDITIONAL)
    return Reserve(
        waiting=list(waiting),
        pools=list(CreditPool.everything.filter(programme=programme).select_related("bank").order_by("pk")),
        conditional=list(conditional.select_related("applicant", "line", "agency").order_by("rank", "pk")),
    )
