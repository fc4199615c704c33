"""The reserve list in its order, and who is next when credit is freed."""

from dataclasses import dataclass

from django.db.models import Case, IntegerField, Max, QuerySet, Value, When
from django.utils.functional import cached_property

from applicants.models import Application
from quotas.models import CreditPool, Programme

Status = Application.Status


def waiting_for_credit(programme_id: int) -> QuerySet[Application]:
    """The reserve in its order: who moves up when credit is freed.

    First whoever was approved before and found no credit left for a second referral, then the list that was signed
    earlier, in its own order: ranks of two lists do not compare. A name that a bank has just refused is not here: it may
    be referred again, and the credit it gave back is proposed to the next.
    """
    rows = Application.everything.filter(programme_id=programme_id, status=Status.RESERVE)
    first = Case(When(approved_rial=None, then=Value(1)), default=Value(0), output_field=IntegerField())
    rows = rows.annotate(listed_at=Max("agenda_items__meeting__signed_at")).order_by(first, "listed_at", "rank", "id")
    return rows.select_related("applicant", "wished_bank")


@dataclass(frozen=True)
class Reserve:
    """The reserve as its page shows it: who waits in which order, what is free, whose condition is open."""

    waiting: QuerySet[Application]
    pools: list[CreditPool]
    conditional: list[Application]

    @cached_property
    def next_up(self) -> Application | None:
        return self.waiting.first()

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
        waiting=waiting,
        pools=list(CreditPool.everything.filter(programme=programme).select_related("bank").order_by("pk")),
        conditional=list(conditional.select_related("applicant", "line", "agency").order_by("rank", "pk")),
    )
