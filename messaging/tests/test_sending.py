"""From the queue to the gateway and back: each message once, whatever the gateway answers and whoever dies on the way."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils.timezone import now

from messaging import outbox, timing
from messaging.gateways import chosen
from messaging.models import OutboundMessage
from messaging.tests.drafts import a_draft, end_leases, make_due, some_messages, states
from messaging.workflow import calling, claiming, recording, reports, sending

pytestmark = pytest.mark.django_db


def test_what_is_due_goes_in_calls_of_two_hundred_under_its_own_numbers(county, simulator, send):
    messages = some_messages(county, 387)

    assert send() == {"sent": 387}
    assert simulator.accepted() == {str(message.pk): 1 for message in messages}
    assert sorted(call["method"] for call in simulator.calls()) == ["sms/sendarray"] * 2


def test_the_gateways_number_and_the_cost_are_kept(county, simulator, send):
    (message,) = some_messages(county, 1)

    send()
    message.refresh_from_db()

    assert (message.status, message.cost_rial, message.sender) == ("sent", 1_200, simulator.line)
    assert message.provider_id == simulator.messages(message.receptor)[0]["id"]
    assert message.sent_at and message.poll_at > message.sent_at and message.lease_until is None


def test_the_text_arrives_as_it_was_written(county, simulator, send):
    outbox.add(a_draft(county, to="09131234567", text="آیا مشغول کارید؟ 1 بله & 2 خیر\n«اداره» 😀 + %41"))

    send()

    assert simulator.messages("09131234567")[0]["text"] == "آیا مشغول کارید؟ 1 بله & 2 خیر\n«اداره» 😀 + %41"


def test_nothing_is_sent_twice_by_a_second_run(county, simulator, send):
    some_messages(county, 3)

    send()

    assert send() == {} and set(simulator.accepted().values()) == {1}


def test_a_message_waits_for_its_time(county, simulator, send):
    later = outbox.add(a_draft(county))
    make_due(later, hours=1)

    assert send() == {} and not simulator.accepted()


def test_a_voice_call_is_spoken_under_our_own_number(county, simulator, send):
    spoken = outbox.add(a_draft(county, channel="call"))
    some_messages(county, 2)

    assert send() == {"sent": 3}
    assert simulator.accepted()[str(spoken.pk)] == 1
    assert {call["method"] for call in simulator.calls()} == {"call/maketts", "sms/sendarray"}


@pytest.mark.parametrize("fault", ["fail_after", "garbage_after"])
def test_a_call_that_was_taken_in_spite_of_its_answer_is_asked_about_and_not_sent_again(county, simulator, send, fault):
    simulator.faults(next=[fault], deduplicate=False)
    messages = some_messages(county, 5)

    assert send() == {"queued": 5}
    assert OutboundMessage.everything.filter(first_tried_at__isnull=False, retries=1).count() == 5
    make_due(*messages)

    assert send() == {"sent": 5}
    assert set(simulator.accepted().values()) == {1}
    assert OutboundMessage.everything.filter(provider_id=None).count() == 0


@pytest.mark.parametrize("fault", ["fail_before", "garbage_before"])
def test_a_call_that_was_lost_is_asked_about_and_then_sent(county, simulator, send, fault):
    simulator.faults(next=[fault], deduplicate=False)
    messages = some_messages(county, 5)

    send()
    make_due(*messages)

    assert send() == {"queued": 5, "sent": 5}
    assert [call["method"] for call in simulator.calls()][::-1] != ["sms/sendarray"] * 3
    assert set(simulator.accepted().values()) == {1}


def test_no_question_is_asked_before_the_call_is_surely_over(county, simulator, send):
    simulator.faults(next=["fail_after"])
    (message,) = some_messages(county, 1)
    send()
    message.refresh_from_db()

    assert (message.due_at - message.first_tried_at).total_seconds() >= 20
    assert send() == {}


def test_an_answer_that_hangs_is_given_up_and_asked_about(county, simulator, gateway, send, monkeypatch):
    monkeypatch.setattr("messaging.gateways.transport.ANSWER_SECONDS", 0.3)
    simulator.faults(next=["hang_after"], deduplicate=False)
    (message,) = some_messages(county, 1)

    assert send() == {"queued": 1}
    make_due(message)

    assert send() == {"sent": 1} and simulator.accepted() == {str(message.pk): 1}


def test_a_worker_killed_between_the_call_and_its_writing_leaves_a_question(county, simulator, gateway, send):
    simulator.faults(deduplicate=False)
    some_messages(county, 5)
    (killed,) = claiming.to_send(until=now())
    gateway.send_array([message.outgoing() for message in killed.messages])  # and no record: here it died

    assert send() == {}
    end_leases()

    assert send() == {"sent": 5} and set(simulator.accepted().values()) == {1}


def test_without_the_question_the_same_worker_doubles_its_messages(county, simulator, gateway, send, monkeypatch):
    """Negative control: the question is what keeps the promise."""
    simulator.faults(deduplicate=False)
    some_messages(county, 5)
    (killed,) = claiming.to_send(until=now())
    gateway.send_array([message.outgoing() for message in killed.messages])
    OutboundMessage.everything.update(status="queued", lease_until=None, first_tried_at=None)

    send()

    assert set(simulator.accepted().values()) == {2}


def test_a_worker_killed_before_its_call_has_its_messages_sent(county, simulator, send):
    some_messages(county, 5)
    claiming.to_send(until=now())
    end_leases()

    assert send() == {"queued": 5, "sent": 5} and set(simulator.accepted().values()) == {1}


def test_who_was_away_longer_than_the_lease_makes_no_call(county, simulator, gateway, monkeypatch):
    some_messages(county, 5)
    (batch,) = claiming.to_send(until=now())
    awake = timing.moment() + timing.of("lease")
    monkeypatch.setattr(timing, "moment", lambda: awake)

    answer = calling.send(gateway, batch)

    assert not simulator.accepted() and {outcome.status for outcome in answer.outcomes} == {"queued"}


def test_a_slow_sender_records_nothing_over_its_successor(county, simulator, gateway, send):
    some_messages(county, 2)
    (slow,) = claiming.to_send(until=now())
    answer = calling.send(gateway, slow)
    end_leases()
    send()
    before = list(OutboundMessage.everything.order_by("pk").values())

    assert recording.record([recording.ask_later(message) for message in slow.messages]) == []
    assert recording.record(answer.outcomes) == []
    assert list(OutboundMessage.everything.order_by("pk").values()) == before


def test_a_fate_that_the_gateway_has_forgotten_waits_for_a_person(county, simulator, send):
    simulator.faults(next=["fail_after"], deduplicate=False)
    (message,) = some_messages(county, 1)
    send()
    OutboundMessage.everything.update(first_tried_at=Now() - timedelta(hours=11, seconds=1), due_at=Now())

    assert send() == {"unknown": 1}
    message.refresh_from_db()

    assert (message.failure, simulator.accepted()) == ("fate_unknown", {str(message.pk): 1})
    assert send() == {}


def test_a_question_without_an_answer_is_asked_again_and_sends_nothing(county, simulator, send):
    simulator.faults(next=["fail_after"], deduplicate=False)
    (message,) = some_messages(county, 1)
    send()
    make_due(message)
    simulator.faults(fail_before=1)

    assert send() == {"queued": 1}
    message.refresh_from_db()

    assert message.first_tried_at is not None and message.retries == 2
    assert simulator.accepted() == {str(message.pk): 1}


def test_a_gateway_out_of_reach_costs_one_call_and_loses_nothing(county, simulator, settings, send):
    settings.KAVENEGAR_BASE_URL = "http://127.0.0.1:9/v1"
    some_messages(county, 1_700)

    counts = sending.send_due(chosen.gateway())

    assert states() == {"queued": 1_700} and counts["queued"] <= 1_600
    assert not OutboundMessage.everything.filter(first_tried_at__isnull=False).exists()


def test_what_never_reaches_the_gateway_fails_after_the_stated_number_of_tries(county, simulator, settings):
    settings.KAVENEGAR_BASE_URL = "http://127.0.0.1:9/v1"
    (message,) = some_messages(county, 1)
    gateway = chosen.gateway()

    for _ in range(settings.SMS_SENDING["most_retries"]):
        assert sending.send_due(gateway) == {"queued": 1}
        make_due(message)
    assert sending.send_due(gateway) == {"failed": 1}

    message.refresh_from_db()
    assert message.failure == "gave_up"


def test_tries_wait_ever_longer_and_never_at_the_same_moment(settings):
    waits = [[timing.backoff(retries) for _ in range(200)] for retries in (0, 3, 12)]

    assert [max(each) <= most for each, most in zip(waits, (30, 240, 3_600), strict=True)] == [True] * 3
    assert max(waits[2]) > 1_800 and len(set(waits[2])) > 100


def test_a_gateway_that_fails_every_time_is_left_alone_until_the_next_run(county, simulator, settings, send):
    settings.SMS_SENDING = settings.SMS_SENDING | {"in_flight": 1}
    simulator.faults(fail_before=1)
    some_messages(county, 1_200)

    assert send() == {"queued": 800} and len(simulator.calls("sms/sendarray")) == 4


def test_numbers_that_are_another_messages_own_are_no_answer(county, simulator, send):
    (first,) = some_messages(county, 1)
    send()
    (second,) = some_messages(county, 1)
    first.refresh_from_db()
    (taken,) = claiming.to_send(until=now())
    entry = recording.Entry(first.provider_id, 1)

    counts = sending.record([(taken, calling.Answer([recording.taken(taken.messages[0], entry)]))])

    second.refresh_from_db()
    assert counts == [second.pk] and (second.status, second.provider_id) == ("queued", None)
    assert second.first_tried_at is not None


def test_a_report_that_was_faster_than_our_own_writing_is_not_lost(county, simulator, gateway):
    some_messages(county, 1)
    (batch,) = claiming.to_send(until=now())
    answer = calling.send(gateway, batch)
    reports.record([(answer.outcomes[0].provider_id, 10)])

    sending.record([(batch, answer)])

    assert states() == {"delivered": 1}
