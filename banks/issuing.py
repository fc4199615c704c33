"""Preparing a batch of referrals: who is ready, where each would go, which ready priority names it passes over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from accounts.models import Branch
from applicants.models import Application
from banks.batches import Order
from banks.readiness import readiness
from quotas.models import AgentBank, Commitment, Programme

MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Ready:
    """A ready name with the branch that is proposed: of its commitment's bank, else of the bank it wishes."""

    application: Application
    branch_id: int | None
    amount_rial: int
    has_credit: bool


def branches_of(programme: Programme) -> list[Branch]:
    """Open branches of the year's agent banks that serve the county."""
    banks = AgentBank.objects.filter(programme=programme).values("bank_id")
    rows = Branch.objects.filter(county_id=programme.county_id, is_open=True, bank_id__in=banks)
    return list(rows.select_related("bank").order_by("bank__name", "name"))


def ready_names(programme: Programme, *, today: date) -> list[Ready]:
    """Every ready name in the order of referral: supporters and pioneers first, then by rank."""
    names = [one.application for one in readiness(programme, today=today) if one.is_ready]
    held = {
        commitment.application_id: commitment
        for commitment in Commitment.everything.filter(
            application_id__in=[name.pk for name in names], stage__in=Commitment.LIVE
        ).select_related("pool")
    }
    first_branch: dict[int, int] = {}
    for branch in branches_of(programme):
        first_branch.setdefault(branch.bank_id, branch.pk)
    names.sort(key=lambda name: (not name.is_priority, name.rank or 0, name.pk))
    return [_ready(name, held.get(name.pk), first_branch) for name in names]


def _ready(name: Application, commitment: Commitment | None, first_branch: Mapping[int, int]) -> Ready:
    bank_id = commitment.pool.bank_id if commitment is not None else None
    return Ready(
        application=name,
        branch_id=first_branch.get(bank_id or name.wished_bank_id),
        amount_rial=name.approved_rial,
        has_credit=commitment is not None,
    )


def orders(ready: list[Ready], *, posted: Mapping[str, str], chosen: set[str], common_number: str) -> list[Order]:
    """The chosen names, each with its own branch and number or the batch's common number, in the order of referral."""
    return [
        Order(
            application_id=one.application.pk,
            branch_id=_number(posted.get(f"branch-{one.application.pk}")) or one.branch_id or 0,
            letter_number=posted.get(f"number-{one.application.pk}", "").strip() or common_number,
        )
        for one in ready
        if str(one.application.pk) in chosen
    ]


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def passed_over(ready: list[Ready], chosen: set[str]) -> list[Application]:
    """Ready supporters and pioneers that are left out while somebody without priority is chosen (A4)."""
    if all(one.application.is_priority for one in ready if str(one.application.pk) in chosen):
        return []
    return [one.application for one in ready if one.application.is_priority and str(one.application.pk) not in chosen]
