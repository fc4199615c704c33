"""The operators' desk: its pages, what happens when one comes too late, and the page for called persons."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.urls import reverse
from django.utils import timezone

from employment_tracking.models import Attempt, CodeGuess, VerificationCase
from employment_tracking.rules.calls import Level
from employment_tracking.tests.calling import Desk
from employment_tracking.workflow import calls, guesses
from iran.calendar import programme_now
from messaging.models import SendingRules

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def desk(client):
    desk = Desk()
    client.force_login(desk.operator)
    return desk


def take(desk, client, **changes) -> VerificationCase:
    """A person who waits, taken up by the operator at his desk."""
    case = desk.case(**changes)
    client.post(reverse("call-next"))
    assert client.get(reverse("call-desk")).context["case"] == case
    return case


def typed(client, **changes) -> dict:
    """The form as the page gives it, filled in."""
    page = client.get(reverse("call-desk")).context
    return {"ticket": page["ticket"], "key": page["form"]["key"].value(), "outcome": "no_answer", **changes}


def record(client, case, given):
    return client.post(reverse("call-record", args=[case.pk]), given)


def test_the_desk_opens_for_operators_at_sign_in(desk, client):
    assert client.get("/").url == reverse("call-desk")


def test_an_empty_queue_says_so(desk, client):
    assert "کسی در صف تماس نیست" in client.get(reverse("call-desk")).text


def test_the_next_persons_time_is_said(desk, client):
    desk.case(next_at=programme_now() + HOUR)

    assert "نوبت نفر بعدی" in client.get(reverse("call-desk")).text


def test_looking_at_the_desk_takes_nobody(desk, client):
    desk.case()
    client.get(reverse("call-desk"))

    assert not VerificationCase.everything.exclude(lease_by=None).exists()


def test_the_page_shows_the_person_and_how_to_check_the_call(desk, client):
    SendingRules.everything.create(county=desk.county, published_number="0353282")
    case = take(desk, client)

    page = client.get(reverse("call-desk")).text

    for words in (
        case.record.full_name,
        f"tel:{case.record.mobile}",
        "گلیم‌بافی",
        "کمیته امداد",
        "روستای بالاده",
        "۰۳۵۳۲۸۲",
    ):
        assert words in page
    assert case.check_code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")) in page
    assert case.record.national_id not in page


def test_earlier_calls_of_a_colleague_are_shown_with_the_person(desk, client):
    case = desk.case()
    calls.take_next(by=desk.colleague, now=programme_now())
    calls.record_call(case_id=case.pk, outcome="off", note="بوق نخورد", by=desk.colleague, now=programme_now())
    VerificationCase.everything.update(next_at=programme_now())
    client.post(reverse("call-next"))

    page = client.get(reverse("call-desk")).text

    assert "بوق نخورد" in page
    assert "کاظمی" in page


def test_a_result_is_recorded_and_the_next_person_comes_by_itself(desk, client):
    case, second = take(desk, client), desk.case()

    answer = record(client, case, typed(client))

    assert answer.url == reverse("call-desk")
    page = client.get(reverse("call-desk"))
    assert page.context["case"] == second
    assert (page.context["progress"].mine, page.context["progress"].total) == (1, 2)


def test_all_as_registered_answers_the_six_questions(desk, client):
    case = take(desk, client)

    record(client, case, typed(client, outcome="answered", rest_as_registered="on", hours="under_20"))

    attempt = Attempt.everything.get()
    assert attempt.outcome == "confirmed"
    assert attempt.answers == {
        "identity": "self",
        "works_now": "yes",
        "since": "as_registered",
        "hours": "under_20",
        "workplace": "as_registered",
    }


def test_who_has_stopped_goes_to_the_field(desk, client):
    case = take(desk, client)

    record(client, case, typed(client, outcome="answered", works_now="stopped"))

    case.refresh_from_db()
    assert (Attempt.everything.get().outcome, case.level) == ("denied", Level.FIELD)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"outcome": ""}, "outcome"),
        ({"outcome": "answered"}, "works_now"),
        ({"outcome": "answered", "works_now": "yes"}, "identity"),
        ({"outcome": "answered", "identity": "other", "rest_as_registered": "on"}, "identity"),
        ({"outcome": "call_later"}, "call_later_on"),
        ({"outcome": "call_later", "call_later_on": "۱۴۰۱/۱۳/۰۱", "call_later_hour": "10"}, "call_later_on"),
        ({"outcome": "call_later", "call_later_on": "۱۳۹۹/۰۱/۰۱", "call_later_hour": "10"}, "call_later_on"),
    ],
)
def test_a_form_with_a_fault_keeps_what_was_typed(desk, client, changes, field):
    case = take(desk, client)

    answer = record(client, case, typed(client, note="در مزرعه بود", **changes))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "در مزرعه بود" in answer.text
    assert not Attempt.everything.exists()


def test_a_form_sent_twice_is_recorded_once(desk, client):
    case = take(desk, client)
    given = typed(client)

    assert [record(client, case, given).url for _again in range(2)] == [reverse("call-desk")] * 2
    assert Attempt.everything.count() == 1


def test_whoever_comes_too_late_is_told_who_and_when_and_keeps_his_words(desk, client):
    case = take(desk, client)
    given = typed(client, outcome="answered", works_now="seasonal", note="فصل چیدن کار می‌کند")
    VerificationCase.everything.filter(pk=case.pk).update(lease_until=programme_now() - HOUR)
    calls.take_next(by=desk.colleague, now=programme_now())

    answer = record(client, case, given)

    assert answer.status_code == 409
    for words in ("کاظمی", "فصل چیدن کار می‌کند", "فصلی یا گاه‌به‌گاه", "پاسخ داد"):
        assert words in answer.text
    assert case.record.full_name not in answer.text
    assert not Attempt.everything.exists()


def test_a_lease_that_ended_unseen_still_records(desk, client):
    case = take(desk, client)
    given = typed(client)
    VerificationCase.everything.filter(pk=case.pk).update(lease_until=programme_now() - HOUR)

    assert record(client, case, given).status_code == 302
    assert Attempt.everything.count() == 1


def test_a_faulty_form_after_the_lease_takes_the_person_up_again(desk, client):
    case = take(desk, client)
    given = typed(client, outcome="answered", note="نوبت آبیاری")
    VerificationCase.everything.filter(pk=case.pk).update(lease_until=programme_now() - HOUR)

    answer = record(client, case, given)

    assert (answer.status_code, answer.context["case"]) == (422, case)
    assert "نوبت آبیاری" in answer.text


def test_a_faulty_form_of_an_old_window_keeps_its_words_while_another_person_is_held(desk, client):
    case = take(desk, client)
    given = typed(client, outcome="answered", note="نوبت آبیاری")
    calls.release(case_id=case.pk, by=desk.operator)
    take(desk, client, next_at=programme_now() - 99 * HOUR)

    answer = record(client, case, given)

    assert answer.status_code == 409
    assert "نوبت آبیاری" in answer.text


def test_a_person_whom_one_never_held_is_not_there(desk, client):
    take(desk, client)
    other = desk.case()

    for name in ("call-record", "call-renew", "call-release"):
        assert client.post(reverse(name, args=[other.pk]), typed(client)).status_code == 404
    assert not Attempt.everything.exists()


def test_a_ticket_of_another_operator_opens_nothing(desk, client):
    case = take(desk, client)
    given = typed(client)
    client.force_login(desk.colleague)

    assert record(client, case, given).status_code == 404


def test_more_time_keeps_what_was_typed(desk, client):
    case = take(desk, client)
    VerificationCase.everything.update(lease_until=programme_now() + timedelta(minutes=1))
    given = typed(client, outcome="answered", works_now="seasonal", note="هنوز حرف می‌زنیم")

    answer = client.post(reverse("call-renew", args=[case.pk]), given)

    case.refresh_from_db()
    assert case.lease_until > programme_now() + timedelta(minutes=9)
    assert "هنوز حرف می‌زنیم" in answer.text
    assert answer.context["form"]["works_now"].value() == "seasonal"


def test_a_pause_gives_the_person_back(desk, client):
    case = take(desk, client)

    client.post(reverse("call-release", args=[case.pk]), typed(client))

    case.refresh_from_db()
    assert case.lease_by is None
    assert "case" not in client.get(reverse("call-desk")).context


def test_ones_own_result_is_offered_for_correction_and_corrected(desk, client):
    case = take(desk, client)
    record(client, case, typed(client, outcome="refused", note="تند بود"))
    attempt = Attempt.everything.get()
    address = reverse("call-correct", args=[attempt.pk])

    assert address in client.get(reverse("call-desk")).text
    page = client.get(address)
    assert page.context["form"]["note"].value() == "تند بود"
    answer = client.post(address, {"key": "k", "outcome": "answered", "rest_as_registered": "on"})

    case.refresh_from_db()
    assert (answer.status_code, case.result) == (302, "confirmed")
    assert Attempt.everything.latest("pk").supersedes == attempt


def test_a_late_correction_is_refused_in_a_sentence(desk, client):
    case = take(desk, client)
    calls.record_call(case_id=case.pk, outcome="off", by=desk.operator, now=programme_now() - timedelta(minutes=11))
    attempt = Attempt.everything.get()

    answer = client.post(reverse("call-correct", args=[attempt.pk]), {"key": "k", "outcome": "no_answer"})

    assert answer.status_code == 422
    assert "۱۰ دقیقه" in answer.text
    assert reverse("call-correct", args=[attempt.pk]) not in client.get(reverse("call-desk")).text


def test_a_colleagues_result_is_not_there(desk, client):
    case = desk.case()
    calls.take_next(by=desk.colleague, now=programme_now())
    attempt = calls.record_call(case_id=case.pk, outcome="off", by=desk.colleague, now=programme_now())

    assert client.get(reverse("call-correct", args=[attempt.pk])).status_code == 404


def check(client, mobile_end, code):
    return client.post(reverse("call-verify"), {"mobile_end": mobile_end, "code": code})


@pytest.fixture
def stranger(client):
    return client


def test_a_called_person_learns_that_the_call_is_genuine(stranger):
    case = Desk().case()
    persian = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")

    answer = check(stranger, case.record.mobile[-4:].translate(persian), f" {case.check_code.translate(persian)} ")

    assert answer.status_code == 200
    assert "بله. اداره کار شهرستان" in answer.text
    assert "کمیته امداد" in answer.text
    for personal in (case.record.first_name, case.record.last_name, case.record.job_title, case.record.national_id):
        assert personal not in answer.text


def test_a_wrong_code_or_mobile_says_no(stranger):
    case = Desk().case(check_code="123456")

    for mobile_end, code in ((case.record.mobile[-4:], "123457"), ("0000", "123456")):
        answer = check(stranger, mobile_end, code)
        assert (answer.status_code, "چنین تماسی نیست" in answer.text) == (404, True)


@pytest.mark.parametrize(("mobile_end", "code"), [("", ""), ("12", "123456"), ("1234", "12345"), ("abcd", "123456")])
def test_what_is_no_code_is_said_at_its_field(stranger, mobile_end, code):
    assert check(stranger, mobile_end, code).status_code == 422


def test_a_case_that_nobody_called_is_no_call(stranger):
    case = Desk().case(level=Level.SMS)

    assert check(stranger, case.record.mobile[-4:], case.check_code).status_code == 404


def test_a_case_closed_long_ago_is_no_call(stranger):
    now = programme_now()
    closed = {"status": "closed", "result": "confirmed"}
    old = Desk().case(closed_at=now - timedelta(days=8), **closed)
    new = Desk().case(closed_at=now - timedelta(days=6), **closed)

    assert check(stranger, old.record.mobile[-4:], old.check_code).status_code == 404
    assert check(stranger, new.record.mobile[-4:], new.check_code).status_code == 200


def test_guessing_codes_ends_after_some_tries(stranger):
    case = Desk().case(check_code="123456")
    answers = [check(stranger, "0000", f"{500_000 + number}").status_code for number in range(31)]

    assert (set(answers[:30]), answers[30]) == ({404}, 429)
    assert check(stranger, case.record.mobile[-4:], "123456").status_code == 429


def test_the_count_of_guesses_is_one_for_all_processes_and_apart_for_each_client(stranger, settings):
    """In the database: a process' own memory is thrown away between any two tries."""
    settings.BEHIND_HTTPS, settings.SECURE_SSL_REDIRECT = True, False
    for _try in range(30):
        assert guesses.count_try("198.51.100.1")
        caches["default"].clear()
    case = Desk().case()
    right = {"mobile_end": case.record.mobile[-4:], "code": case.check_code}

    guesser = stranger.post(reverse("call-verify"), right, HTTP_X_FORWARDED_FOR="192.0.2.1, 198.51.100.1")
    neighbour = stranger.post(reverse("call-verify"), right, HTTP_X_FORWARDED_FOR="198.51.100.2")

    assert (guesser.status_code, neighbour.status_code) == (429, 200)
    assert not CodeGuess.everything.filter(place__contains="198.51").exists()


def test_a_right_code_is_no_guess_and_old_guesses_are_forgotten(stranger):
    case = Desk().case(check_code="123456")
    assert check(stranger, case.record.mobile[-4:], "123456").status_code == 200
    assert CodeGuess.everything.get().times == 0

    CodeGuess.everything.update(times=31, since=timezone.now() - timedelta(minutes=16))
    assert check(stranger, "0000", "123457").status_code == 404
    assert CodeGuess.everything.get().times == 1

    CodeGuess.everything.update(since=timezone.now() - timedelta(minutes=16))
    guesses.count_try("198.51.100.3")
    assert CodeGuess.everything.count() == 1
