"""Who blocks advertising lines is tried once over the service line."""

import pytest

from messaging.models import OutboundMessage
from messaging.tests.drafts import make_due, some_messages
from messaging.workflow import polling

pytestmark = pytest.mark.django_db


@pytest.fixture
def blocked(county, simulator, send):
    """A message that the gateway took and the operator stopped."""
    (message,) = some_messages(county, 1)
    simulator.faults(blocked=[message.receptor], delivery_ms=0)
    send()
    return message


def ask_now(gateway) -> None:
    OutboundMessage.everything.exclude(poll_at=None).update(poll_at="2022-01-01T00:00Z")
    polling.poll_deliveries(gateway)


def fate_of(message, gateway, status: str) -> OutboundMessage:
    """Ask until the gateway has come to that state."""
    for _ in range(200):
        ask_now(gateway)
        message.refresh_from_db()
        if message.status == status:
            return message
    raise AssertionError(message.status)


def test_without_a_service_line_it_stays_blocked(blocked, gateway, simulator, settings):
    settings.SMS_SERVICE_LINE = ""

    message = fate_of(blocked, gateway, "blocked")

    assert (message.failure, message.poll_at) == ("blocked", None)


def test_a_blocked_message_goes_once_more_over_the_service_line(blocked, gateway, simulator, settings, send):
    settings.SMS_SERVICE_LINE = simulator.service_line
    fate_of(blocked, gateway, "queued")

    assert send() == {"sent": 1}
    message = fate_of(blocked, gateway, "delivered")

    assert (message.sender, message.second_line) == (simulator.service_line, True)
    assert sorted(simulator.accepted().values()) == [1, 1]


def test_a_second_block_is_the_end(blocked, gateway, simulator, settings, send):
    settings.SMS_SERVICE_LINE = simulator.line
    fate_of(blocked, gateway, "queued")
    send()

    assert fate_of(blocked, gateway, "blocked").second_line
    assert send() == {}


def test_a_lost_answer_on_the_service_line_is_asked_about_under_that_lines_number(
    blocked, gateway, simulator, settings, send
):
    settings.SMS_SERVICE_LINE = simulator.service_line
    fate_of(blocked, gateway, "queued")
    simulator.faults(next=["fail_after"], deduplicate=False, blocked=[blocked.receptor], delivery_ms=0)
    send()
    make_due(blocked)

    send()
    message = fate_of(blocked, gateway, "delivered")

    assert message.sender == simulator.service_line and sorted(simulator.accepted().values()) == [1, 1]
