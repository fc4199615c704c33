"""What a watcher of the site wants to know of the messages."""

from django.db.models import Count, Min, Q
from django.db.models.functions import Now
from django.utils import timezone

from abarkuh_loans import metrics
from messaging.models import InboundMessage, OutboundMessage, SendingPause

OPEN = Q(provider_id=None, ended_at=None)
Outbound, Inbound = OutboundMessage.Status, InboundMessage.Status


def on_the_way() -> dict[str, float]:
    """Queued and in a worker's hands; a partial index holds the two and nothing else."""
    unsent = OutboundMessage.everything.filter(OPEN).order_by().values_list("status")
    return {Outbound.QUEUED: 0, Outbound.SENDING: 0} | dict(unsent.annotate(Count("pk")))


def oldest_due_seconds() -> float:
    due = OutboundMessage.everything.filter(OPEN, status=Outbound.QUEUED, due_at__lte=Now())
    first = due.aggregate(first=Min("due_at"))["first"]
    return max(0.0, (timezone.now() - first).total_seconds()) if first else 0


def paused() -> float:
    return float(SendingPause.everything.filter(ended_at=None).exists())


def replies() -> dict[str, float]:
    """Not taken up yet, and waiting for a person of the office."""
    found = {Inbound.RECEIVED: 0, Inbound.FOR_A_PERSON: 0}
    parts = [
        InboundMessage.everything.filter(status=status).order_by().values_list("status").annotate(Count("pk"))
        for status in found
    ]
    return found | dict(parts[0].union(*parts[1:], all=True))


def declare() -> None:
    metrics.declare("loans_messages", "Messages that have not left, by where they are.", on_the_way, label="status")
    metrics.declare(
        "loans_message_oldest_due_seconds", "How long the oldest due message has waited.", oldest_due_seconds
    )
    metrics.declare("loans_sending_paused", "1 while nothing is sent.", paused)
    metrics.declare("loans_replies", "Replies that wait, by what they wait for.", replies, label="status")
