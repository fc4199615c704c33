"""Results are corrected by their author within ten minutes: superseded, never edited."""

from datetime import timedelta

import pytest

from employment_tracking.models import JobRecord, VerificationCase
from employment_tracking.rules import calls as rules
from employment_tracking.rules.calls import Level, Outcome
from employment_tracking.tests.calling import NOW, Desk, called
from employment_tracking.workflow import calls

pytestmark = pytest.mark.django_db
Status = VerificationCase.Status
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def desk():
    return Desk()


def correct(desk, attempt, outcome, *, by=None, now=NOW + 5 * MINUTE, **given):
    return calls.correct(attempt_id=attempt.pk, outcome=outcome, by=by or desk.operator, now=now, **given)


def test_a_correction_supersedes_and_the_case_goes_where_it_leads(desk):
    case, attempt = called(desk, Outcome.CONFIRMED)

    corrected = correct(desk, attempt, Outcome.NO_ANSWER)

    case.refresh_from_db()
    attempt.refresh_from_db()
    assert (corrected.supersedes, corrected.number, attempt.outcome) == (attempt, 1, Outcome.CONFIRMED)
    assert (case.status, case.result, case.closed_at) == (Status.OPEN, "", None)
    assert case.next_at == NOW + 3 * HOUR  # counted from the call, not from its correction
    assert case.record.status == JobRecord.Status.IN_VERIFICATION


def test_a_case_sent_to_the_field_by_mistake_comes_back(desk):
    case, attempt = called(desk, Outcome.DENIED)

    correct(desk, attempt, Outcome.CONFIRMED)

    case.refresh_from_db()
    assert (case.status, case.level, case.record.status) == (Status.CLOSED, Level.PHONE, JobRecord.Status.VERIFIED)


def test_a_correction_is_corrected_within_the_minutes_of_the_call(desk):
    _case, attempt = called(desk, Outcome.DENIED)
    second = correct(desk, attempt, Outcome.CONFIRMED, now=NOW + 8 * MINUTE)

    third = correct(desk, second, Outcome.REFUSED, now=NOW + 9 * MINUTE)

    assert calls.called_at_of(third) == NOW
    assert [call.outcome for call in calls.calls_of(third.case)] == [Outcome.REFUSED]
    with pytest.raises(rules.NoCorrectionError):
        correct(desk, third, Outcome.DENIED, now=NOW + 11 * MINUTE)
    with pytest.raises(rules.NoCorrectionError):
        correct(desk, attempt, Outcome.DENIED)


def test_nobody_corrects_anothers_result(desk):
    _case, attempt = called(desk, Outcome.DENIED)

    with pytest.raises(rules.NoCorrectionError):
        correct(desk, attempt, Outcome.CONFIRMED, by=desk.colleague)


def test_a_case_that_an_inspector_has_is_not_corrected(desk):
    _case, attempt = called(desk, Outcome.DENIED)
    VerificationCase.everything.update(inspector=desk.colleague)

    with pytest.raises(rules.NoCorrectionError):
        correct(desk, attempt, Outcome.CONFIRMED)


def test_a_person_whom_a_colleague_has_meanwhile_is_not_corrected(desk):
    case, attempt = called(desk, Outcome.CALL_LATER)
    VerificationCase.everything.update(next_at=NOW)
    assert calls.take_next(by=desk.colleague, now=NOW + MINUTE) == case

    with pytest.raises(rules.NoCorrectionError):
        correct(desk, attempt, Outcome.CONFIRMED)


def test_a_corrected_call_later_needs_its_time_too(desk):
    case, attempt = called(desk, Outcome.DENIED)

    with pytest.raises(rules.CallTimeError):
        correct(desk, attempt, Outcome.CALL_LATER)
    correct(desk, attempt, Outcome.CALL_LATER, call_later_at=NOW + 2 * HOUR)

    case.refresh_from_db()
    assert (case.level, case.next_at) == (Level.PHONE, NOW + 2 * HOUR)
