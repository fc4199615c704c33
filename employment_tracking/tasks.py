"""What the workers run for the monitoring system."""

from celery import shared_task

from employment_tracking import checks


@shared_task(acks_late=True, reject_on_worker_lost=True)
def check_jobs() -> None:
    """Every rule over every job record. Safe to run twice, at once, or after a kill."""
    checks.check_every_programme()
