"""Answers fetched from the gateway where no callback reaches us, from a real simulator; and its callbacks to a real site."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from messaging import bell
from messaging.models import InboundMessage, OutboundMessage
from messaging.tests.canned import envelope, serving
from messaging.tests.drafts import sent, some_messages
from messaging.workflow import inbound, pulling

pytestmark = pytest.mark.django_db
MOBILE = "09131234567"


@pytest.fixture(autouse=True)
def _no_bell(monkeypatch):
    monkeypatch.setattr(bell, "ring", lambda task=bell.SEND_DUE: None)


def run() -> dict:
    said = StringIO()
    call_command("receive_messages", "--json", stdout=said)
    return json.loads(said.getvalue())


def test_what_people_wrote_is_fetched_once_and_taken_up(county, simulator):
    sent(county, receptor=MOBILE, sender=settings.SMS_LINE, answer_until=timezone.now() + timedelta(days=1))
    simulator.answer(MOBILE, "بله")
    simulator.answer("09350000001", "شما؟")

    assert run() == {"fetched": 2, "new": 2, "taken_up": 2}
    assert run()["new"] == 0
    assert sorted(InboundMessage.everything.values_list("sender", "meaning")) == [
        (MOBILE, "yes"),
        ("09350000001", "unclear"),
    ]


def test_more_than_a_page_is_fetched_to_the_end(county, simulator):
    for number in range(130):
        simulator.answer(f"0935000{number:04d}", "1")

    assert run()["new"] == 130


def test_what_was_handed_over_to_a_worker_that_died_is_not_lost(county, simulator, gateway, monkeypatch):
    """The gateway marks as read what it hands over: between that and our commit a kill could lose it."""
    simulator.answer(MOBILE, "بله")

    def die(arrived):
        if list(arrived):
            raise SystemExit
        return 0

    monkeypatch.setattr(inbound, "keep", die)
    with pytest.raises(SystemExit):
        pulling.pull(gateway)
    monkeypatch.undo()
    monkeypatch.setattr(bell, "ring", lambda task=bell.SEND_DUE: None)
    assert gateway.receive(settings.SMS_LINE) == []  # it would never come again by itself

    assert run()["new"] == 1


def test_the_negative_control_without_asking_for_the_read_ones_it_is_lost(county, simulator, gateway, monkeypatch):
    simulator.answer(MOBILE, "بله")
    gateway.receive(settings.SMS_LINE)  # handed over, and the worker is killed
    whole = gateway.__class__.receive
    monkeypatch.setattr(
        gateway.__class__, "receive", lambda self, line, read_before=False: [] if read_before else whole(self, line)
    )

    assert run()["new"] == 0


@pytest.mark.parametrize(
    "answer",
    [(500, b"oops"), (200, b"<html>"), (200, envelope(412)), (200, envelope(200, ["text"])), (200, envelope(418))],
)
def test_a_gateway_in_disorder_breaks_nothing(answer, settings):
    settings.SMS_LINE = "10008663"
    with serving(lambda path, form: answer) as settings.KAVENEGAR_BASE_URL:
        assert run() == {"fetched": 0, "new": 0, "taken_up": 0}


@pytest.mark.django_db(transaction=True)
def test_the_simulators_callbacks_reach_the_site_and_move_things_once(county, simulator, send, live_server, settings):
    settings.SMS_CALLBACK_SECRET = "the-secret-of-this-test"
    simulator.hooks(live_server.url, "the-secret-of-this-test")
    (message,) = some_messages(county, 1, purpose="question", answer_until=timezone.now() + timedelta(days=1))
    send()
    message.refresh_from_db()

    simulator.wait_until(lambda _summary: status(message) == "delivered")
    simulator.report(message.provider_id, 4, times=3)
    simulator.report(message.provider_id, 10, times=3)
    simulator.answer(message.receptor, "۱")
    simulator.wait_until(lambda _summary: InboundMessage.everything.exists())
    inbound.take_up_all()

    kept = InboundMessage.everything.get()
    assert (kept.meaning, kept.status, status(message)) == (
        "yes",
        "for_a_person",
        "delivered",
    )  # nobody takes answers here


def status(message: OutboundMessage) -> str:
    message.refresh_from_db()
    return message.status
