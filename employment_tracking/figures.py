"""What a watcher of the site wants to know of the verification. Moments are the programme's."""

from django.db.models import Count, Min, Q

from abarkuh_loans import metrics
from employment_tracking.models import Campaign, VerificationCase
from employment_tracking.rules.calls import Level
from employment_tracking.workflow.cases import OPEN
from iran.calendar import programme_now


def due():
    """Cases that the ladder or an operator should look at by now."""
    running = Campaign.Status.RUNNING
    return VerificationCase.everything.filter(
        status__in=OPEN, next_at__lte=programme_now(), campaign__status=running
    ).order_by()


def due_by_level() -> dict[str, float]:
    found = {Level.SMS: 0, Level.PHONE: 0, Level.FIELD: 0}
    return found | dict(due().values_list("level").annotate(Count("pk")))


def overdue_seconds() -> float:
    """Of the steps that nobody but beat takes."""
    first = due().filter(level=Level.SMS).aggregate(first=Min("next_at"))["first"]
    return (programme_now() - first).total_seconds() if first else 0


def to_call() -> float:
    """People who are to be called and are in nobody's hands."""
    now = programme_now()
    return due().filter(level=Level.PHONE).filter(Q(lease_until=None) | Q(lease_until__lte=now)).count()


def leases() -> float:
    """People whom operators have in hand."""
    return VerificationCase.everything.filter(lease_by__isnull=False, lease_until__gt=programme_now()).count()


def declare() -> None:
    metrics.declare("loans_cases_due", "Cases whose next step is due, by level.", due_by_level, label="level")
    metrics.declare(
        "loans_case_overdue_seconds", "How long the oldest due step of the SMS level has waited.", overdue_seconds
    )
    metrics.declare("loans_calls_waiting", "People who are to be called now.", to_call)
    metrics.declare("loans_leases_held", "People whom operators have in hand.", leases)
