"""Two workers at once: no message in two hands."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from django.db import connection, connections, transaction
from django.utils.timezone import now

from messaging.gateways import chosen
from messaging.models import OutboundMessage
from messaging.tests.drafts import a_county, end_leases, some_messages, states
from messaging.workflow import claiming, sending

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 4


def at_once(work, workers: int = WORKERS) -> list:
    start = threading.Barrier(workers)

    def run(_):
        start.wait(timeout=30)
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(workers) as threads:
        return list(threads.map(run, range(workers)))


def claim_all() -> list[int]:
    found = []
    while batches := claiming.to_send(until=now()):
        found += [message.id for batch in batches for message in batch.messages]
    return found


def test_two_workers_never_share_a_message():
    messages = some_messages(a_county(), 3_000)

    hands = at_once(claim_all)

    taken = [pk for hand in hands for pk in hand]
    assert len(taken) == len(set(taken)) == len(messages)
    assert set(OutboundMessage.everything.values_list("attempts", flat=True)) == {1}


def test_without_the_lock_they_share(monkeypatch):
    """Negative control: read first, then write, and both have the same."""
    some_messages(a_county(), 200)
    both_have_read = threading.Barrier(2)

    def careless() -> set[int]:
        with transaction.atomic():
            found = set(OutboundMessage.everything.filter(status="queued").values_list("pk", flat=True))
            both_have_read.wait(timeout=30)
            OutboundMessage.everything.filter(pk__in=found).update(status="sending", lease_until=now())
        return found

    first, second = at_once(careless, 2)

    assert first & second


def test_two_workers_never_ask_about_the_same_message():
    some_messages(a_county(), 1_500)
    claim_all()
    end_leases()

    hands = at_once(lambda: [message.id for message in claiming.in_doubt().messages], 3)

    taken = [pk for hand in hands for pk in hand]
    assert len(taken) == len(set(taken)) == 1_500


def test_two_whole_runs_at_once_send_each_message_once(simulator):
    simulator.faults(deduplicate=False, latency_ms=20)
    some_messages(a_county(), 2_000)

    def run():
        with closing(chosen.gateway()) as gateway:
            return sending.send_due(gateway)

    counts = at_once(run, 2)

    assert sum(count.get("sent", 0) for count in counts) == 2_000 and states() == {"sent": 2_000}
    assert set(simulator.accepted().values()) == {1}


def test_a_claim_is_committed_before_anything_is_sent():
    some_messages(a_county(), 1)

    claiming.to_send(until=now())

    seen_by_another = at_once(lambda: states(), 1)
    assert seen_by_another == [{"sending": 1}]


def test_one_call_holds_messages_of_one_channel_and_line():
    county = a_county()
    for channel in ("sms", "call", "sms", "call"):
        some_messages(county, 2, channel=channel)
    OutboundMessage.everything.filter(pk__in=[m.pk for m in some_messages(county, 2)]).update(second_line=True)

    batches = [batch.messages for claim in iter(lambda: claiming.to_send(until=now()), []) for batch in claim]
    kinds = [{(message.channel, message.second_line) for message in batch} | {len(batch)} for batch in batches]

    assert all(len(kind) == 2 for kind in kinds)
    assert sorted(next(n for n in kind if isinstance(n, int)) for kind in kinds) == [1, 1, 1, 1, 2, 4]


def test_a_claim_writes_no_index():
    if connection.pg_version < 160_000:
        pytest.skip("before PostgreSQL 16 a BRIN index forbids heap-only tuples")
    some_messages(a_county(), 1_000)

    with transaction.atomic():
        claiming.to_send(until=now(), calls=5)
        written = rows_written()

    assert written == (1_000, 1_000)


def test_what_the_index_knows_costs_an_entry_in_each():
    """Negative control: the same rows, moved to another time."""
    some_messages(a_county(), 1_000)

    with transaction.atomic():
        OutboundMessage.everything.update(due_at=now())
        written = rows_written()

    assert written == (1_000, 0)


def rows_written() -> tuple[int, int]:
    """Of this transaction: how many rows anew, and how many of them without a new entry in the indexes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_xact_user_tables WHERE relname = 'messaging_outboundmessage'"
        )
        return cursor.fetchone()
