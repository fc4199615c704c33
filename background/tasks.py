from celery import shared_task
from django.utils import timezone

from background import idempotency, orphans, workflow


@shared_task(name="background.tasks.run_task")
def run_task(task_id: int) -> None:
    """Do a piece of long work. Safe to run twice: the row is claimed under a lease."""
    workflow.run(task_id)


@shared_task(name="background.tasks.ring_due")
def ring_due() -> None:
    """Wake the work that the broker lost or whose worker died."""
    workflow.ring_due()


@shared_task(name="background.tasks.forget_request_keys")
def forget_request_keys() -> None:
    """Let go of answers that nobody will ask for again."""
    idempotency.forget_old(now=timezone.now())


@shared_task(name="background.tasks.forget_unused_files")
def forget_unused_files() -> None:
    """Let go of papers that were put on a form which was never sent."""
    orphans.forget_unused(now=timezone.now())
