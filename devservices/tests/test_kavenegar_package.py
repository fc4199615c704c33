"""The official ``kavenegar`` package, unchanged, with its host set to the simulator behind a throw-away authority."""

import json

import kavenegar
import pytest

from abarkuh_loans.testing.simulator import KEY, LINE, MOBILE, Simulator


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    folder = tmp_path_factory.mktemp("authority")
    started = Simulator(tls=folder)
    yield started, folder / "ca.pem"
    started.stop()


@pytest.fixture
def official(gateway, monkeypatch) -> kavenegar.KavenegarAPI:
    """As its README shows, with another host; ``REQUESTS_CA_BUNDLE`` is how requests learns of an authority."""
    started, authority = gateway
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority))
    api = kavenegar.KavenegarAPI(KEY)
    api.host = started.url.removeprefix("https://")
    return api


def test_it_sends_one_message_to_several_people_and_asks_what_became_of_them(official):
    sent = official.sms_send({"receptor": f"{MOBILE},09132222222", "message": "سلام", "sender": LINE, "localid": "1,2"})
    numbers = ",".join(str(entry["messageid"]) for entry in sent)

    assert [entry["receptor"] for entry in sent] == [MOBILE, "09132222222"]
    assert {entry["statustext"] for entry in sent} == {"در صف ارسال"}
    assert [entry["messageid"] for entry in official.sms_status({"messageid": numbers})] == [
        entry["messageid"] for entry in sent
    ]
    assert [entry["localid"] for entry in official.sms_statuslocalmessageid({"localid": "2"})] == ["2"]
    assert [entry["message"] for entry in official.sms_select({"messageid": numbers})] == ["سلام", "سلام"]


@pytest.mark.parametrize("as_json", [True, False])
def test_it_sends_an_array(official, as_json):
    """Documented as JSON; a plain list becomes one form field per entry."""
    shape = json.dumps if as_json else list
    sent = official.sms_sendarray(
        {"receptor": shape([MOBILE, "09132222222"]), "sender": shape([LINE, LINE]), "message": shape(["یک", "دو"])}
    )

    assert [entry["message"] for entry in sent] == ["یک", "دو"]


def test_it_reads_and_counts_the_outbox(official):
    official.sms_send({"receptor": MOBILE, "message": "سلام"})

    assert official.sms_latestoutbox({"pagesize": 1})[0]["message"] == "سلام"
    assert official.sms_selectoutbox({"startdate": 1})
    assert official.sms_countoutbox({"startdate": 1})[0]["sumcount"] >= 1


def test_it_cancels_a_message_of_later(official):
    (sent,) = official.sms_send({"receptor": MOBILE, "message": "فردا", "date": 4_000_000_000})

    assert official.sms_cancel({"messageid": sent["messageid"]})[0]["status"] == 13


def test_it_receives_and_counts_what_people_wrote(official, gateway):
    number = gateway[0].answer(MOBILE, "۱")
    (answer,) = official.sms_receive({"linenumber": LINE, "isread": 0})

    assert (answer["messageid"], answer["sender"], answer["message"]) == (number, MOBILE, "۱")
    assert official.sms_receive({"linenumber": LINE, "isread": 0}) == []
    assert official.sms_countinbox({"startdate": 1})[0]["sumcount"] == 1


def test_it_fills_a_template_and_calls(official):
    (sent,) = official.verify_lookup({"receptor": MOBILE, "template": "verify", "token": "852596", "type": "sms"})
    (call,) = official.call_maketts({"receptor": MOBILE, "message": "بازدید فردا"})

    assert sent["message"] == "کد شما: 852596"
    assert official.call_status({"messageid": call["messageid"]})[0]["status"] in (1, 4, 10)


def test_it_reads_the_account(official):
    assert official.account_info()["remaincredit"] > 0
    assert official.account_config({"dailyreport": "enabled"})["dailyreport"] == "enabled"


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"receptor": "12", "message": "سلام"}, 411),
        ({"receptor": MOBILE, "message": "سلام", "sender": "1000"}, 412),
        ({"receptor": MOBILE, "message": ""}, 413),
    ],
)
def test_it_raises_the_code_of_a_refusal(official, parameters, code):
    with pytest.raises(kavenegar.APIException) as refused:
        official.sms_send(parameters)
    assert refused.value.args[0].decode().startswith(f"APIException[{code}]")


def test_it_raises_for_a_wrong_key_and_for_what_the_simulator_does_not_speak(official):
    with pytest.raises(kavenegar.APIException):
        official.sms_countpostalcode({"postalcode": "89"})
    official.apikey = "another"
    with pytest.raises(kavenegar.APIException, match="401"):
        official.account_info()


def test_without_the_authority_it_does_not_trust_the_simulator(official, monkeypatch):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(kavenegar.HTTPException):
        official.account_info()


@pytest.mark.parametrize("fault", ["fail_before", "fail_after", "garbage_before", "garbage_after"])
def test_it_raises_for_an_answer_that_is_none(official, gateway, fault):
    gateway[0].faults(next=[fault])
    with pytest.raises(kavenegar.HTTPException):
        official.sms_send({"receptor": MOBILE, "message": "سلام"})
