"""Asking what became of sent messages, at 10 minutes, 1, 6, 24 and 47 hours: the gateway forgets them after 48.

A call-back usually came long before. Who is still on the way after the last question stays «sent», and nobody asks again.
"""

import logging
from itertools import groupby

from django.db import connection

from messaging import timing
from messaging.gateways.kavenegar import MOST_QUESTIONS, Kavenegar, RefusedError
from messaging.gateways.transport import NotSentError, UnclearError
from messaging.models import OutboundMessage
from messaging.workflow import reports, second_line

QUESTIONS = "'{10 minutes,1 hour,6 hours,24 hours,47 hours}'::interval[]"
FORGOTTEN_AFTER = "48 hours"
FAULTY_PAUSE = "5 minutes"
Channel = OutboundMessage.Channel
log = logging.getLogger(__name__)

# The next question is set down before this one is asked: a worker that dies leaves the message to it.
DUE = f"""
    WITH due AS MATERIALIZED (
        SELECT id FROM messaging_outboundmessage WHERE poll_at <= statement_timestamp()
        ORDER BY poll_at LIMIT %s FOR UPDATE SKIP LOCKED)
    UPDATE messaging_outboundmessage m
    SET poll_at = (SELECT min(m.sent_at + step) FROM unnest({QUESTIONS}) AS step
        WHERE m.sent_at + step > statement_timestamp())
    FROM due WHERE m.id = due.id
    RETURNING channel, provider_id, sent_at > statement_timestamp() - interval '{FORGOTTEN_AFTER}'"""
ASK_AGAIN = f"""
    UPDATE messaging_outboundmessage SET poll_at = statement_timestamp() + interval '{FAULTY_PAUSE}'
    WHERE id IN (SELECT id FROM messaging_outboundmessage WHERE channel = %s AND provider_id = ANY(%s)
        AND sent_at > statement_timestamp() - interval '{FORGOTTEN_AFTER}' ORDER BY id FOR UPDATE)"""


def poll_deliveries(gateway: Kavenegar) -> dict[str, int]:
    """Ask about every message whose question is due; says how many were asked about and how many moved."""
    asked = moved = 0
    ends_at = timing.moment() + timing.of("run")
    while timing.moment() < ends_at and (due := claim_due()):
        for channel, rows in groupby(sorted(due), key=lambda row: row[0]):
            numbers = [number for _, number, remembered in rows if number and remembered]
            if numbers:
                codes = ask(gateway, channel, numbers)
                if codes is None:
                    return {"asked": asked, "moved": moved}
                asked += len(numbers)
                moved += reports.record_asked(codes.items(), channel=channel)
                second_line.try_blocked(numbers)
    return {"asked": asked, "moved": moved}


def claim_due() -> list[tuple[str, int, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(DUE, [MOST_QUESTIONS])
        return cursor.fetchall()


def ask(gateway: Kavenegar, channel: str, numbers: list[int]) -> dict[int, int] | None:
    """Status codes by the gateway's numbers; None when it did not say, and the question is put off for a while."""
    question = gateway.call_status if channel == Channel.CALL else gateway.status
    try:
        return question(numbers)
    except (RefusedError, NotSentError, UnclearError) as error:
        log.warning("the gateway did not say what became of %s messages: %s", len(numbers), error)
        with connection.cursor() as cursor:
            cursor.execute(ASK_AGAIN, [channel, numbers])
        return None
