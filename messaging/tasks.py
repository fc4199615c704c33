"""What the workers run for messages. Each is rung for, and run by beat as its sweeper."""

from contextlib import closing

from celery import shared_task

from messaging.gateways import chosen
from messaging.workflow import inbound, polling, pulling, sending


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


@shared_task(name="messaging.tasks.take_up_inbound", acks_late=True, reject_on_worker_lost=True)
def take_up_inbound() -> None:
    """Read what people answered and hand it over. Safe to run twice, at once, or after a kill."""
    inbound.take_up_all()


@shared_task(name="messaging.tasks.receive_messages", acks_late=True, reject_on_worker_lost=True)
def receive_messages() -> None:
    """Fetch what no callback brought. Safe to run twice: each message is kept once."""
    with closing(chosen.gateway()) as gateway:
        pulling.pull(gateway)
