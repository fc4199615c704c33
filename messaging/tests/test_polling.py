"""Asking what became of messages before the gateway forgets them."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.db.models.functions import Now

from messaging import outbox
from messaging.models import DeliveryReport, OutboundMessage
from messaging.tests.drafts import a_draft, some_messages, states
from messaging.workflow import polling

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(county, simulator, send):
    simulator.faults(delivery_ms=0)
    messages = some_messages(county, 3)
    send()
    return messages


def grow_older(**age) -> None:
    OutboundMessage.everything.exclude(sent_at=None).update(
        sent_at=F("sent_at") - timedelta(**age), poll_at=F("poll_at") - timedelta(**age)
    )


def test_nobody_asks_before_ten_minutes(sent, gateway, simulator):
    assert polling.poll_deliveries(gateway) == {"asked": 0, "moved": 0}


def test_what_was_delivered_is_learnt_by_asking(sent, gateway, simulator):
    simulator.wait_until(lambda summary: summary["statuses"].get("10") == 3)
    grow_older(minutes=11)

    assert polling.poll_deliveries(gateway) == {"asked": 3, "moved": 3}
    assert states() == {"delivered": 3} and not OutboundMessage.everything.exclude(poll_at=None).exists()
    assert DeliveryReport.everything.filter(asked=True, provider_status=10).count() == 3


@pytest.mark.parametrize(
    ("age", "next_age"),
    [
        ({"minutes": 11}, {"hours": 1}),
        ({"hours": 2}, {"hours": 6}),
        ({"hours": 7}, {"hours": 24}),
        ({"hours": 25}, {"hours": 47}),
        ({"hours": 47, "minutes": 1}, None),
    ],
)
def test_the_questions_come_ever_later_and_end_before_the_gateway_forgets(
    county, simulator, gateway, send, age, next_age
):
    simulator.faults(delivery_ms=3_600_000)
    (message,) = some_messages(county, 1)
    send()
    grow_older(**age)

    polling.poll_deliveries(gateway)
    message.refresh_from_db()

    assert message.status == "sent"
    assert message.poll_at == (message.sent_at + timedelta(**next_age) if next_age else None)


def test_who_was_out_of_reach_is_asked_about_again(county, simulator, gateway, send):
    (message,) = some_messages(county, 1)
    simulator.faults(unreachable=[message.receptor], delivery_ms=0)
    send()
    simulator.wait_until(lambda summary: summary["statuses"].get("11") == 1)
    grow_older(minutes=11)

    polling.poll_deliveries(gateway)
    message.refresh_from_db()

    assert message.status == "undelivered" and message.poll_at is not None


def test_a_gateway_that_does_not_say_is_asked_again_soon(sent, gateway, simulator):
    grow_older(minutes=11)
    simulator.faults(fail_before=1)

    assert polling.poll_deliveries(gateway) == {"asked": 0, "moved": 0}
    assert states() == {"sent": 3}
    soon = OutboundMessage.everything.filter(poll_at__gt=Now(), poll_at__lt=Now() + timedelta(minutes=6))
    assert soon.count() == 3


def test_what_the_gateway_has_forgotten_changes_nothing(sent, gateway, simulator):
    OutboundMessage.everything.update(status="delivered", provider_status=10)
    simulator.advance(hours=49)
    grow_older(hours=47, minutes=30)

    polling.poll_deliveries(gateway)

    assert states() == {"delivered": 3}


def test_after_forty_eight_hours_nobody_is_asked(sent, gateway, simulator):
    grow_older(hours=49)

    assert polling.poll_deliveries(gateway) == {"asked": 0, "moved": 0}
    assert states() == {"sent": 3} and not OutboundMessage.everything.exclude(poll_at=None).exists()


def test_calls_are_asked_about_as_calls(county, simulator, gateway, send):
    outbox.add(a_draft(county, channel="call"))
    send()
    grow_older(minutes=11)

    assert polling.poll_deliveries(gateway)["asked"] == 1
    assert simulator.calls("call/status")


def test_more_than_one_call_takes_are_asked_in_several(county, simulator, gateway, send):
    some_messages(county, 501)
    send()
    grow_older(minutes=11)

    assert polling.poll_deliveries(gateway)["asked"] == 501
    assert len(simulator.calls("sms/status")) == 2
