"""When a person is called again, what his calls lead to, and what the script makes of his answers."""

from datetime import datetime, timedelta

import pytest

from employment_tracking.models import Attempt, JobRecord
from employment_tracking.rules import calls as rules
from employment_tracking.rules import script
from employment_tracking.rules.calls import Call, CallRules, CallTimeError, Level, Outcome, Result, Step
from iran.calendar import TEHRAN

YEAR = CallRules(
    attempts=3,
    days=2,
    gap=timedelta(hours=3),
    first_hour=9,
    last_hour=19,
    lease=timedelta(minutes=10),
    correction=timedelta(minutes=10),
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2022, 8, day, hour, minute, tzinfo=TEHRAN)


def silence(*moments: datetime) -> list[Call]:
    return [Call(Outcome.NO_ANSWER, moment) for moment in moments]


def step(calls, must_reach=Level.SMS):
    return rules.step_after(calls, rules=YEAR, must_reach=must_reach)


@pytest.mark.parametrize(
    ("made", "next_at"),
    [
        ([at(22, 10)], at(22, 13)),
        ([at(22, 15, 59)], at(22, 18, 59)),
        ([at(22, 16)], at(23, 9)),  # three hours later nobody is called any more
        ([at(22, 22)], at(23, 9)),
        ([at(22, 10), at(22, 13)], at(23, 18)),  # the third must be on another day, far from ten and thirteen
        ([at(22, 10), at(23, 18)], at(24, 14)),
        ([at(22, 10), at(23, 12)], at(23, 15)),
    ],
)
def test_a_person_who_does_not_pick_up_is_called_at_another_hour(made, next_at):
    assert step(silence(*made)) == Step(Level.PHONE, next_at=next_at)


def test_three_tries_on_two_days_at_different_hours_are_enough():
    assert step(silence(at(22, 10), at(22, 13), at(23, 18))) == Step(Level.FIELD)


@pytest.mark.parametrize(
    "made",
    [
        [at(22, 9), at(22, 12), at(22, 15)],  # one day alone
        [at(22, 10), at(23, 10), at(24, 10)],  # always at the same hour
        [at(22, 10), at(22, 10, 5), at(23, 15)],  # two within five minutes are one try
    ],
)
def test_fewer_days_hours_or_tries_are_not_enough(made):
    assert step(silence(*made)).level == Level.PHONE


def test_a_phone_that_is_off_counts_like_one_that_rings():
    calls = [Call(Outcome.OFF, at(22, 10)), Call(Outcome.NO_ANSWER, at(22, 14)), Call(Outcome.OFF, at(23, 18))]

    assert step(calls) == Step(Level.FIELD)


def test_calls_to_a_wrong_number_do_not_count_for_the_person():
    calls = [*silence(at(20, 10), at(21, 15)), Call(Outcome.WRONG_NUMBER, at(21, 18)), *silence(at(22, 10))]

    assert step(calls) == Step(Level.PHONE, next_at=at(22, 13))


@pytest.mark.parametrize("must_reach", [Level.SMS, Level.PHONE])
def test_a_yes_by_phone_closes_the_case(must_reach):
    assert step([Call(Outcome.CONFIRMED, at(22, 10))], must_reach) == Step(Level.PHONE, result=Result.CONFIRMED)


def test_a_yes_by_phone_does_not_close_where_a_visit_is_demanded():
    assert step([Call(Outcome.CONFIRMED, at(22, 10))], Level.FIELD) == Step(Level.FIELD)


@pytest.mark.parametrize("outcome", [Outcome.DENIED, Outcome.REFUSED])
def test_a_no_and_a_refusal_go_to_the_field(outcome):
    assert step([Call(outcome, at(22, 10))]) == Step(Level.FIELD)


def test_a_wrong_number_waits_for_the_agency():
    assert step([Call(Outcome.WRONG_NUMBER, at(22, 10))]) == Step(Level.PHONE, next_at=None)


def test_a_person_is_called_when_he_asked_to_be():
    assert step([Call(Outcome.CALL_LATER, at(22, 10), at(25, 17))]) == Step(Level.PHONE, next_at=at(25, 17))


def test_a_person_who_always_puts_off_is_visited():
    assert step([Call(Outcome.CALL_LATER, at(day, 10), at(day + 1, 17)) for day in range(20, 26)]) == Step(Level.FIELD)


