"""Every code of the gateway's tables leads to a stated state, a retry or an alarm."""

import json
from contextlib import closing

import pytest
from django.utils import translation

from messaging.gateways import codes
from messaging.gateways.kavenegar import Kavenegar
from messaging.models import OutboundMessage, SendingPause
from messaging.tests.canned import accepted, envelope, serving
from messaging.tests.drafts import make_due, some_messages, states
from messaging.workflow import sending

pytestmark = pytest.mark.django_db
KEY = "a-secret-key"
DOCUMENTED = {
    200,
    400,
    401,
    402,
    404,
    405,
    407,
    409,
    411,
    412,
    413,
    414,
    417,
    418,
    419,
    422,
    424,
    426,
    428,
    431,
    432,
    607,
}
PAUSING = {401: "wrong_key", 403: "access_closed", 407: "address_refused", 412: "line_refused", 418: "no_credit"}
ASKING = (402, 409, 500, 503, 999)
REFUSING = {
    400: "refused", 404: "refused", 405: "refused", 411: "bad_number", 413: "bad_text", 414: "refused", 417: "refused",
    419: "refused", 422: "refused", 424: "refused", 426: "refused", 428: "not_by_call", 431: "refused", 432: "refused",
    607: "refused",
}  # fmt: skip


def send_to(answer) -> dict[str, int]:
    with serving(answer) as url, closing(Kavenegar(base_url=url, key=KEY)) as gateway:
        return sending.send_due(gateway)


def test_every_documented_code_has_its_row():
    assert set(codes.RETURN) == DOCUMENTED | {403}
    assert set(codes.MESSAGE) == {1, 2, 4, 5, 6, 10, 11, 13, 14, 50, 100}
    assert set(codes.RETURN) - {200} == set(PAUSING) | set(REFUSING) | {402, 409}


def test_every_reason_has_its_sentence_in_persian():
    reasons = {code.failure for code in (*codes.RETURN.values(), *codes.MESSAGE.values(), codes.WRONG_ADDRESS)} - {""}

    assert reasons <= set(codes.FAILURES) | set(codes.PAUSE_REASONS)
    with translation.override("fa"):
        said = [*codes.FAILURES.values(), *codes.PAUSE_REASONS.values()]
        said += [code.label for code in (*codes.RETURN.values(), *codes.MESSAGE.values())]
        assert all(any("؀" <= letter <= "ۿ" for letter in str(words)) for words in said)


@pytest.mark.parametrize("http", [200, "the code itself"])
@pytest.mark.parametrize("code", PAUSING)
def test_what_is_no_messages_fault_pauses_everything_and_keeps_the_messages(county, caplog, code, http):
    some_messages(county, 3)

    send_to(lambda path, form: (http if http == 200 else code, envelope(code)))

    assert SendingPause.everything.get().reason == PAUSING[code]
    assert states() == {"queued": 3}
    assert not OutboundMessage.everything.filter(first_tried_at__isnull=False).exists()
    assert [record.levelname for record in caplog.records] == ["ERROR"]


@pytest.mark.parametrize("code", ASKING)
def test_what_may_have_been_taken_is_asked_about_before_anything_else(county, code):
    messages = some_messages(county, 3)
    methods = []

    def answer(path, form):
        methods.append(path.split("/")[-1])
        if methods[-1] == "sendarray.json":
            return (code if code in (500, 503) else 200), envelope(code)
        return 200, envelope(
            200, [{"localid": i, "messageid": 9 + int(i), "status": 1} for i in form["localid"].split(",")]
        )

    assert send_to(answer) == {"queued": 3}
    make_due(*messages)

    assert send_to(answer) == {"sent": 3} and methods == ["sendarray.json", "statuslocalmessageid.json"]


@pytest.mark.parametrize("code", REFUSING)
def test_what_can_never_be_sent_fails_at_once_with_its_reason(county, code):
    some_messages(county, 1)

    assert send_to(lambda path, form: (200, envelope(code))) == {"failed": 1}
    message = OutboundMessage.everything.get()
    assert (message.failure, message.attempts) == (REFUSING[code], 1)
    assert not SendingPause.everything.exists()


