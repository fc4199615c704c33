"""The gateway's callbacks over HTTP: who may call, in which forms, what is answered, and what is never written to a log."""

import io
import json
import logging

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from kombu.exceptions import OperationalError as BrokerDownError

from abarkuh_loans import broker
from abarkuh_loans.log_lines import LogLine
from accounts.tests.factories import CountyFactory
from messaging import bell
from messaging.models import DeliveryReport, InboundMessage, OutboundMessage
from messaging.tests.drafts import sent
from messaging.workflow import inbound

pytestmark = pytest.mark.django_db
SECRET = "a-long-secret-that-only-the-gateway-knows"
DELIVERY, INBOUND = f"/hooks/sms/{SECRET}/delivery", f"/hooks/sms/{SECRET}/inbound"
WRITTEN = {"messageid": "901", "from": "09131234567", "to": "10004346", "message": "۱"}


@pytest.fixture(autouse=True)
def _secret():
    with override_settings(SMS_CALLBACK_SECRET=SECRET):
        yield


@pytest.fixture(autouse=True)
def rung(monkeypatch):
    tasks = []
    monkeypatch.setattr("messaging.bell.current_app.send_task", lambda task, **_: tasks.append(task))
    monkeypatch.setattr(broker, "_deaf_until", 0.0)
    return tasks


@pytest.fixture
def gateway():
    return Client(enforce_csrf_checks=True)


def message(number=5) -> OutboundMessage:
    return sent(CountyFactory(), provider_id=number)


def status_of(number=5) -> str:
    return OutboundMessage.everything.get(provider_id=number).status


