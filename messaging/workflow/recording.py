"""Writing down what came of a claim: one statement for all messages of a call, and for the claim's own number alone."""

import logging
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

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


class Kind(NamedTuple):
    """What many outcomes have in common."""

    status: str
    sender: str = ""
    failure: str = ""
    in_doubt: bool = False  # the gateway may have it
    retried: int = 0


class Outcome(NamedTuple):
    """What came of one message under one claim."""

    kind: Kind
    id: int
    attempts: int
    provider_id: int | None = None
    provider_status: int | None = None
    cost_rial: int = 0
    wait_seconds: float = 0  # before it is taken up again

    @property
    def status(self) -> str:
        return self.kind.status


# Row by row by their numbers: with the figures of an hour ago the planner reads the whole table for them.
BY_NUMBER = "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_mergejoin = off;"
# For outcomes of one kind: what differs from message to message comes in lists.
RECORD = f"""
    {BY_NUMBER}
    UPDATE messaging_outboundmessage m SET status = %(status)s, lease_until = NULL, sender = %(sender)s,
        failure = %(failure)s, retries = m.retries + %(retried)s,
        provider_id = o.provider_id, provider_status = o.provider_status, cost_rial = o.cost_rial,
        due_at = CASE WHEN %(status)s = 'queued' THEN statement_timestamp() + o.wait_seconds * interval '1 second'
            ELSE m.due_at END,
        first_tried_at = CASE WHEN %(status)s <> 'queued' OR %(in_doubt)s THEN m.first_tried_at END,
        sent_at = CASE WHEN o.provider_id IS NOT NULL THEN statement_timestamp() END,
        poll_at = CASE WHEN %(polled)s THEN statement_timestamp() + interval '{FIRST_QUESTION}' END,
        ended_at = CASE WHEN %(ended)s THEN statement_timestamp() END
    FROM unnest(%(ids)s::bigint[], %(attempts)s::int[], %(provider_ids)s::bigint[], %(codes)s::int[], %(costs)s::int[],
        %(waits)s::float8[]) AS o (id, attempts, provider_id, provider_status, cost_rial, wait_seconds)
    WHERE m.id = o.id AND m.attempts = o.attempts AND m.status = 'sending'
    RETURNING m.id, m.channel, m.provider_id, m.status"""


def record(outcomes: Sequence[Outcome]) -> list[int]:
    """Write the outcomes of claims that are still this worker's; says which they were."""
    kinds: dict[Kind, list[Outcome]] = {}
    for outcome in outcomes:
        kinds.setdefault(outcome.kind, []).append(outcome)
    written = []
    with connection.cursor() as cursor:
        for kind, alike in kinds.items():
            cursor.execute(RECORD, values(kind, alike))
            written += cursor.fetchall()
    if late := len(outcomes) - len(written):
        log.warning("%s messages were taken up by somebody else meanwhile; their outcome is his to record", late)
    follow_up(written)
    return [pk for pk, *_ in written]


def values(kind: Kind, outcomes: Sequence[Outcome]) -> dict:
    _, ids, attempts, provider_ids, codes_, costs, waits = zip(*outcomes, strict=True)
    on_the_way = kind.status in (Status.SENT, Status.UNDELIVERED) and not kind.failure
    lists = {
        "ids": ids, "attempts": attempts, "provider_ids": provider_ids, "codes": codes_, "costs": costs, "waits": waits,
    }  # fmt: skip
    ended = kind.status not in (Status.SENT, Status.QUEUED) and not on_the_way
    return kind._asdict() | {"polled": on_the_way, "ended": ended} | {name: array(each) for name, each in lists.items()}


def array(numbers: Sequence[float | None]) -> str:
    """As PostgreSQL reads it in one piece; the driver's own way makes an expression of every element."""
    return "{" + ",".join(map(str, numbers)).replace("None", "NULL") + "}"


def follow_up(written: list[tuple[int, str, int | None, str]]) -> None:
    """Reports that were faster than our own writing, and the second try of what was blocked."""
    for channel in {channel for _, channel, number, _ in written if number}:
        numbers = [number for _, own, number, _ in written if own == channel and number]
        reports.catch_up(numbers, channel=channel)
    if blocked := [number for _, _, number, status in written if status == Status.BLOCKED]:
        second_line.try_blocked(blocked)


def taken(message: Claimed, entry: Entry) -> Outcome:
    """The gateway has it."""
    kind = kind_taken(entry.status, message.sender if message.channel == "sms" else "")
    cost = 0 if kind.status in (Status.BLOCKED, Status.FAILED) else entry.cost_rial
    return Outcome(kind, message.id, message.attempts, entry.message_id, entry.status, cost)


@cache
def kind_taken(code: int, sender: str) -> Kind:
    meaning = codes.meaning_of_message(code)
    return Kind(meaning.state or Status.SENT, sender=sender, failure=meaning.failure)


def refused(message: Claimed, failure: str) -> Outcome:
    return Outcome(Kind(Status.FAILED, failure=failure), message.id, message.attempts)


def unknown(message: Claimed) -> Outcome:
    """The gateway cannot be asked any more: a person decides."""
    return Outcome(Kind(Status.UNKNOWN, failure="fate_unknown"), message.id, message.attempts)


def put_back(message: Claimed) -> Outcome:
    """The gateway surely does not have it, through no fault of its own."""
    return Outcome(Kind(Status.QUEUED), message.id, message.attempts)


def try_later(message: Claimed) -> Outcome:
    """The call never reached the gateway."""
    if message.retries >= timing.of("most_retries"):
        return refused(message, "gave_up")
    wait = timing.backoff(message.retries)
    return Outcome(Kind(Status.QUEUED, retried=1), message.id, message.attempts, wait_seconds=wait)


def ask_later(message: Claimed) -> Outcome:
    """The call may have been taken: wait until it is surely over, then ask."""
    wait = timing.of("grace") + timing.backoff(message.retries)
    kind = Kind(Status.QUEUED, in_doubt=True, retried=1)
    return Outcome(kind, message.id, message.attempts, wait_seconds=wait)


def not_there(message: Claimed) -> Outcome:
    """The gateway was asked and does not have it: it may be sent again, unless it failed too often."""
    return refused(message, "gave_up") if message.retries >= timing.of("most_retries") else put_back(message)
