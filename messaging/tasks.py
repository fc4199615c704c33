"""What the workers run for messages. Each is rung for, and run by beat as its sweeper."""

from contextlib import closing

from celery import shared_task

from messaging.gateways import chosen
from messaging.workflow import polling, sending


@shared_task(name="messaging.tasks.send_due", acks_late=True, reject_on_worker_lost=True)
def send_due() -> None:
    """Send what waits. Safe to run twice, at once, or after a kill."""
    with closing(chosen.gateway()) as gateway:
        sending.send_due(gateway)


@shared_task(name="messaging.tasks.poll_deliveries", acks_late=True, reject_on_worker_lost=True)
def poll_deliveries() -> None:
    """Ask what became of sent messages, before the gateway forgets them."""
    with closing(chosen.gateway()) as gateway:
        polling.poll_deliveries(gateway)
