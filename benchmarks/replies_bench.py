"""Delivery reports and people's replies, from what the gateway handed over to what the database says of it.

Peer: each report and reply read, looked up, changed and saved by the ORM. Limit: one set-based UPDATE of the same messages, from
an array, with nothing kept, ranked, locked in order or matched. Each size is how many messages the outbox already holds.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

from django.db import connection, connections, transaction
from django.utils import timezone

from accounts.tests.factories import CountyFactory
from benchmarks.measuring import figure, interleaved, scratch_database, seconds
from messaging import bell, replies
from messaging.gateways.codes import meaning_of_message
from messaging.models import DeliveryReport, InboundMessage, OutboundMessage
from messaging.reading import meaning_of
from messaging.replies import HANDLED, Handling
from messaging.workflow import inbound, reports
from messaging.workflow.inbound import Arrived

STORED = (10_000, 1_000_000)
BATCH = 1_000  # of our side and of the limit
FEW = 500  # of the peer, which is slow enough to be measured by
LINE = "10004346"

_STORE = """
    INSERT INTO messaging_outboundmessage (county_id, key, channel, purpose, receptor, sender, text, status, attempts, retries,
        provider_id, provider_status, cost_rial, failure, second_line, first_tried_at, sent_at, poll_at, answer_until)
    SELECT %(county)s, 'bench:' || n, 'sms', 'bench', '09' || lpad(n::text, 9, '0'), %(line)s, 'پرسش', 'sent', 1, 0,
        10000000 + n, 1, 1200, '', false, now() - interval '1 hour', now() - interval '1 hour', now() + interval '1 hour',
        now() + interval '3 days'
    FROM generate_series(%(first)s, %(last)s) AS n
"""
SEEDED_AT_ONCE = 100_000
_LIMIT = """
    UPDATE messaging_outboundmessage AS m SET status = 'delivered', provider_status = 10, ended_at = now(), poll_at = NULL
    FROM unnest(%s::bigint[]) AS came(number) WHERE m.provider_id = came.number AND m.channel = 'sms'
"""
_LIMIT_REPLIES = """
    WITH answered AS (
        UPDATE messaging_inboundmessage SET status = 'handled', meaning = 'yes', handled_at = now() WHERE id = ANY(%s))
    UPDATE messaging_outboundmessage AS m SET answer_until = now()
    FROM unnest(%s::text[]) AS came(mobile) WHERE m.receptor = came.mobile AND m.answer_until IS NOT NULL
"""


def figures(sizes: Sequence[int] = STORED) -> Iterator[dict]:
    bell.ring = lambda task=bell.SEND_DUE: None
    for stored in sizes:
        for name, runs_of in (("delivery reports", Bench.report_runs), ("replies", Bench.reply_runs)):
            with scratch_database():
                bench = Bench(stored)
                yield figure(name, n=stored, unit="s per 1,000", **bench.measured(runs_of(bench)))


class Bench:
    """An outbox of ``stored`` sent questions. Every run takes messages that no run touched before."""

    def __init__(self, stored: int) -> None:
        self.stored, self.next = stored, 0
        county = CountyFactory().pk
        with connections["owner"].cursor() as cursor:
            for first in range(1, stored + 1, SEEDED_AT_ONCE):
                last = min(first + SEEDED_AT_ONCE - 1, stored)
                cursor.execute(_STORE, {"county": county, "line": LINE, "first": first, "last": last})
            cursor.execute("VACUUM ANALYZE messaging_outboundmessage")

    def measured(self, runs: dict[str, Callable[[], float]]) -> dict[str, float]:
        for run in runs.values():
            run()  # plans, caches and pages are warm
        return interleaved(runs, {"ours": 3, "limit": 3, "peer": 2})

    def take(self, many: int) -> list[int]:
        first, self.next = self.next + 1, self.next + many
        assert self.next <= self.stored, "the outbox is too small for so many runs"
        return list(range(first, self.next + 1))

    def timed(self, many: int, work: Callable[[list[int]], object]) -> float:
        numbers = self.take(many)
        return seconds(lambda: work(numbers)) * 1_000 / many

    # --- delivery reports
    def report_runs(self) -> dict[str, Callable[[], float]]:
        return {
            "ours": lambda: self.timed(BATCH, lambda ns: reports.record([(10_000_000 + n, 10) for n in ns])),
            "limit": lambda: self.timed(BATCH, lambda ns: execute(_LIMIT, [10_000_000 + n for n in ns])),
            "peer": lambda: self.timed(FEW, one_by_one),
        }

    # --- replies
    def reply_runs(self) -> dict[str, Callable[[], float]]:
        replies.register("bench", purposes=frozenset({"bench"}), handler=answered_in_bulk)
        return {
            "ours": lambda: self.timed_replies(BATCH, lambda ids, ns: inbound.take_up_all()),
            "limit": lambda: self.timed_replies(
                BATCH, lambda ids, ns: execute(_LIMIT_REPLIES, ids, [mobile(n) for n in ns])
            ),
            "peer": lambda: self.timed_replies(FEW, lambda ids, ns: answered_one_by_one(ids)),
        }

    def timed_replies(self, many: int, work: Callable[[list[int], list[int]], object]) -> float:
        numbers = self.take(many)
        inbound.keep([Arrived(f"bench{n}", LINE, mobile(n), "۱ بله") for n in numbers])
        waiting = InboundMessage.everything.filter(status="received")
        ids = list(waiting.order_by("pk").values_list("pk", flat=True))
        taken = seconds(lambda: work(ids, numbers))
        if waiting.exists():
            raise AssertionError("the benchmark left replies behind")
        return taken * 1_000 / many


def mobile(number: int) -> str:
    return f"09{number:09d}"


def execute(statement: str, *values: list) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))


def one_by_one(numbers: list[int]) -> None:
    """What one would write first: keep the report, get the message, change it, save it."""
    for number in numbers:
        with transaction.atomic():
            DeliveryReport.everything.create(provider_id=10_000_000 + number, provider_status=10)
            message = OutboundMessage.everything.select_for_update().get(channel="sms", provider_id=10_000_000 + number)
            message.status, message.provider_status = meaning_of_message(10).state, 10
            message.ended_at, message.poll_at = timezone.now(), None
            message.save()


def answered_in_bulk(batch: list[replies.Reply]) -> dict[int, Handling]:
    OutboundMessage.everything.filter(pk__in=[r.questions[0].message_id for r in batch]).update(
        answer_until=timezone.now()
    )
    return {reply.inbound_id: Handling(HANDLED, reply.questions[0].message_id) for reply in batch}


def answered_one_by_one(ids: list[int]) -> None:
    for number in ids:
        with transaction.atomic():
            message = InboundMessage.everything.select_for_update().get(pk=number)
            question = (
                OutboundMessage.everything.filter(
                    receptor=message.sender, answer_until__gte=message.received_at, sender=message.line
                )
                .order_by("-pk")
                .first()
            )
            message.meaning, message.status = meaning_of(message.text), "handled"
            message.question, message.county, message.handled_at = question, question.county, timezone.now()
            message.save()
            question.answer_until = timezone.now() - timedelta(seconds=1)
            question.save()