def test_rules_of_the_year_that_leave_no_hour_still_give_a_time():
    closed = CallRules(**{**YEAR.__dict__, "first_hour": 12, "last_hour": 12})

    assert rules.next_try(silence(at(22, 10)), rules=closed) == at(23, 12)


@pytest.mark.parametrize("moment", [None, at(22, 9, 59), at(22, 10), at(22, 19), at(22, 8), at(23, 8, 59), at(30, 23)])
def test_a_time_that_nobody_can_be_called_at_is_refused(moment):
    with pytest.raises(CallTimeError):
        rules.check_call_later(moment, rules=YEAR, now=at(22, 10))


def test_a_time_more_than_two_weeks_ahead_is_refused():
    with pytest.raises(CallTimeError):
        rules.check_call_later(at(22, 11) + timedelta(days=14), rules=YEAR, now=at(22, 10))


@pytest.mark.parametrize("moment", [at(22, 10, 1), at(23, 9), at(31, 18, 59)])
def test_a_time_in_the_hours_of_calls_is_taken(moment):
    rules.check_call_later(moment, rules=YEAR, now=at(22, 10))


def test_who_registered_a_record_cannot_verify_it():
    with pytest.raises(rules.OwnRegistrationError):
        rules.check_not_own(7, by_id=7)
    rules.check_not_own(None, by_id=7)
    rules.check_not_own(8, by_id=7)


def correction(*, minutes=5, by_id=7, is_last=True):
    rules.check_correction(
        Attempt(happened_by_id=7),
        called_at=at(22, 10),
        by_id=by_id,
        is_last=is_last,
        rules=YEAR,
        now=at(22, 10) + timedelta(minutes=minutes),
    )


def test_the_author_may_correct_for_ten_minutes():
    correction(minutes=0)
    correction(minutes=10)


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"minutes": 10.1}, "۱۰ دقیقه"), ({"by_id": 8}, "همکاری"), ({"is_last": False}, "تازه‌تری")],
)
def test_a_late_foreign_or_overtaken_correction_is_refused(changes, words):
    with pytest.raises(rules.NoCorrectionError, match=words):
        correction(**changes)


def test_six_questions_are_asked_with_a_loan_or_without():
    with_loan = script.script_for(JobRecord(funding=JobRecord.Funding.LOAN))
    without = script.script_for(JobRecord(funding=JobRecord.Funding.NO_LOAN))

    assert [question.code for question in with_loan] == [
        "identity", "works_now", "since", "hours", "loan", "workplace",
    ]  # fmt: skip
    assert [question.code for question in without][4] == "for_whom"


@pytest.mark.parametrize(
    ("hours", "band"), [(19, "under_20"), (20, "from_20_to_40"), (40, "from_20_to_40"), (41, "over_40")]
)
def test_all_as_registered_says_what_the_record_says(hours, band):
    record = JobRecord(address="بالاده", hours_per_week=hours, funding=JobRecord.Funding.LOAN)

    assert script.as_registered(record) == {
        "identity": "self",
        "works_now": "yes",
        "since": "as_registered",
        "hours": band,
        "loan": "spent_here",
        "workplace": "as_registered",
    }


def test_all_as_registered_says_nothing_where_the_record_says_nothing():
    assert set(script.as_registered(JobRecord())) == {"identity", "works_now", "since"}


def test_every_code_of_an_answer_is_one_word_of_ascii():
    codes = [code for question in script.QUESTIONS.values() for code, _words in question.answers]

    assert all(code.isascii() and code.replace("_", "").isalnum() for code in [*script.QUESTIONS, *codes])


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ({"identity": "self", "works_now": "yes"}, Outcome.CONFIRMED),
        ({"identity": "self", "works_now": "seasonal"}, Outcome.CONFIRMED),
        ({"works_now": "stopped"}, Outcome.DENIED),
        ({"identity": "self", "works_now": "never"}, Outcome.DENIED),
    ],
)
def test_the_answers_say_whether_the_job_is_confirmed(answers, outcome):
    assert script.outcome_of(answers) == outcome


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({}, "works_now"),
        ({"works_now": "yes"}, "identity"),
        ({"identity": "household", "works_now": "yes"}, "identity"),
        ({"identity": "other", "works_now": "never"}, "identity"),
    ],
)
def test_an_answer_is_the_persons_own(answers, field):
    with pytest.raises(rules.RuleError) as refusal:
        script.outcome_of(answers)

    assert refusal.value.field == field
