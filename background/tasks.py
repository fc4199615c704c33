from celery import shared_task

from background import workflow


@shared_task(name="background.tasks.run_task")
def run_task(task_id: int) -> None:
    """Do a piece of long work. Safe to run twice: the row is claimed under a lease."""
    workflow.run(task_id)


@shared_task(name="background.tasks.ring_due")
def ring_due() -> None:
    """Wake the work that the broker lost or whose worker died."""
    workflow.ring_due()
