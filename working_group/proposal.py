"""The list that fits the credit: who is proposed, on which bank, and who waits in reserve. Amounts in rial."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Sum
from django.utils.translation import gettext_lazy as _

from abarkuh_loans.errors import RuleError
from applicants.models import Application
from applicants.ranking import Ranked, rank
from quotas.models import Commitment, CreditPool, Programme, RankingCriterion
from working_group.models import AgendaItem, Meeting

# Whoever waits for a decision. Signed names have left the list.
CANDIDATES = (Application.Status.ELIGIBLE, Application.Status.DEFERRED, Application.Status.ON_AGENDA)


class StrategyUnknownError(RuleError):
    code = "strategy_unknown"
    default_message = _("This way of fitting the list to the credit is not available.")


@dataclass(frozen=True)
class Row:
    """One ranked name with the pool it is proposed on; ``pool`` is empty for the reserve."""

    ranked: Ranked
    amount_rial: int
    pool: CreditPool | None

    @property
    def chosen(self) -> bool:
        return self.pool is not None


@dataclass(frozen=True)
class Proposal:
    credit_rial: int
    rows: tuple[Row, ...]

    @property
    def chosen(self) -> list[Row]:
        return [row for row in self.rows if row.chosen]

    @property
    def reserve(self) -> list[Row]:
        """The names that the credit does not reach, in order."""
        return [row for row in self.rows if not row.chosen]

    @property
    def requested_rial(self) -> int:
        return sum(row.amount_rial for row in self.rows)

    @property
    def chosen_rial(self) -> int:
        return sum(row.amount_rial for row in self.chosen)

    @property
    def left_rial(self) -> int:
        return self.credit_rial - self.chosen_rial

    @property
    def cut_line(self) -> int | None:
        """The rank of the first name that the credit does not reach."""
        return next((row.ranked.rank for row in self.rows if not row.chosen), None)

    @property
    def jobs(self) -> int:
        return sum(row.ranked.application.promised_jobs for row in self.chosen)


class Purse:
    """What is left in each pool while a list is drawn up. Pools themselves are not touched.

    ``held`` (rial by pool) is credit that the listed names hold from an earlier meeting: it is theirs to be given anew.
    """

    def __init__(self, pools: Sequence[CreditPool], *, held: Mapping[int, int] | None = None) -> None:
        self.pools = {pool.pk: pool for pool in pools}
        self.left = {pool.pk: pool.left_rial + (held or {}).get(pool.pk, 0) for pool in pools}

    def pool_for(self, application: Application, amount_rial: int) -> CreditPool | None:
        """The pool of the wished bank while it lasts, else the pool with most left, else none."""
        for pool in self.pools.values():
            wished = application.wished_bank_id is not None and pool.bank_id == application.wished_bank_id
            if wished and self.left[pool.pk] >= amount_rial:
                return pool
        roomiest = max(self.pools, key=lambda pk: (self.left[pk], -pk), default=None)
        if roomiest is None or self.left[roomiest] < amount_rial:
            return None
        return self.pools[roomiest]

    def take(self, pool: CreditPool, amount_rial: int) -> None:
        self.left[pool.pk] -= amount_rial


def strict(ranked: Sequence[Ranked], purse: Purse) -> list[Row]:
    """Down the ranking until the credit ends. Nobody is passed over: behind the first name that fits no pool all wait."""
    rows, ended = [], False
    for place in ranked:
        amount = place.application.requested_rial
        pool = None if ended else purse.pool_for(place.application, amount)
        if pool is None:
            ended = True
        else:
            purse.take(pool, amount)
        rows.append(Row(ranked=place, amount_rial=amount, pool=pool))
    return rows


# Ways of fitting the list that have a name. Of two the name is all there is yet.
KNOWN_STRATEGIES = ("strict", "trim", "best")
STRATEGIES = {"strict": strict}


def ranked_candidates(
    programme: Programme, *, today: date, meeting: Meeting | None = None, only: Collection[int] | None = None
) -> list[Ranked]:
    """Whoever waits for a decision in this programme, in rank order. Three queries, however many they are.

    For a ``meeting``, names that stand on another meeting's agenda are left to that one; ``only`` (ids) narrows further.
    """
    applications = Application.everything.for_programme(programme).filter(status__in=CANDIDATES)
    if meeting is not None:
        elsewhere = AgendaItem.everything.filter(application=OuterRef("pk"), meeting__signed_at=None)
        applications = applications.filter(~Exists(elsewhere.exclude(meeting=meeting)))
    if only is not None:
        applications = applications.filter(pk__in=only)
    return rank(
        applications.select_related("applicant", "line__restriction", "agency", "wished_bank"),
        criteria=list(RankingCriterion.objects.filter(programme=programme)),
        priority_order=programme.rule("priority_order"),
        today=today,
    )


def held_by(ranked: Sequence[Ranked]) -> dict[int, int]:
    """Credit (rial by pool) that these names hold already: those whom a corrective meeting takes up again."""
    rows = Commitment.everything.filter(application_id__in=[place.application.pk for place in ranked])
    rows = rows.filter(stage=Commitment.Stage.APPROVED).order_by().values("pool_id").annotate(held=Sum("amount_rial"))
    return {row["pool_id"]: row["held"] for row in rows}


def propose(
    programme: Programme,
    *,
    today: date,
    strategy: str = "strict",
    meeting: Meeting | None = None,
    only: Collection[int] | None = None,
) -> Proposal:
    """Fit the ranked candidates to what is left of the credit. Raises StrategyUnknownError."""
    if strategy not in STRATEGIES:
        raise StrategyUnknownError
    pools = list(CreditPool.everything.filter(programme=programme).select_related("bank").order_by("pk"))
    ranked = ranked_candidates(programme, today=today, meeting=meeting, only=only)
    purse = Purse(pools, held=held_by(ranked))
    credit_rial = sum(purse.left.values())
    return Proposal(credit_rial=credit_rial, rows=tuple(STRATEGIES[strategy](ranked, purse)))
