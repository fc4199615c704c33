"""The simulator speaks Kavenegar's API: its limits, its codes, its memory and its faults."""

import http.client
import json
import urllib.error

import pytest

from abarkuh_loans.testing.simulator import LINE, MOBILE, Simulator


# --- sending
def test_a_message_is_accepted_with_number_state_and_price(call, simulator):
    status, code, (entry,) = call("sms/send", receptor=MOBILE, message="سلام", sender=LINE, localid="7")

    assert (status, code) == (200, 200)
    assert set(entry) == {"messageid", "message", "status", "statustext", "sender", "receptor", "date", "cost"}
    assert (entry["message"], entry["status"], entry["sender"], entry["cost"]) == ("سلام", 1, LINE, 1200)
    assert [message["localid"] for message in simulator.messages(MOBILE)] == ["7"]


def test_two_hundred_messages_go_in_one_call_and_one_more_does_not(call, simulator):
    assert call.array(range(200))[1] == 200
    assert call.array(range(200, 401))[1] == 414
    assert simulator.summary()["messages"] == 200


@pytest.mark.parametrize(
    ("method", "parameters", "code"),
    [
        ("sms/send", {"receptor": "", "message": "سلام"}, 400),
        ("sms/send", {"receptor": "12", "message": "سلام"}, 411),
        ("sms/send", {"receptor": MOBILE, "message": ""}, 413),
        ("sms/send", {"receptor": MOBILE, "message": "ا" * 901}, 413),
        ("sms/send", {"receptor": ",".join([MOBILE] * 201), "message": "سلام"}, 414),
        ("sms/send", {"receptor": MOBILE, "message": "سلام", "sender": "1000"}, 412),
        ("sms/send", {"receptor": MOBILE, "message": "سلام", "date": "yesterday"}, 417),
        ("sms/send", {"receptor": MOBILE, "message": "سلام", "date": "1000000000"}, 417),
        ("sms/send", {"receptor": MOBILE, "message": "سلام", "tag": "two words"}, 607),
        ("sms/send", {"receptor": MOBILE, "message": "سلام", "localid": "1,2"}, 419),
        ("sms/sendarray", {"receptor": "[]", "sender": "[]", "message": "[]"}, 400),
        ("sms/sendarray", {"receptor": f'["{MOBILE}"]', "sender": f'["{LINE}"]', "message": '["a", "b"]'}, 419),
        ("sms/sendarray", {"receptor": "[not json", "sender": "[]", "message": "[]"}, 400),
        ("sms/status", {"messageid": ""}, 400),
        ("sms/status", {"messageid": ",".join(map(str, range(501)))}, 414),
        ("sms/latestoutbox", {"pagesize": "501"}, 400),
        ("sms/selectoutbox", {"startdate": "20", "enddate": "10"}, 417),
        ("sms/receive", {"linenumber": "1000", "isread": "0"}, 412),
        ("sms/receive", {"linenumber": LINE, "isread": "9"}, 400),
        ("sms/nosuch", {}, 404),
        ("verify/lookup", {"receptor": MOBILE, "template": "nosuch", "token": "1"}, 424),
        ("verify/lookup", {"receptor": MOBILE, "template": "verify", "token": "1 2"}, 431),
        ("verify/lookup", {"receptor": MOBILE, "template": "verify", "token": "1", "token2": "2"}, 432),
        ("verify/lookup", {"receptor": MOBILE, "template": "verify", "token": "a", "type": "call"}, 428),
    ],
)
def test_what_is_wrong_is_refused_with_its_code_and_nothing_is_taken(call, simulator, method, parameters, code):
    status, returned, entries = call(method, **parameters)

    assert (returned, entries) == (code, None)
    assert status == (200 if code > 599 else code)
    assert simulator.summary()["messages"] == 0


def test_the_array_wants_a_post(call):
    assert call("sms/sendarray", verb="GET", receptor="[]")[1] == 405


def test_a_wrong_key_is_refused(call):
    assert call("account/info", key="another")[1] == 401


def test_one_bad_number_refuses_the_whole_array(call, simulator):
    assert call.array([1, 2], receptors=[MOBILE, "0912"])[1] == 411
    assert simulator.accepted() == {}


def test_logical_errors_may_come_with_http_200(call, simulator):
    simulator.faults(errors_with_200=True, no_credit=True)

    assert call.array([1])[:2] == (200, 418)


def test_a_persian_text_is_counted_in_parts_of_sixty_seven(call):
    prices = [call("sms/send", receptor=MOBILE, message="ا" * length)[2][0]["cost"] for length in (70, 71, 134, 135)]

    assert prices == [1200, 2400, 2400, 3600]


def test_a_latin_text_has_longer_parts(call):
    prices = [call("sms/send", receptor=MOBILE, message="a" * length)[2][0]["cost"] for length in (160, 161)]

    assert prices == [1200, 2400]


# --- own numbers
def test_the_same_own_number_gives_the_earlier_message(call, simulator):
    first = call.array([1, 2])[2]
    again = call.array([2, 3, 3])[2]

    assert again[0]["messageid"] == first[1]["messageid"]
    assert again[1]["messageid"] == again[2]["messageid"]
    assert simulator.accepted() == {"1": 1, "2": 1, "3": 1}


def test_a_gateway_that_does_not_deduplicate_takes_it_twice(call, simulator):
    simulator.faults(deduplicate=False)
    call.array([1])
    call.array([1])

    assert simulator.accepted() == {"1": 2}


