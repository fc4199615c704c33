"""Who holds which person, what a call changes, and what may be corrected."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from employment_tracking.models import Attempt, Campaign, JobRecord, VerificationCase
from employment_tracking.rules import calls as rules
from employment_tracking.rules.calls import Level, Outcome
from employment_tracking.tests.calling import NOW, Desk, called, record_call
from employment_tracking.workflow import calls

pytestmark = pytest.mark.django_db
Status = VerificationCase.Status
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def desk():
    return Desk()


def test_the_person_who_waits_longest_comes_first(desk):
    desk.case(next_at=NOW - HOUR)
    longest = desk.case(next_at=NOW - 5 * HOUR)

    assert calls.take_next(by=desk.operator, now=NOW) == longest


@pytest.mark.parametrize(
    "changes",
    [
        {"next_at": NOW + MINUTE},
        {"next_at": None},
        {"level": Level.SMS},
        {"level": Level.FIELD},
        {"status": Status.CLOSED, "result": "confirmed", "closed_at": NOW},
    ],
)
def test_who_is_not_due_at_the_phone_level_is_not_called(desk, changes):
    desk.case(**changes)

    assert calls.take_next(by=desk.operator, now=NOW) is None


@pytest.mark.parametrize("status", [Campaign.Status.PLANNED, Campaign.Status.PAUSED, Campaign.Status.ENDED])
def test_nobody_is_called_in_a_campaign_that_does_not_run(desk, status):
    desk.case()
    Campaign.everything.update(status=status)

    assert calls.take_next(by=desk.operator, now=NOW) is None


def test_an_operator_never_gets_whom_he_registered(desk):
    own = desk.case(record=desk.record(by=desk.operator))

    assert calls.take_next(by=desk.operator, now=NOW) is None
    assert calls.take_next(by=desk.colleague, now=NOW) == own


def test_an_operator_gets_nobody_of_another_county(desk):
    Desk().case()

    assert calls.take_next(by=desk.operator, now=NOW) is None


def test_coming_back_within_ten_minutes_gives_the_same_person(desk):
    desk.case()
    first = calls.take_next(by=desk.operator, now=NOW)
    desk.case(next_at=NOW - 90 * HOUR)

    assert calls.take_next(by=desk.operator, now=NOW + 9 * MINUTE) == first


def test_two_operators_get_two_people(desk):
    desk.case(), desk.case()

    assert calls.take_next(by=desk.operator, now=NOW) != calls.take_next(by=desk.colleague, now=NOW)


def test_a_person_whose_operator_is_gone_is_free_after_ten_minutes(desk):
    case = desk.case()
    calls.take_next(by=desk.operator, now=NOW)

    assert calls.take_next(by=desk.colleague, now=NOW + 9 * MINUTE) is None
    assert calls.take_next(by=desk.colleague, now=NOW + 10 * MINUTE) == case


def test_a_pause_gives_the_person_back_at_once(desk):
    case = desk.case()
    calls.take_next(by=desk.operator, now=NOW)

    calls.release(case_id=case.pk, by=desk.operator)

    assert calls.take_next(by=desk.colleague, now=NOW) == case


def test_nobody_gives_back_what_another_holds(desk):
    case = desk.case()
    calls.take_next(by=desk.operator, now=NOW)

    calls.release(case_id=case.pk, by=desk.colleague)

    assert calls.take_next(by=desk.colleague, now=NOW) is None


def test_a_person_is_held_on_for_as_long_again(desk):
    case = desk.case()
    calls.take_next(by=desk.operator, now=NOW)

    calls.renew(case_id=case.pk, by=desk.operator, now=NOW + 9 * MINUTE)

    assert calls.take_next(by=desk.colleague, now=NOW + 18 * MINUTE) is None
    with pytest.raises(rules.NotInHandError):
        calls.renew(case_id=case.pk, by=desk.colleague, now=NOW)


def test_the_database_lets_nobody_hold_two_people(desk):
    held = {"lease_by": desk.operator, "lease_until": NOW}
    desk.case(**held)

    with pytest.raises(IntegrityError, match="case_one_in_hand_per_person"):
        desk.case(**held)


def test_a_confirmed_job_is_verified_and_its_case_closed(desk):
    case, attempt = called(desk, Outcome.CONFIRMED)

    assert (case.status, case.result, case.closed_at) == (Status.CLOSED, "confirmed", NOW)
    assert (case.lease_by, case.next_at) == (None, None)
    assert case.record.status == JobRecord.Status.VERIFIED
    assert (attempt.channel, attempt.number, attempt.happened_by) == ("phone", 1, desk.operator)


def test_a_confirmed_job_whose_rule_demands_a_visit_goes_to_the_field(desk):
    case, _attempt = called(desk, Outcome.CONFIRMED, must_reach=Level.FIELD)

    assert (case.status, case.level, case.record.status) == (Status.OPEN, Level.FIELD, "in_verification")


@pytest.mark.parametrize("outcome", [Outcome.DENIED, Outcome.REFUSED])
def test_a_no_goes_to_the_field_and_is_no_result(desk, outcome):
    case, _attempt = called(desk, outcome)

    assert (case.level, case.level_since, case.result, case.next_at) == (Level.FIELD, NOW, "", None)


def test_the_third_call_without_an_answer_goes_to_the_field_by_itself(desk):
    case = desk.case()
    numbers, now = [], NOW
    while case.level == Level.PHONE:
        assert calls.take_next(by=desk.operator, now=now - MINUTE if numbers else now) == (None if numbers else case)
        calls.take_next(by=desk.operator, now=now)
        attempt = record_call(desk, case, now=now)
        case.refresh_from_db()
        numbers.append(attempt.number)
        assert attempt.next_try_at == case.next_at
        now = case.next_at

    assert numbers == [1, 2, 3]
    assert (case.status, case.level) == (Status.OPEN, Level.FIELD)


def test_a_wrong_number_waits_for_the_agency(desk):
    case, _attempt = called(desk, Outcome.WRONG_NUMBER)

    assert (case.level, case.next_at) == (Level.PHONE, None)


def test_a_person_is_called_when_he_asked_to_be(desk):
    case, _attempt = called(desk, Outcome.CALL_LATER)

    assert case.next_at == NOW + HOUR


def test_a_call_later_without_a_time_writes_nothing(desk):
    case = desk.case()
    calls.take_next(by=desk.operator, now=NOW)

    with pytest.raises(rules.CallTimeError):
        record_call(desk, case, Outcome.CALL_LATER)

    assert not Attempt.everything.exists()


def test_whoever_registered_a_record_cannot_record_its_call(desk):
    case = desk.case(record=desk.record(by=desk.operator), lease_by=desk.operator, lease_until=NOW + HOUR)

    with pytest.raises(rules.OwnRegistrationError):
        record_call(desk, case)


def test_the_database_refuses_a_call_by_who_registered_the_record(desk):
    case = desk.case(record=desk.record(by=desk.operator))

    with pytest.raises(IntegrityError, match="cannot verify"), transaction.atomic():
        Attempt.everything.create(case=case, channel="phone", outcome="confirmed", happened_by=desk.operator)


def test_a_person_taken_by_another_is_told_who_and_when(desk):
    case = desk.case()
    calls.take_next(by=desk.operator, now=NOW)
    calls.take_next(by=desk.colleague, now=NOW + 12 * MINUTE)

    with pytest.raises(rules.NotInHandError, match="کاظمی.*۱۰:۱۲"):
        record_call(desk, case, now=NOW + 13 * MINUTE, seen=0)
    assert not Attempt.everything.exists()


def test_a_result_recorded_by_another_is_told_with_who_and_when(desk):
    case = desk.case()
    calls.take_next(by=desk.operator, now=NOW)
    calls.take_next(by=desk.colleague, now=NOW + 12 * MINUTE)
    record_call(desk, case, by=desk.colleague, now=NOW + 15 * MINUTE)

    with pytest.raises(rules.NotInHandError, match="کاظمی.*۱۰:۱۵"):
        record_call(desk, case, Outcome.CONFIRMED, now=NOW + 16 * MINUTE, seen=0)


def test_a_lease_that_ended_by_the_clock_alone_loses_nothing(desk):
    case = desk.case()
    calls.take_next(by=desk.operator, now=NOW)

    record_call(desk, case, Outcome.CONFIRMED, now=NOW + HOUR)

    assert Attempt.everything.get().outcome == Outcome.CONFIRMED


def test_a_person_whom_one_never_held_cannot_be_recorded(desk):
    with pytest.raises(rules.NotInHandError):
        record_call(desk, desk.case())


def test_recording_twice_changes_once(desk):
    case, _attempt = called(desk, Outcome.NO_ANSWER)

    with pytest.raises(rules.NotInHandError):
        record_call(desk, case, seen=0)
    assert Attempt.everything.count() == 1


def closed_by_sms(case):
    """The person answered yes by SMS while the operator had him."""
    JobRecord.everything.filter(pk=case.record_id).update(status=JobRecord.Status.VERIFIED)
    VerificationCase.everything.filter(pk=case.pk).update(
        status=Status.CLOSED, result="confirmed", closed_at=NOW, next_at=None
    )


def test_a_no_by_phone_overrides_a_yes_by_sms(desk):
    case = desk.case()
    calls.take_next(by=desk.operator, now=NOW)
    closed_by_sms(case)

    record_call(desk, case, Outcome.DENIED)

    case.refresh_from_db()
    assert (case.status, case.level, case.result, case.record.status) == (
        Status.OPEN, Level.FIELD, "", JobRecord.Status.IN_VERIFICATION,
    )  # fmt: skip


def test_silence_by_phone_overrides_no_answer_by_sms(desk):
    case = desk.case()
    calls.take_next(by=desk.operator, now=NOW)
    closed_by_sms(case)

    record_call(desk, case, Outcome.NO_ANSWER)

    case.refresh_from_db()
    assert (case.status, case.result, case.lease_by) == (Status.CLOSED, "confirmed", None)
    assert Attempt.everything.count() == 1


def test_a_case_gone_to_the_field_takes_no_call(desk):
    case = desk.case()
    calls.take_next(by=desk.operator, now=NOW)
    VerificationCase.everything.update(level=Level.FIELD)

    with pytest.raises(rules.NotInHandError):
        record_call(desk, case)


def test_a_record_struck_out_during_the_call_takes_no_result(desk):
    case = desk.case()
    calls.take_next(by=desk.operator, now=NOW)
    JobRecord.everything.update(status=JobRecord.Status.VOID)
    VerificationCase.everything.update(
        status=Status.CLOSED, result="unreached", closed_at=NOW, lease_by=None, lease_until=None
    )

    with pytest.raises(rules.NotInHandError, match="ابطال"):
        record_call(desk, case, Outcome.CONFIRMED, seen=0)
    with pytest.raises(rules.NotInHandError):
        calls.renew(case_id=case.pk, by=desk.operator, now=NOW, seen=0)


def test_a_yes_counts_though_the_campaign_ended_during_the_call(desk):
    case = desk.case()
    calls.take_next(by=desk.operator, now=NOW)
    JobRecord.everything.update(status=JobRecord.Status.REGISTERED)
    VerificationCase.everything.update(status=Status.CLOSED, result="unreached", closed_at=NOW)

    record_call(desk, case, Outcome.CONFIRMED)

    case.refresh_from_db()
    assert (case.result, case.record.status) == ("confirmed", JobRecord.Status.VERIFIED)


def test_whoever_holds_one_person_does_not_take_up_another(desk):
    first, second = desk.case(next_at=NOW - 50 * HOUR), desk.case()
    calls.take_next(by=desk.operator, now=NOW)

    with pytest.raises(rules.NotInHandError):
        calls.renew(case_id=second.pk, by=desk.operator, now=NOW, seen=0)
    assert calls.take_next(by=desk.operator, now=NOW) == first


def test_calls_from_before_a_case_was_opened_again_count_no_more(desk):
    case, _attempt = called(desk, Outcome.NO_ANSWER)
    Attempt.everything.create(case=case, channel="upstream", outcome="yes", happened_at=NOW, happened_by=desk.expert)

    assert calls.calls_of(case) == []


def test_a_reopened_case_that_is_confirmed_is_closed_finally(desk):
    case, _attempt = called(desk, Outcome.CONFIRMED, status=Status.REOPENED)

    assert case.status == Status.CLOSED_FINALLY
