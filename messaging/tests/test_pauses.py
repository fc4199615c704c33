"""No credit, a wrong key, the office's own stop: everything waits, nothing is lost, and it goes on by itself or by hand."""

from datetime import timedelta
from unittest import mock

import pytest
from django.db import connection
from django.db.models.functions import Now

from accounts.tests.factories import UserFactory
from messaging.models import OutboundMessage, SendingPause
from messaging.tests.drafts import some_messages, states
from messaging.workflow import pauses

pytestmark = pytest.mark.django_db


@pytest.fixture
def paused(county, simulator, send):
    simulator.faults(no_credit=True)
    some_messages(county, 250)
    send()
    return SendingPause.everything.get()


def let_the_probe_come() -> None:
    SendingPause.everything.filter(ended_at=None).update(try_again_at=Now() - timedelta(seconds=1))


def test_without_credit_everything_waits(paused, simulator, send):
    calls = len(simulator.calls())

    assert send() == {} and len(simulator.calls()) == calls
    assert states() == {"queued": 250} and not simulator.accepted()
    assert (paused.reason, paused.ended_at, paused.try_again_at > paused.began_at) == ("no_credit", None, True)


def test_the_alarm_is_given_once(county, simulator, send, caplog):
    simulator.faults(no_credit=True)
    some_messages(county, 1_000)

    send()

    assert [record.levelname for record in caplog.records].count("ERROR") == 1
    assert SendingPause.everything.count() == 1


def test_one_message_is_tried_after_a_while_and_more_when_it_goes(paused, simulator, send):
    let_the_probe_come()
    assert send() == {"queued": 1}

    simulator.faults(no_credit=False)
    assert send() == {}
    let_the_probe_come()

    assert send() == {"sent": 250}
    paused.refresh_from_db()
    assert paused.ended_at and paused.ended_by is None
    assert set(simulator.accepted().values()) == {1}


def test_a_person_resumes_it(paused, simulator, send, django_capture_on_commit_callbacks):
    simulator.faults(no_credit=False)
    user = UserFactory()
    connection.run_on_commit.clear()  # what the messages of this test's one transaction rang for

    with mock.patch("messaging.bell.current_app.send_task") as rung, django_capture_on_commit_callbacks(execute=True):
        assert pauses.resume(by=user)

    paused.refresh_from_db()
    assert paused.ended_by == user and rung.called
    assert send() == {"sent": 250} and not pauses.resume(by=user)


def test_a_reason_that_is_still_there_pauses_again(paused, simulator, send):
    pauses.resume(by=UserFactory())
    send()

    assert SendingPause.everything.filter(ended_at=None).count() == 1 and SendingPause.everything.count() == 2


def test_days_without_credit_are_no_tries(paused, simulator, send, settings):
    for _ in range(settings.SMS_SENDING["most_retries"] + 2):
        let_the_probe_come()
        send()
    simulator.faults(no_credit=False, next=["fail_before"])
    let_the_probe_come()
    send()

    assert states() == {"queued": 250} and OutboundMessage.everything.filter(retries=1).count() == 1


def test_the_offices_own_stop_tries_nothing(county, simulator, send):
    pauses.stop_by_hand(detail="آزمون")
    some_messages(county, 1)

    assert SendingPause.everything.get().try_again_at is None and send() == {}
    pauses.resume(by=UserFactory())
    assert send() == {"sent": 1}


def test_the_offices_stop_outlives_the_gateways_reason(paused):
    pauses.stop_by_hand()
    pauses.begin(reason="no_credit")
    pauses.end_by_itself()

    assert SendingPause.everything.get(ended_at=None).try_again_at is None


def test_a_wrong_key_is_told_and_nothing_is_lost(county, simulator, send):
    simulator.faults(refuse_key=True)
    some_messages(county, 3)

    send()

    assert SendingPause.everything.get().reason == "wrong_key" and states() == {"queued": 3}


def test_a_question_is_asked_during_a_pause_too(county, simulator, send):
    simulator.faults(next=["fail_after"], deduplicate=False)
    some_messages(county, 2)
    send()
    pauses.begin(reason="no_credit")
    OutboundMessage.everything.update(due_at=Now())

    assert send() == {"sent": 2}
