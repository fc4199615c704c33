"""Who comes first, and why: supporters and pioneers by the programme's rule, then the year's weighted criteria.

Equal scores are ordered by the moment of registration and then by the application's number, so that the same data
always give the same list. Every rank can be explained point by point.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from applicants.models import Application
from quotas.models import RankingCriterion, Track

Trait = RankingCriterion.Trait

PRIORITY_LABELS = {"supporter": _("supporter"), "pioneer": _("pioneer"), "independent": _("independent")}


@dataclass(frozen=True)
class Points:
    """What one criterion gave: its points, times as often as it counts, and whether the year's limit cut them."""

    label: str
    points: int
    times: int = 1
    is_capped: bool = False


@dataclass(frozen=True)
class Ranked:
    """An application in its place. ``tier`` counts from 0, ``rank`` from 1."""

    application: Application
    rank: int
    tier: int
    tier_label: str
    score: int
    points: tuple[Points, ...]


def rank(
    applications: Iterable[Application],
    *,
    criteria: Sequence[RankingCriterion],
    priority_order: Sequence[str],
    today: date,
) -> list[Ranked]:
    """Put applications in order: tier, then score from high to low, then registration, then number. Pure.

    ``today`` says which licences are still valid.
    """
    scored = [(tier_of(a, priority_order), points_of(a, criteria, today=today), a) for a in applications]
    scored.sort(key=lambda s: (s[0], -sum(p.points for p in s[1]), s[2].registered_at, s[2].pk))
    return [
        Ranked(
            application=application,
            rank=number,
            tier=tier,
            tier_label=tier_label(tier, priority_order),
            score=sum(p.points for p in points),
            points=points,
        )
        for number, (tier, points, application) in enumerate(scored, start=1)
    ]


def tier_of(application: Application, priority_order: Sequence[str]) -> int:
    """The first kind in the programme's order that the application is of; last where it is of none."""
    kinds = {Track(application.track).value} | ({"pioneer"} if application.is_pioneer else set())
    return next((place for place, kind in enumerate(priority_order) if kind in kinds), len(priority_order))


def tier_label(tier: int, priority_order: Sequence[str]) -> str:
    """The tier in the office's words; none for what stands in no tier."""
    if tier >= len(priority_order):
        return ""
    return str(PRIORITY_LABELS.get(priority_order[tier], priority_order[tier]))


def points_of(application: Application, criteria: Sequence[RankingCriterion], *, today: date) -> tuple[Points, ...]:
    """The criteria that gave points, with their labels as the office reads them."""
    earned = []
    for criterion in criteria:
        times = _times(application, criterion.trait, today)
        full = criterion.points * times
        points = full if criterion.most_points is None else min(full, criterion.most_points)
        if points:
            label = str(Trait(criterion.trait).label)
            earned.append(Points(label=label, points=points, times=times, is_capped=points < full))
    return tuple(earned)


def _times(application: Application, trait: str, today: date) -> int:
    """How often a trait counts: once for a yes, once a job for promised jobs."""
    match trait:
        case Trait.JOBS:
            return application.promised_jobs
        case Trait.HEAD_OF_HOUSEHOLD:
            return int(application.heads_household)
        case Trait.GRADUATE:
            return int(application.is_graduate)
        case Trait.EARLIER_REGISTRANT:
            return int(application.is_earlier_registrant)
        case Trait.UNDERSERVED:
            return int(application.lives_underserved)
        case Trait.LOCAL_ADVANTAGE:
            return int(application.line_id is not None and application.line.has_local_advantage)
        case Trait.SKILL_CERTIFICATE:
            return int(application.has_skill_certificate)
        case Trait.LICENCE:
            return int(application.licence_expires_on is not None and application.licence_expires_on >= today)
    raise ValueError(trait)
