"""What a watcher of the site wants to know of the long work."""

from django.db.models import Count, Min
from django.utils import timezone

from abarkuh_loans import metrics
from background.models import BackgroundTask


def waiting() -> dict[str, float]:
    open_work = BackgroundTask.everything.filter(finished_at=None)
    return dict(open_work.order_by().values_list("status").annotate(Count("pk")))


def oldest_seconds() -> float:
    asked = BackgroundTask.everything.filter(finished_at=None).aggregate(oldest=Min("asked_at"))["oldest"]
    return (timezone.now() - asked).total_seconds() if asked else 0


def declare() -> None:
    metrics.declare("loans_work_open", "Pieces of long work that are not finished.", waiting, label="status")
    metrics.declare("loans_work_oldest_seconds", "Age of the oldest unfinished piece of work.", oldest_seconds)
