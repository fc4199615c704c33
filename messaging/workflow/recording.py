"""Writing down what came of a claim: one statement for all messages of a call, and for the claim's own number alone."""

import logging
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields

from django.db import connection

from messaging import timing
from messaging.gateways import codes
from messaging.gateways.kavenegar import Entry
from messaging.models import OutboundMessage
from messaging.workflow import reports, second_line
from messaging.workflow.claiming import Claimed

Status = OutboundMessage.Status
FIRST_QUESTION = "10 minutes"  # after the gateway took it: messaging.workflow.polling
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    id: int
    attempts: int
    status: str
    provider_id: int | None = None
    provider_status: int | None = None
    cost_rial: int = 0
    sender: str = ""
    failure: str = ""
    wait_seconds: float = 0  # before it is taken up again
    in_doubt: bool = False  # the gateway may have it
    retried: int = 0


RECORD = f"""
    WITH outcome AS (
        SELECT * FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::bigint[], %s::int[], %s::int[], %s::text[], %s::text[],
            %s::float8[], %s::bool[], %s::int[]) AS o ({", ".join(field.name for field in fields(Outcome))})),
    mine AS (
        SELECT m.id FROM messaging_outboundmessage m JOIN outcome o ON o.id = m.id AND o.attempts = m.attempts
        WHERE m.status = 'sending' ORDER BY m.id FOR UPDATE OF m)
    UPDATE messaging_outboundmessage m SET status = o.status, lease_until = NULL,
        provider_id = o.provider_id, provider_status = o.provider_status, cost_rial = o.cost_rial, sender = o.sender,
        failure = o.failure, retries = m.retries + o.retried,
        due_at = CASE WHEN o.status = 'queued' THEN statement_timestamp() + o.wait_seconds * interval '1 second' ELSE m.due_at END,
        first_tried_at = CASE WHEN o.status = 'queued' AND NOT o.in_doubt THEN NULL ELSE m.first_tried_at END,
        sent_at = CASE WHEN o.provider_id IS NOT NULL THEN statement_timestamp() END,
        poll_at = CASE WHEN o.status IN ('sent', 'undelivered') AND o.failure = '' THEN statement_timestamp() + interval '{FIRST_QUESTION}' END,
        ended_at = CASE WHEN o.status NOT IN ('sent', 'queued') AND (o.status <> 'undelivered' OR o.failure <> '') THEN statement_timestamp() END
    FROM outcome o JOIN mine ON mine.id = o.id WHERE m.id = o.id
    RETURNING m.id, m.channel, m.provider_id, m.status"""


def record(outcomes: Sequence[Outcome]) -> list[int]:
    """Write the outcomes of claims that are still this worker's; says which they were."""
    if not outcomes:
        return []
    with connection.cursor() as cursor:
        cursor.execute(RECORD, [list(column) for column in zip(*map(astuple, outcomes), strict=True)])
        written = cursor.fetchall()
    if late := len(outcomes) - len(written):
        log.warning("%s messages were taken up by somebody else meanwhile; their outcome is his to record", late)
    follow_up(written)
    return [pk for pk, *_ in written]


def follow_up(written: list[tuple[int, str, int | None, str]]) -> None:
    """Reports that were faster than our own writing, and the second try of what was blocked."""
    for channel in OutboundMessage.Channel.values:
        if numbers := [number for _, own, number, _ in written if own == channel and number]:
            reports.catch_up(numbers, channel=channel)
    if blocked := [number for _, _, number, status in written if status == Status.BLOCKED]:
        second_line.try_blocked(blocked)


def taken(message: Claimed, entry: Entry) -> Outcome:
    """The gateway has it."""
    meaning = codes.meaning_of_message(entry.status)
    return Outcome(
        message.id,
        message.attempts,
        status=meaning.state or Status.SENT,
        provider_id=entry.message_id,
        provider_status=entry.status,
        cost_rial=0 if meaning.state in (Status.BLOCKED, Status.FAILED) else entry.cost_rial,
        sender=message.sender if message.channel == "sms" else "",
        failure=meaning.failure,
    )


def refused(message: Claimed, failure: str) -> Outcome:
    return Outcome(message.id, message.attempts, status=Status.FAILED, failure=failure)


def unknown(message: Claimed) -> Outcome:
    """The gateway cannot be asked any more: a person decides."""
    return Outcome(message.id, message.attempts, status=Status.UNKNOWN, failure="fate_unknown")


def put_back(message: Claimed) -> Outcome:
    """The gateway surely does not have it, through no fault of its own."""
    return Outcome(message.id, message.attempts, status=Status.QUEUED)


def try_later(message: Claimed) -> Outcome:
    """The call never reached the gateway."""
    if message.retries >= timing.of("most_retries"):
        return refused(message, "gave_up")
    wait = timing.backoff(message.retries)
    return Outcome(message.id, message.attempts, status=Status.QUEUED, wait_seconds=wait, retried=1)


def ask_later(message: Claimed) -> Outcome:
    """The call may have been taken: wait until it is surely over, then ask."""
    wait = timing.of("grace") + timing.backoff(message.retries)
    return Outcome(message.id, message.attempts, status=Status.QUEUED, wait_seconds=wait, in_doubt=True, retried=1)


def not_there(message: Claimed) -> Outcome:
    """The gateway was asked and does not have it: it may be sent again, unless it failed too often."""
    return refused(message, "gave_up") if message.retries >= timing.of("most_retries") else put_back(message)
