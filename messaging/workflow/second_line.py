"""A message that the receiver's block on advertising lines stopped goes once more over the office's service line."""

from collections.abc import Sequence

from django.conf import settings
from django.db.models.functions import Now

from messaging import bell
from messaging.models import OutboundMessage

Status = OutboundMessage.Status


def try_blocked(provider_ids: Sequence[int]) -> int:
    """BLOCKED -> QUEUED, once, if there is a service line; without one they stay blocked. Says how many.

    A block that only a call-back told of waits until the gateway itself has said so.
    """
    if not settings.SMS_SERVICE_LINE:
        return 0
    blocked = OutboundMessage.everything.filter(
        provider_id__in=list(provider_ids),
        channel=OutboundMessage.Channel.SMS,
        status=Status.BLOCKED,
        poll_at=None,
        second_line=False,
    )
    moved = blocked.update(
        status=Status.QUEUED,
        second_line=True,
        failure="",
        due_at=Now(),
        provider_id=None,
        provider_status=None,
        cost_rial=0,
        first_tried_at=None,
        sent_at=None,
        poll_at=None,
        ended_at=None,
    )
    if moved:
        bell.ring_on_commit()
    return moved
