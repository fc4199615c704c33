"""Who comes first, and why: supporters and pioneers by the programme's rule, then the year's weighted criteria.

Equal scores are ordered by the moment of registration and then by the application's number, so that the same data
always give the same list. Every rank can be explained point by point.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from applicants.models import Application
from quotas.models import RankingCriterion, Track

Trait = RankingCriterion.Trait

PRIORITY_LABELS = {"supporter": _("supporter"), "pioneer": _("pioneer"), "independent": _("independent")}


@dataclass(frozen=True)
class Points:
    """What one criterion gave."""

    label: str
    points: int


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
    applications: Iterable[Application], *, criteria: Sequence[RankingCriterion], priority_order: Sequence[str]
) -> list[Ranked]:
    """Put applications in order: tier, then score from high to low, then registration, then number. Pure."""
    scored = [(tier_of(a, priority_order), points_of(a, criteria), a) for a in applications]
    scored.sort(key=lambda s: (s[0], -sum(p.points for p in s[1]), s[2].registered_at, s[2].pk))
    return [
        Ranked(
            application=application,
            rank=number,
            tier=tier,
            tier_label=str(PRIORITY_LABELS[priority_order[tier]]) if tier < len(priority_order) else "",
            score=sum(p.points for p in points),
            points=points,
        )
        for number, (tier, points, application) in enumerate(scored, start=1)
    ]


def tier_of(application: Application, priority_order: Sequence[str]) -> int:
    """The first kind in the programme's order that the application is of; last where it is of none."""
    kinds = {Track(application.track).value} | ({"pioneer"} if application.is_pioneer else set())
    return next((place for place, kind in enumerate(priority_order) if kind in kinds), len(priority_order))


def points_of(application: Application, criteria: Sequence[RankingCriterion]) -> tuple[Points, ...]:
    """The criteria that gave points, with their labels as the office reads them."""
    earned = []
    for criterion in criteria:
        points = criterion.points * _times(application, criterion.trait)
        if criterion.most_points is not None:
            points = min(points, criterion.most_points)
        if points:
            earned.append(Points(label=str(Trait(criterion.trait).label), points=points))
    return tuple(earned)


def _times(application: Application, trait: str) -> int:
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
            return int(application.licence_expires_on is not None)
    raise ValueError(trait)
