"""What the workers run for the monitoring system."""

from celery import shared_task

from employment_tracking import checks
from employment_tracking.workflow.advancing import advance
from iran.calendar import programme_now


@shared_task(acks_late=True, reject_on_worker_lost=True)
def check_jobs() -> None:
    """Every rule over every job record. Safe to run twice, at once, or after a kill."""
    checks.check_every_programme()


@shared_task(acks_late=True, reject_on_worker_lost=True)
def advance_cases() -> None:
    """Open, remind, take up and close what is due. Safe to run twice, at once, or after a kill."""
    advance(now=programme_now())
