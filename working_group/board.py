"""What the meeting's page shows: the names in their order, what each pool has left, and what is still to do."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from applicants.models import Application
from quotas.models import CreditPool
from working_group import rules
from working_group.models import AgendaItem, Decision, Interest, Meeting
from working_group.workflow.session import quorum_of
from working_group.workflow.signing import commitments_held, decisions_in_force

Outcome = Decision.Outcome


@dataclass(frozen=True)
class Line:
    """One name on the agenda with what was decided on it, if it counts."""

    item: AgendaItem
    decision: Decision | None
    has_left: bool  # withdrawn since the agenda was drawn up

    @property
    def application(self) -> Application:
        return self.item.application

    @property
    def is_open(self) -> bool:
        return self.decision is None and not self.has_left

    @property
    def interests(self) -> list[str]:
        return [interest.member.name for interest in self.item.interests.all()]

    @property
    def needs_a_look(self) -> bool:
        """Something speaks against deciding it together with the others."""
        return bool(self.item.flags or self.interests)


@dataclass(frozen=True)
class PoolSum:
    """A pool during the meeting (rial): what is left now, what was decided, what is still proposed."""

    pool: CreditPool
    left_rial: int
    decided_rial: int
    proposed_rial: int

    @property
    def left_after_rial(self) -> int:
        return self.left_rial - self.decided_rial - self.proposed_rial

    @property
    def is_short(self) -> bool:
        return self.left_after_rial < 0


@dataclass(frozen=True)
class Board:
    meeting: Meeting
    lines: list[Line]
    pools: list[PoolSum]
    quorum: rules.Quorum

    @property
    def above(self) -> list[Line]:
        return [line for line in self.lines if line.item.within_credit]

    @property
    def below(self) -> list[Line]:
        """The names that the credit does not reach, in the order of the reserve."""
        return [line for line in self.lines if not line.item.within_credit]

    @property
    def open_lines(self) -> list[Line]:
        return [line for line in self.lines if line.is_open]

    @property
    def unflagged(self) -> list[Line]:
        """Whom «approve all without obstacle» would meet; the workflow asks the database for the same."""
        return [line for line in self.above if line.is_open and not line.needs_a_look and line.item.never_decided]

    @property
    def below_open(self) -> list[Line]:
        return [line for line in self.below if line.is_open and not line.interests and line.item.never_decided]

    @property
    def outcomes(self) -> list[dict]:
        """How many names, and how much, by what was decided."""
        decided = [line.decision for line in self.lines if line.decision is not None and not line.has_left]
        counts = Counter(decision.outcome for decision in decided)
        return [
            {
                "outcome": outcome,
                "label": Outcome(outcome).label,
                "names": counts[outcome],
                "rial": sum(d.amount_rial or 0 for d in decided if d.outcome == outcome),
            }
            for outcome in Outcome.values
            if counts[outcome]
        ]

    @property
    def total(self) -> PoolSum:
        """All pools together."""
        return PoolSum(
            pool=None,
            left_rial=sum(row.left_rial for row in self.pools),
            decided_rial=sum(row.decided_rial for row in self.pools),
            proposed_rial=sum(row.proposed_rial for row in self.pools),
        )


def board(meeting: Meeting) -> Board:
    """Read a meeting that the caller may see. The number of queries does not grow with the names."""
    lines = _lines(meeting)
    return Board(meeting=meeting, lines=lines, pools=_pool_sums(meeting, lines), quorum=quorum_of(meeting))


def _lines(meeting: Meeting) -> list[Line]:
    counting = {decision.item_id: decision for decision in decisions_in_force(meeting)}
    ever = set(Decision.everything.filter(item__meeting=meeting).values_list("item_id", flat=True))
    items = AgendaItem.everything.filter(meeting=meeting).select_related(
        "application__applicant",
        "application__line",
        "application__agency",
        "application__wished_bank",
        "proposed_bank",
    )
    items = items.prefetch_related(Prefetch("interests", Interest.everything.select_related("member"))).order_by("rank")
    lines, left = [], _left_names(meeting, items)
    for item in items:
        item.never_decided = item.pk not in ever
        lines.append(Line(item=item, decision=counting.get(item.pk), has_left=item.application_id in left))
    return lines


def _left_names(meeting: Meeting, items: Iterable[AgendaItem]) -> set[int]:
    """Applications that withdrew: before signing their state tells, afterwards, when states move on, the minutes do."""
    if meeting.status == Meeting.Status.SIGNED:
        there = {name["tracking_code"] for name in meeting.minutes["names"]}
        return {item.application_id for item in items if item.application.tracking_code not in there}
    on_agenda = Application.Status.ON_AGENDA
    return {item.application_id for item in items if item.application.status != on_agenda}


def _pool_sums(meeting: Meeting, lines: Iterable[Line]) -> list[PoolSum]:
    pools = list(CreditPool.everything.filter(programme=meeting.programme_id).select_related("bank").order_by("pk"))
    by_bank = {pool.bank_id: pool for pool in pools}
    left = {pool.pk: pool.left_rial for pool in pools}
    decided, proposed = Counter(), Counter()
    if meeting.status != Meeting.Status.SIGNED:  # afterwards it is in the ledger already
        for commitment in commitments_held({line.application.pk for line in lines}).values():
            left[commitment.pool_id] += commitment.amount_rial
        for line in lines:
            amounts, bank_id, amount = _draw_of(line, decided, proposed)
            pool = by_bank.get(bank_id) or by_bank.get(None)
            if pool is not None:
                amounts[pool.pk] += amount
    return [
        PoolSum(pool=pool, left_rial=left[pool.pk], decided_rial=decided[pool.pk], proposed_rial=proposed[pool.pk])
        for pool in pools
    ]


def _draw_of(line: Line, decided: Counter, proposed: Counter) -> tuple[Counter, int | None, int]:
    """Which sum a name adds to, from which bank, and how much."""
    if line.decision is not None and not line.has_left:
        return decided, line.decision.bank_id, line.decision.amount_rial or 0
    if line.is_open and line.item.within_credit:
        return proposed, line.item.proposed_bank_id, line.item.proposed_rial
    return proposed, None, 0
