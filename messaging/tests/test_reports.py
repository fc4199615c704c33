"""Delivery reports: forward only, once, in any order, and no more trusted than a callback deserves."""

from itertools import permutations, product

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import CountyFactory
from messaging import bell
from messaging.models import DeliveryReport, OutboundMessage
from messaging.tests.concurrency import both_at_once
from messaging.tests.drafts import sent
from messaging.workflow import reports

pytestmark = pytest.mark.django_db
Status = OutboundMessage.Status


@pytest.fixture
def message():
    return sent(CountyFactory(), provider_id=5_000_001)


@pytest.fixture
def rung(monkeypatch):
    tasks = []
    monkeypatch.setattr(bell, "ring_on_commit", lambda task=bell.SEND_DUE: tasks.append(task))
    return tasks


def state(message) -> tuple:
    message.refresh_from_db()
    return message.status, message.provider_status, message.failure, message.ended_at is not None


def test_a_delivery_moves_the_message_and_ends_it(message):
    assert reports.record([(5_000_001, 10)]) == 1

    assert state(message) == (Status.DELIVERED, 10, "", True)
    assert message.poll_at is None


def test_the_same_report_five_times_changes_things_once(message):
    assert [reports.record([(5_000_001, 10)]) for _ in range(5)] == [1, 0, 0, 0, 0]
    ended = OutboundMessage.everything.get().ended_at

    reports.record([(5_000_001, 10)] * 5)

    assert OutboundMessage.everything.get().ended_at == ended
    assert DeliveryReport.everything.count() == 10  # each is kept as it came


@pytest.mark.parametrize("codes", [(1, 4, 10, 11, 10), (2, 1, 5, 4, 11), (14, 6, 13, 10, 4), (6, 14, 13, 11, 1)])
def test_reports_lead_to_one_state_in_whichever_order_they_come(codes):
    county, ends = CountyFactory(), set()
    for number, order in enumerate(set(permutations(codes))):
        message = sent(county, provider_id=number + 1)
        for code in order:
            reports.record([(number + 1, code)])
        together = sent(county, provider_id=100_000 + number)
        reports.record([(100_000 + number, code) for code in order])
        ends |= {state(message), state(together)}

    assert len(ends) == 1


@pytest.mark.parametrize(
    ("first", "then", "after"),
    [
        *((late, early, late) for late, early in product((10, 11, 6, 13, 14), (1, 2, 4, 5))),
        *((code, 100, code) for code in (4, 10, 11, 14)),
        *((code, 99, code) for code in (4, 10)),
        (11, 10, 10),
        (10, 11, 10),
        (1, 4, 4),
        (4, 1, 4),
    ],
)
def test_a_message_only_moves_forward(message, first, then, after):
    reports.record([(5_000_001, first)])
    reports.record([(5_000_001, then)])

    assert state(message)[1] == after


def test_a_number_that_nobody_knows_changes_nothing(message):
    assert reports.record([(5_000_002, 10), (1, 14)]) == 0

    assert state(message) == (Status.SENT, 1, "", False)
    assert DeliveryReport.everything.count() == 2


def test_a_voice_call_of_the_same_number_is_another_message(message):
    call = sent(message.county, provider_id=5_000_001, channel="call")

    reports.record([(5_000_001, 10)], channel="call")

    assert (state(call)[0], state(message)[0]) == (Status.DELIVERED, Status.SENT)


def test_what_was_taken_back_is_left_alone():
    sent(CountyFactory(), provider_id=7, status=Status.CANCELLED)

    assert reports.record([(7, 14)]) == 0


def test_what_waits_to_be_sent_has_no_number_that_a_report_could_name():
    with pytest.raises(IntegrityError, match="outbound_open_while_unsent"):
        sent(CountyFactory(), provider_id=7, status=Status.QUEUED)


def test_a_batch_is_applied_by_one_statement():
    county = CountyFactory()
    numbers = [sent(county, provider_id=number).provider_id for number in range(1, 41)]

    with CaptureQueriesContext(connection) as asked:
        assert reports.record([(number, 10) for number in numbers]) == 40

    statements = [query["sql"].split()[0] for query in asked.captured_queries]
    assert [word for word in statements if word not in ("SAVEPOINT", "RELEASE")] == ["INSERT", "UPDATE"]


def test_bad_news_of_a_callback_is_checked_with_the_gateway_at_once(message, rung):
    reports.record([(5_000_001, 14)])

    message.refresh_from_db()
    assert message.status == Status.BLOCKED and message.poll_at is not None
    assert rung == [bell.POLL_DELIVERIES]


def test_good_news_of_a_callback_needs_no_question(message, rung):
    reports.record([(5_000_001, 10)])

    assert rung == []


def test_the_gateways_own_answer_takes_the_place_of_a_forged_failure(message):
    reports.record([(5_000_001, 14)])
    reports.record_asked([(5_000_001, 4)])

    assert state(message) == (Status.SENT, 4, "", False)


def test_a_failure_that_the_gateway_confirmed_stays(message):
    reports.record([(5_000_001, 14)])
    reports.record_asked([(5_000_001, 14)])
    reports.record_asked([(5_000_001, 4)])

    assert state(message) == (Status.BLOCKED, 14, "blocked", True)
    assert message.poll_at is None


def test_not_delivered_may_still_become_delivered(message):
    reports.record_asked([(5_000_001, 11)])
    assert state(message) == (Status.UNDELIVERED, 11, "", False)

    reports.record_asked([(5_000_001, 10)])
    assert state(message) == (Status.DELIVERED, 10, "", True)


def test_the_same_answer_to_our_question_is_kept_once(message):
    for _ in range(3):
        reports.record_asked([(5_000_001, 4)])

    assert list(DeliveryReport.everything.values_list("provider_status", "asked")) == [(4, True)]


def test_a_report_that_came_before_we_knew_the_number_is_caught_up():
    reports.record([(9, 10)])
    message = sent(CountyFactory(), provider_id=9)

    assert reports.catch_up([9]) == 1
    assert state(message)[0] == Status.DELIVERED


def test_a_kept_report_cannot_be_edited(message):
    reports.record([(5_000_001, 10)])

    with pytest.raises(Exception, match="permission denied|append"), transaction.atomic():
        DeliveryReport.everything.update(provider_status=14)


@pytest.mark.django_db(transaction=True)
def test_two_batches_in_opposite_order_neither_block_each_other_nor_undo_each_other():
    county = CountyFactory()
    numbers = [sent(county, provider_id=number).provider_id for number in range(1, 301)]

    for _round in range(5):
        both_at_once(
            lambda: reports.record([(number, 10) for number in numbers]),
            lambda: reports.record([(number, 4) for number in reversed(numbers)]),
        )

    assert set(OutboundMessage.everything.values_list("status", flat=True)) == {Status.DELIVERED}


@pytest.mark.django_db(transaction=True)
def test_the_report_is_kept_even_if_it_cannot_be_applied(message, monkeypatch):
    monkeypatch.setattr(reports, "_APPLY", "SELECT 1/0")

    with pytest.raises(Exception, match="division"):
        reports.record([(5_000_001, 10)])

    connection.close()
    assert DeliveryReport.everything.count() == 1