def test_own_numbers_are_known_for_twelve_hours_and_states_for_forty_eight(call, simulator):
    (sent,) = call.array([1])[2]

    def known():
        by_own = call("sms/statuslocalmessageid", localid="1,2")[2]
        by_number = call("sms/status", messageid=sent["messageid"])[2]
        return [entry["status"] == 100 for entry in (*by_own, *by_number)]

    assert known() == [False, True, False]
    simulator.advance(hours=12.1)
    assert known() == [True, True, False]
    simulator.advance(hours=36)
    assert known() == [True, True, True]


# --- what becomes of a message
def test_a_message_reaches_the_phone_and_its_state_is_asked(call, simulator):
    simulator.faults(delivery_ms=0, blocked=["09132222222"], unreachable=["09133333333"])
    sent = call.array([1, 2, 3], receptors=[MOBILE, "09132222222", "09133333333"])[2]
    simulator.wait_until(lambda summary: not {"1", "4"} & set(summary["statuses"]))

    found = call("sms/status", messageid=",".join(str(entry["messageid"]) for entry in sent))[2]
    assert [entry["status"] for entry in found] == [10, 14, 11]


def test_a_service_line_cannot_be_blocked(call, simulator):
    simulator.faults(delivery_ms=0, blocked=[MOBILE])
    call.array([1], senders=[Simulator.service_line])

    assert simulator.wait_until(lambda summary: "10" in summary["statuses"])


def test_a_message_for_later_waits_and_can_be_cancelled(call, simulator):
    (now,) = (call("utils/getdate")[2]["unixtime"],)
    (sent,) = call("sms/send", receptor=MOBILE, message="فردا", date=now + 3600)[2]
    assert sent["status"] == 2

    (cancelled,) = call("sms/cancel", messageid=sent["messageid"])[2]
    assert cancelled["status"] == 13


def test_the_outbox_can_be_read_and_counted(call):
    sent = call.array([1, 2])[2]
    numbers = {entry["messageid"] for entry in sent}

    assert {entry["messageid"] for entry in call("sms/latestoutbox", pagesize=10)[2]} == numbers
    assert {entry["messageid"] for entry in call("sms/selectoutbox", startdate=1)[2]} == numbers
    assert {entry["messageid"] for entry in call("sms/select", messageid=",".join(map(str, numbers)))[2]} == numbers
    assert call("sms/countoutbox", startdate=1)[2][0]["sumcount"] == 2


def test_a_call_reads_the_text_aloud(call, simulator):
    call("call/maketts", receptor=MOBILE, message="بازدید فردا", localid="9")

    assert [message["channel"] for message in simulator.messages(MOBILE)] == ["call"]


def test_a_template_is_filled(call, simulator):
    call(
        "verify/lookup",
        receptor=MOBILE,
        template="visit",
        token="1401/06/01",
        token2="10",
        token3="57",
        token10="اداره کار ابرکوه",
    )

    assert simulator.messages(MOBILE)[0]["text"] == "بازدید ناظر: 1401/06/01 ساعت 10. کد ناظر 57\nاداره کار ابرکوه"


# --- the inbox
def test_answers_are_handed_over_once_a_hundred_at_a_time(call, simulator):
    for number in range(103):
        simulator.answer(f"0913{number:07d}", "۱")

    sizes = [len(call("sms/receive", linenumber=LINE, isread=0)[2]) for _ in range(3)]
    assert sizes == [100, 3, 0]
    assert len(call("sms/receive", linenumber=LINE, isread=1)[2]) == 100
    assert call("sms/countinbox", startdate=1)[2][0]["sumcount"] == 103


def test_credit_goes_down_and_ends(call, simulator):
    simulator.faults(credit_rial=3000)
    assert call.array([1, 2])[1] == 200
    assert call("account/info")[2]["remaincredit"] == 600
    assert call.array([3])[1] == 418


# --- faults of a call
def test_a_failure_before_takes_nothing_and_one_after_takes_everything(call, simulator):
    simulator.faults(next=["fail_before", "fail_after", "garbage_before", "garbage_after", ""])
    for localid in range(1, 5):
        with pytest.raises(json.JSONDecodeError):
            call.array([localid])

    assert call.array([5])[1] == 200
    assert simulator.accepted() == {"2": 1, "4": 1, "5": 1}
    assert simulator.summary()["faults"] == {"fail_before": 1, "fail_after": 1, "garbage_before": 1, "garbage_after": 1}


def test_a_call_that_hangs_was_accepted(call, simulator):
    simulator.faults(next=["hang_after"], hang_seconds=0.5)
    with pytest.raises(http.client.RemoteDisconnected):
        call.array([1])

    assert simulator.accepted() == {"1": 1}


def test_shares_of_faults_are_kept_over_many_calls(call, simulator):
    simulator.faults(fail_before=0.2, fail_after=0.2)
    for _ in range(300):
        try:
            call("utils/getdate")
        except json.JSONDecodeError:
            continue

    faults = simulator.summary()["faults"]
    assert 30 < faults["fail_before"] < 95 and 30 < faults["fail_after"] < 95


@pytest.mark.parametrize("switch", [{"nosuch": 1}, {"fail_before": "half"}, {"no_credit": 1}, {"next": ["nosuch"]}])
def test_a_switch_that_does_not_exist_is_refused(simulator, switch):
    with pytest.raises(urllib.error.HTTPError) as refused:
        simulator.faults(**switch)
    with refused.value as answer:
        assert answer.code == 422
