from collections.abc import Sequence

from django.db.models.functions import Now

from messaging.models import OutboundMessage

Status = OutboundMessage.Status


def cancel(ids: Sequence[int]) -> int:
    """QUEUED -> CANCELLED. What a worker has taken meanwhile goes its way."""
    waiting = OutboundMessage.everything.filter(pk__in=list(ids), status=Status.QUEUED)
    return waiting.update(status=Status.CANCELLED, failure="cancelled", ended_at=Now())
