"""Taking messages under a lease. One statement each, committed before anybody speaks to the gateway.

``attempts`` is the claim's number: what comes of it is recorded under that number alone. A worker that was away for longer
than its lease finds nothing to record.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction

from messaging import timing
from messaging.gateways.kavenegar import MOST_QUESTIONS, MOST_RECEPTORS, Outgoing

SECOND_LINE = (
    10**15
)  # added to a row's number where it is sent again over the service line: to the gateway another message
FORGOTTEN_AFTER = "11 hours"  # the gateway answers questions by our own number for 12

OPEN = "provider_id IS NULL AND ended_at IS NULL"  # queued or sending, in words that the index outbound_open knows
# In the order of its index: with the figures of an hour ago the planner takes a new crowd for a handful, and sorts it anew
# for every claim.
IN_ORDER = "SET LOCAL enable_bitmapscan = off; SET LOCAL enable_seqscan = off;"
TO_SEND = f"""
    {IN_ORDER}
    WITH first AS MATERIALIZED (
        SELECT channel, second_line FROM messaging_outboundmessage
        WHERE {OPEN} AND status = 'queued' AND first_tried_at IS NULL AND due_at <= %(until)s
            AND (%(probe)s OR NOT EXISTS (SELECT FROM messaging_sendingpause WHERE ended_at IS NULL))
        ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED),
    batch AS MATERIALIZED (
        SELECT id FROM messaging_outboundmessage
        WHERE {OPEN} AND status = 'queued' AND first_tried_at IS NULL AND due_at <= %(until)s
            AND channel = (SELECT channel FROM first) AND second_line = (SELECT second_line FROM first)
        ORDER BY due_at, id LIMIT (SELECT CASE channel WHEN 'call' THEN %(calls)s ELSE %(most)s END FROM first)
        FOR UPDATE SKIP LOCKED)
    UPDATE messaging_outboundmessage m
    SET status = 'sending', attempts = attempts + 1,
        lease_until = statement_timestamp() + %(lease)s * interval '1 second', first_tried_at = statement_timestamp()
    FROM batch WHERE m.id = batch.id
    RETURNING m.id, m.attempts, m.retries, m.channel, m.second_line, m.receptor, m.text, false"""

# a sub-select under IN may be run again for each row, past its LIMIT; a materialized one is run once
IN_DOUBT = f"""
    {IN_ORDER}
    WITH batch AS MATERIALIZED (
        SELECT id FROM messaging_outboundmessage
        WHERE {OPEN} AND due_at <= statement_timestamp() AND (status = 'sending' AND lease_until < statement_timestamp()
            OR status = 'queued' AND first_tried_at IS NOT NULL)
        ORDER BY due_at, id LIMIT %(most)s FOR UPDATE SKIP LOCKED)
    UPDATE messaging_outboundmessage m
    SET status = 'sending', attempts = attempts + 1,
        lease_until = statement_timestamp() + %(lease)s * interval '1 second'
    FROM batch WHERE m.id = batch.id
    RETURNING m.id, m.attempts, m.retries, m.channel, m.second_line, m.receptor, m.text,
        m.first_tried_at < statement_timestamp() - %(forgotten)s::interval"""


class Claimed(NamedTuple):
    """A message in this worker's hands."""

    id: int
    attempts: int
    retries: int
    channel: str
    second_line: bool
    receptor: str
    text: str
    forgotten: bool  # tried so long ago that the gateway may not know it any more

    @property
    def localid(self) -> int:
        return self.id + (SECOND_LINE if self.second_line else 0)

    @property
    def sender(self) -> str:
        return settings.SMS_SERVICE_LINE if self.second_line else settings.SMS_LINE

    def outgoing(self) -> Outgoing:
        return Outgoing(self.localid, self.receptor, self.sender, self.text)


@dataclass(frozen=True)
class Batch:
    messages: Sequence[Claimed]
    claimed_at: float

    def may_still_call(self) -> bool:
        """Is there time for one more call before the lease ends and a successor asks the gateway?"""
        return timing.moment() - self.claimed_at < timing.of("lease") - timing.LONGEST_CALL


def to_send(*, until: datetime, calls: int = 1, probe: bool = False) -> list[Batch]:
    """Take what fills so many calls, of one channel and line, that was due then; one message as a probe of a pause."""
    most = 1 if probe else calls * MOST_RECEPTORS
    found = _claimed(TO_SEND, until=until, probe=probe, calls=calls, most=most)
    size = 1 if found.messages and found.messages[0].channel == "call" else MOST_RECEPTORS
    return [
        Batch(found.messages[start : start + size], found.claimed_at) for start in range(0, len(found.messages), size)
    ]


def in_doubt() -> Batch:
    """Take up to 500 messages whose fate nobody knows: an answer that never came, a worker that died."""
    return _claimed(IN_DOUBT, most=MOST_QUESTIONS, forgotten=FORGOTTEN_AFTER)


def _claimed(statement: str, **parameters) -> Batch:
    before = timing.moment()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, {"lease": timing.of("lease"), **parameters})
        return Batch(sorted(map(Claimed._make, cursor.fetchall())), before)
