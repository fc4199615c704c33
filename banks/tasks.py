"""What the workers run for the banks' side."""

from celery import shared_task

from banks.expiry import expire_due
from iran.calendar import programme_today


@shared_task(acks_late=True, reject_on_worker_lost=True)
def expire_referrals() -> None:
    """End unanswered referrals past their validity. Safe to run twice, at once, or after a kill."""
    expire_due(today=programme_today())
