"""Why nothing is sent at present, and how it goes on: by itself when one message is accepted again, or by a person."""

import logging

from django.db import connection
from django.db.models.functions import Now

from messaging import bell, timing
from messaging.models import SendingPause

BY_HAND = "by_hand"
log = logging.getLogger(__name__)

BEGIN = """
    INSERT INTO messaging_sendingpause (reason, detail, began_at, try_again_at)
    VALUES (%(reason)s, %(detail)s, statement_timestamp(), statement_timestamp() + %(probe)s * interval '1 second')
    ON CONFLICT ((1)) WHERE ended_at IS NULL DO UPDATE
    SET try_again_at = CASE WHEN messaging_sendingpause.reason <> 'by_hand' THEN excluded.try_again_at END
    RETURNING xmax = 0"""


def begin(*, reason: str, detail: str = "") -> bool:
    """Stop sending and raise the alarm; says whether this was news. Queued messages are kept."""
    with connection.cursor() as cursor:
        cursor.execute(BEGIN, {"reason": reason, "detail": detail[:300], "probe": timing.of("probe")})
        (news,) = cursor.fetchone()
    if news:
        log.error("sending is paused: %s (%s); messages are kept", reason, detail)
    return news


def stop_by_hand(*, detail: str = "") -> None:
    """The office stops sending; nothing is tried until a person resumes it."""
    begin(reason=BY_HAND, detail=detail)
    SendingPause.everything.filter(ended_at=None).update(reason=BY_HAND, try_again_at=None)


def take_probe() -> bool:
    """May this worker try one message during the pause? One worker at a time, after the stated while."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE messaging_sendingpause SET try_again_at = statement_timestamp() + %s * interval '1 second'"
            " WHERE ended_at IS NULL AND try_again_at <= statement_timestamp()",
            [timing.of("probe")],
        )
        return cursor.rowcount == 1


def end_by_itself() -> None:
    """The gateway accepts again."""
    if SendingPause.everything.filter(ended_at=None).exclude(reason=BY_HAND).update(ended_at=Now()):
        log.warning("sending goes on: the gateway accepts messages again")


def resume(*, by) -> bool:
    """A person says that the reason is gone; says whether there was a pause to end."""
    ended = SendingPause.everything.filter(ended_at=None).update(ended_at=Now(), ended_by=by)
    bell.ring_on_commit()
    return bool(ended)
