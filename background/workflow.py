"""The life of a piece of long work: queued on commit, claimed under a lease, finished or failed.

The row is the truth and the broker only the bell: what the bell loses, ``ring_due`` finds.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from celery import current_app
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as BrokerDownError

from abarkuh_loans import broker
from abarkuh_loans.errors import RuleError
from audit.acting import acting_as
from background.models import BackgroundTask, StoredFile

Status = BackgroundTask.Status
LEASE = timedelta(minutes=3)
BELL_LOST_AFTER = timedelta(seconds=30)
MOST_ATTEMPTS = 5
log = logging.getLogger(__name__)

# Name of the kind -> what does it. Apps add theirs in ``AppConfig.ready``; every handler is safe to run twice.
HANDLERS: dict[str, Callable[[BackgroundTask], None]] = {}


def queue(*, kind: str, arguments: dict, by, total: int = 0) -> BackgroundTask:
    """Write down what is to be done; a worker is told when the transaction is committed."""
    task = BackgroundTask.everything.create(kind=kind, arguments=arguments, asked_by=by, total=total)
    transaction.on_commit(lambda: _ring(task.pk))
    return task


def _ring(task_id: int) -> None:
    try:
        broker.check()
        current_app.send_task("background.tasks.run_task", [task_id], retry=False)
    except (BrokerDownError, OSError) as error:
        log.warning("task %s waits for the sweeper: %s", task_id, error)


def claim(task_id: int) -> BackgroundTask | None:
    """Take a waiting task, or one whose worker has gone silent; None when somebody else has it or it is over."""
    now = timezone.now()
    free = Q(status=Status.WAITING) | Q(status=Status.RUNNING, lease_until__lt=now)
    taken = BackgroundTask.everything.filter(free, pk=task_id).update(
        status=Status.RUNNING, attempts=F("attempts") + 1, lease_until=now + LEASE
    )
    return BackgroundTask.everything.select_related("asked_by").get(pk=task_id) if taken else None


def progress(task: BackgroundTask, *, done: int, total: int, failed: int = 0) -> None:
    """Tell how far the work is, and keep the lease."""
    BackgroundTask.everything.filter(pk=task.pk, status=Status.RUNNING).update(
        done=done, total=total, failed=failed, lease_until=timezone.now() + LEASE
    )


def finish(task: BackgroundTask, *, message: str = "", result_file: StoredFile | None = None) -> None:
    _end(task, status=Status.DONE, message=message, result_file=result_file)


def fail(task: BackgroundTask, *, message: str) -> None:
    _end(task, status=Status.FAILED, message=message)


def _end(task: BackgroundTask, **changes) -> None:
    changes["message"] = changes["message"][:500]
    BackgroundTask.everything.filter(pk=task.pk, finished_at=None).update(
        finished_at=timezone.now(), lease_until=None, **changes
    )


def run(task_id: int) -> None:
    """Do one task. A refusal by the rules is its answer; anything else is tried again after the lease."""
    task = claim(task_id)
    if task is None:
        return
    try:
        with acting_as(task.asked_by, context=f"task {task.kind} {task.pk}"):
            HANDLERS[task.kind](task)
    except RuleError as refusal:
        fail(task, message=str(refusal))
    else:
        finish(task)


def ring_due() -> int:
    """Ring again for tasks that nobody heard of or whose worker died; give up on those that failed too often."""
    now = timezone.now()
    rows = BackgroundTask.everything
    tired = rows.filter(status=Status.RUNNING, lease_until__lt=now, attempts__gte=MOST_ATTEMPTS)
    for task in tired:
        fail(task, message=_("The work stopped %(times)s times and was given up.") % {"times": task.attempts})
    waiting = Q(status=Status.WAITING, asked_at__lt=now - BELL_LOST_AFTER)
    due = list(rows.filter(waiting | Q(status=Status.RUNNING, lease_until__lt=now)).values_list("pk", flat=True)[:200])
    for task_id in due:
        _ring(task_id)
    return len(due)