WAYS = {
    "GET": lambda client, url, values: client.get(url, values),
    "form": lambda client, url, values: client.post(url, values),
    "urlencoded": lambda client, url, values: client.post(
        url, "&".join(f"{k}={v}" for k, v in values.items()), content_type="application/x-www-form-urlencoded"
    ),
    "JSON": lambda client, url, values: client.post(url, json.dumps(values), content_type="application/json"),
    "JSON without its name": lambda client, url, values: client.post(
        url, json.dumps([values]), content_type="text/plain"
    ),
    "names in capitals": lambda client, url, values: client.get(url, {k.upper(): v for k, v in values.items()}),
    "address and body": lambda client, url, values: client.post(
        f"{url}?{'&'.join(f'{k}={v}' for k, v in list(values.items())[:1])}", dict(list(values.items())[1:])
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_report_is_taken_in_every_form(gateway, way):
    message()
    answer = WAYS[way](gateway, DELIVERY, {"messageid": "5", "status": "10", "statustext": "رسیده", "date": "1"})

    assert (answer.status_code, status_of()) == (200, "delivered")


@pytest.mark.parametrize("way", WAYS)
def test_a_reply_is_taken_in_every_form(gateway, way):
    answer = WAYS[way](gateway, INBOUND, WRITTEN)

    kept = InboundMessage.everything.get()
    assert answer.status_code == 200
    assert (kept.provider_id, kept.sender, kept.line, kept.text) == ("901", "09131234567", "10004346", "۱")
    assert (kept.status, kept.meaning) == ("received", "")  # nobody has read it yet
    assert kept.raw["messageid"] == "901"


@pytest.mark.parametrize(
    ("values", "states"),
    [
        ({"messageid": "5,6", "status": "10"}, ["delivered", "delivered"]),
        ({"messageid": "5, 6", "status": "10,4"}, ["delivered", "sent"]),
        ({"messageid": [5, 6], "status": [4, 10]}, ["sent", "delivered"]),
        ([{"messageid": 5, "status": 10}, {"messageid": 6, "status": 11}], ["delivered", "undelivered"]),
        ({"messageid": "5,nonsense,6", "status": 10}, ["delivered", "delivered"]),
    ],
)
def test_one_call_may_tell_of_several_messages(gateway, values, states):
    message(5), message(6)

    assert gateway.post(DELIVERY, json.dumps(values), content_type="application/json").status_code == 200
    assert [status_of(5), status_of(6)] == states


def test_numbers_that_we_do_not_know_are_answered_200_and_kept(gateway):
    assert gateway.get(DELIVERY, {"messageid": "999", "status": "10"}).status_code == 200
    assert DeliveryReport.everything.get().provider_id == 999


@pytest.mark.parametrize("name", ["delivery", "inbound"])
@pytest.mark.parametrize("secret", ["guessed", SECRET[:-1], SECRET + "x", SECRET.upper(), "سری"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_wrong_secret_is_answered_404_and_logged_without_it(gateway, caplog, name, secret, method):
    message()
    caplog.set_level(logging.INFO)

    answer = getattr(gateway, method)(f"/hooks/sms/{secret}/{name}", {"messageid": "5", "status": "10"} | WRITTEN)

    assert answer.status_code == 404
    assert "wrong secret" in caplog.text and secret not in caplog.text
    assert status_of() == "sent" and not InboundMessage.everything.exists()


def test_without_a_secret_in_the_settings_nobody_gets_in(gateway):
    with override_settings(SMS_CALLBACK_SECRET=""):
        assert gateway.get("/hooks/sms//delivery").status_code == 404
        assert gateway.get("/hooks/sms/x/delivery", {"messageid": 5, "status": 10}).status_code == 404


def test_the_secret_stands_in_no_line_of_the_log(monkeypatch):
    line = LogLine("{message}", style="{")
    record = logging.LogRecord("x", logging.ERROR, "", 0, "Not Found: %s", (f"{DELIVERY}?a=1",), None)

    assert line.format(record) == "Not Found: /hooks/sms/•••/delivery?a=1"


def test_a_fault_of_ours_is_logged_without_the_secret_and_answered_so_that_it_comes_again(monkeypatch):
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(LogLine("{message}", style="{"))
    logging.getLogger().addHandler(handler)
    monkeypatch.setattr(inbound, "keep", lambda arrived: 1 / 0)
    try:
        answer = Client(raise_request_exception=False).get(INBOUND, WRITTEN)
    finally:
        logging.getLogger().removeHandler(handler)

    assert answer.status_code == 500
    assert "Internal Server Error" in written.getvalue() and SECRET not in written.getvalue()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"null", "application/json"),
        (b"[1, 2]", "application/json"),
        (b'{"messageid": {"a": 1}}', "application/json"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"<xml/>", "text/xml"),
        (b"nothing=here", "application/x-www-form-urlencoded"),
        (b"broken", "multipart/form-data; boundary="),
    ],
)
@pytest.mark.parametrize("url", [DELIVERY, INBOUND])
def test_garbage_is_answered_400_and_breaks_nothing(gateway, url, body, kind):
    assert gateway.post(url, body, content_type=kind).status_code == 400


@pytest.mark.parametrize(
    "values",
    [
        {"messageid": "5"},
        {"status": "10"},
        {"messageid": "5", "status": "delivered"},
        {"messageid": "5,6", "status": "10,10,10"},
        {"messageid": "-5", "status": "10"},
        {"messageid": "9" * 30, "status": "10"},
        {"messageid": "5", "status": "99999"},
        {"messageid": "0", "status": "10"},
        {"messageid": "5.0", "status": "10"},
    ],
)
def test_a_report_that_cannot_be_read_changes_nothing(gateway, values):
    message()

    assert gateway.get(DELIVERY, values).status_code == 400
    assert status_of() == "sent"


def test_a_body_that_is_too_long_is_refused(gateway):
    assert gateway.post(INBOUND, WRITTEN | {"message": "ب" * 200_000}).status_code == 413


def test_what_a_person_wrote_is_kept_even_from_nowhere(gateway):
    assert gateway.get(INBOUND, {"message": "1"}).status_code == 200
    assert InboundMessage.everything.get().text == "1"


def test_text_that_the_database_cannot_hold_is_kept_as_far_as_it_can(gateway):
    body = b'{"messageid": "1", "from": "0913", "to": "1", "message": "a\\u0000b\\ud800"}'

    assert gateway.post(INBOUND, body, content_type="application/json").status_code == 200
    assert InboundMessage.everything.get().text == "a\ufffdb?"


def test_whoever_takes_up_is_rung_for_after_the_message_is_kept(gateway, rung, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        gateway.get(INBOUND, WRITTEN)

    assert rung == [bell.TAKE_UP_INBOUND]


def test_a_broker_that_is_down_costs_no_reply(gateway, monkeypatch, django_capture_on_commit_callbacks):
    def down(task, **_options):
        raise BrokerDownError

    monkeypatch.setattr("messaging.bell.current_app.send_task", down)
    with django_capture_on_commit_callbacks(execute=True):
        assert gateway.get(INBOUND, WRITTEN).status_code == 200
    assert InboundMessage.everything.count() == 1


def test_five_deliveries_of_one_reply_are_one_reply(gateway):
    for way in ("GET", "JSON", "form", "GET", "JSON"):
        WAYS[way](gateway, INBOUND, WRITTEN)

    assert InboundMessage.everything.count() == 1


def test_a_callback_has_no_session_and_asks_little_of_the_database(gateway):
    message()
    with CaptureQueriesContext(connection) as asked:
        answer = gateway.get(DELIVERY, {"messageid": "5", "status": "10"})

    assert not answer.cookies
    assert not [query for query in asked.captured_queries if "session" in query["sql"]]


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(gateway, method):
    assert getattr(gateway, method)(DELIVERY).status_code == 405


def test_a_thousand_forged_reports_of_guessed_numbers_move_nothing_without_the_secret(gateway):
    message(5)
    for number in range(1, 1001, 10):
        gateway.get(
            "/hooks/sms/guess/delivery", {"messageid": ",".join(map(str, range(number, number + 10))), "status": "14"}
        )

    assert status_of() == "sent" and not DeliveryReport.everything.exists()
