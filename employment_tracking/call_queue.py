"""What an operator is told of the queue, in numbers alone: he is given one person at a time and chooses nobody."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from accounts.models import User
from employment_tracking.models import Attempt, Campaign, VerificationCase
from employment_tracking.rules.calls import Level
from employment_tracking.workflow.calls import OPEN, to_call
from iran.calendar import moments, tehran_day
from messaging.models import SendingRules
from quotas.models import Programme

KNOWN_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Progress:
    """``done`` of ``total`` people need no more calls; ``mine`` calls of today are the operator's own."""

    done: int
    total: int
    mine: int
    waiting: int
    next_at: datetime | None


def progress(user: User, *, now: datetime) -> Progress:
    """The running campaigns of the counties for which he calls."""
    of_phone = _of_phone().filter(
        campaign__status=Campaign.Status.RUNNING,
        record__programme__county__in=user.scope.calling_counties,
    )
    to_come = of_phone.filter(status__in=OPEN, level=Level.PHONE)
    start, end = moments(tehran_day(now), tehran_day(now))
    total = of_phone.count()
    return Progress(
        done=total - to_come.count(),
        total=total,
        mine=Attempt.everything.filter(
            channel=Attempt.Channel.PHONE,
            happened_by=user,
            supersedes=None,
            happened_at__gte=start,
            happened_at__lt=end,
        ).count(),
        waiting=to_call(by=user, now=now).count(),
        next_at=to_come.filter(next_at__gt=now)
        .exclude(record__registered_by=user)
        .aggregate(first=Min("next_at"))["first"],
    )


def published_number(programme: Programme) -> str:
    """The office's number that a called person may call to check; empty where none is published."""
    rules = SendingRules.everything.filter(county=programme.county_id).first()
    return rules.published_number if rules else ""


def genuine_call(*, mobile_end: str, code: str, now: datetime) -> VerificationCase | None:
    """The case of a person who was told this code by phone: to be called, or called lately. For anybody who asks."""
    case = (
        _of_phone()
        .filter(check_code=code, record__mobile__endswith=mobile_end)
        .select_related("record__agency", "record__programme__county")
        .order_by("-id")
        .first()
    )
    if case is None or (case.closed_at and now - case.closed_at > KNOWN_FOR):
        return None
    return case


def _of_phone() -> QuerySet[VerificationCase]:
    """Cases that are at the phone level, or were before they went on."""
    called = Exists(Attempt.everything.filter(case=OuterRef("pk"), channel=Attempt.Channel.PHONE))
    return VerificationCase.everything.filter(Q(level=Level.PHONE) | Q(called))