@pytest.mark.parametrize("code", [411, 413, 422])
def test_the_message_at_fault_is_found_and_the_others_go(county, code):
    messages = some_messages(county, 200)
    bad = {messages[17].receptor, messages[150].receptor}

    def answer(path, form):
        if bad & set(json.loads(form["receptor"])):
            return 200, envelope(code)
        return 200, accepted(form)

    assert send_to(answer) == {"failed": 2, "sent": 198}
    assert set(OutboundMessage.everything.filter(status="failed").values_list("receptor", flat=True)) == bad


def test_a_call_that_is_too_large_is_halved(county):
    some_messages(county, 120)

    def answer(path, form):
        return 200, accepted(form) if len(json.loads(form["receptor"])) <= 50 else envelope(414)

    assert send_to(answer) == {"sent": 120}


@pytest.mark.parametrize("code", codes.MESSAGE)
def test_every_state_of_a_message_has_its_state_here(county, code):
    some_messages(county, 1)

    send_to(lambda path, form: (200, accepted(form, status=code)))

    message, meaning = OutboundMessage.everything.get(), codes.MESSAGE[code]
    assert message.status == (meaning.state or "sent") and message.provider_status == code
    assert (message.ended_at is not None, message.poll_at is None) == (meaning.final, meaning.final)
    assert message.failure == meaning.failure and message.cost_rial == (0 if code in (13, 14) else 1_200)


@pytest.mark.parametrize("http", [301, 404, 405])
def test_an_address_where_no_gateway_is_pauses_instead_of_failing_everything(county, http):
    some_messages(county, 3)

    send_to(lambda path, form: (http, b"<html>nginx</html>"))

    assert SendingPause.everything.get().reason == "wrong_address" and states() == {"queued": 3}


GARBAGE = {
    "a page": b"<html>502</html>",
    "nothing": b"",
    "another JSON": b"[1, 2]",
    "no entries": envelope(200),
    "fewer entries": envelope(200, []),
    "entries without numbers": envelope(200, [{"status": 1}] * 2),
    "other phones": envelope(200, [{"messageid": n, "status": 1, "receptor": "09"} for n in (1, 2)]),
    "deep": b'{"return":' + b"[" * 100_000,
    "not text": b"\xff\xfe\x00",
}


@pytest.mark.parametrize("garbage", GARBAGE)
def test_garbage_means_that_nobody_knows(county, garbage):
    some_messages(county, 2)

    assert send_to(lambda path, form: (200, GARBAGE[garbage])) == {"queued": 2}
    assert OutboundMessage.everything.filter(first_tried_at__isnull=False, provider_id=None).count() == 2


def test_the_same_number_for_two_messages_is_garbage(county):
    some_messages(county, 2)

    def answer(path, form):
        taken = json.loads(accepted(form))
        taken["entries"][1]["messageid"] = taken["entries"][0]["messageid"]
        return 200, json.dumps(taken).encode()

    assert send_to(answer) == {"queued": 2}


def test_an_own_number_that_the_answer_leaves_out_is_not_sent_again(county):
    messages = some_messages(county, 2)
    calls = []

    def answer(path, form):
        calls.append(path)
        return 200, b"?" if "sendarray" in path else envelope(200, [])

    send_to(answer)
    make_due(*messages)

    assert send_to(answer) == {"queued": 2} and len(calls) == 2
    assert OutboundMessage.everything.filter(first_tried_at__isnull=False).count() == 2


@pytest.mark.parametrize(
    "answer", [(200, b"<html>" + KEY.encode()), (401, envelope(401, message=f"key {KEY} refused")), (500, KEY.encode())]
)
def test_the_key_is_in_no_log_no_error_and_no_row(county, caplog, answer):
    caplog.set_level("DEBUG")
    some_messages(county, 2)

    send_to(lambda path, form: answer)
    with serving(lambda path, form: answer) as url:
        broken = Kavenegar(base_url=url, key=KEY)
        with pytest.raises(Exception, match=".") as raised:
            broken.status([1])
        broken.close()
    dead = Kavenegar(base_url="http://127.0.0.1:9/v1", key=KEY)
    with pytest.raises(Exception, match=".") as unreached:
        dead.status([1])

    said = caplog.text + str(list(SendingPause.everything.values())) + str(list(OutboundMessage.everything.values()))
    chain = [raised.value, raised.value.__cause__, unreached.value, unreached.value.__cause__]
    assert KEY not in said + repr(chain) + repr(broken)
