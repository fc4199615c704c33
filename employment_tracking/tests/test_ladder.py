"""From the question by SMS to the phone and the field queue: what answers, failures, silence and time do."""

from datetime import timedelta

import pytest

from employment_tracking.models import Attempt, JobRecord, VerificationCase
from employment_tracking.rules.calls import Outcome, OwnRegistrationError
from employment_tracking.tests.laddering import DAYS, HOURS, NOW, Ladder
from employment_tracking.workflow import answers, cases
from messaging.models import OutboundMessage
from messaging.workflow import reports

pytestmark = pytest.mark.django_db
Sent = OutboundMessage.Status


@pytest.fixture
def ladder() -> Ladder:
    return Ladder()


@pytest.fixture
def asked(ladder):
    """One person whose question has left."""
    record = ladder.record()
    ladder.started()
    ladder.gateway_says(Sent.SENT)
    ladder.advance()
    return record


def standing(ladder, record) -> tuple[str, str]:
    case = ladder.case(record)
    return case.level, case.status


def test_a_yes_verifies_the_record(ladder, asked):
    (handled,) = ladder.answers(asked, "yes")

    case = ladder.case(asked)
    assert handled.status == "handled"
    assert (case.status, case.result, case.closed_at, case.next_at) == ("closed", "confirmed", NOW, None)
    assert case.record.status == JobRecord.Status.VERIFIED
    assert asked.events.first().to_status == JobRecord.Status.VERIFIED
    assert ladder.outcomes(asked) == ["asked", "yes"]


@pytest.mark.parametrize("meaning", ["no", "opt_out", "unclear"])
def test_another_answer_leads_to_the_phone(ladder, asked, meaning):
    (handled,) = ladder.answers(asked, meaning)

    assert standing(ladder, asked) == ("phone", "open")
    assert ladder.case(asked).next_at == NOW
    assert handled.status == ("for_a_person" if meaning == "unclear" else "handled")
    assert ladder.case(asked).record.status == JobRecord.Status.IN_VERIFICATION


@pytest.mark.parametrize(("flag", "level"), [("mobile_shared", "phone"), ("line_restricted", "field")])
def test_a_yes_of_a_flagged_record_goes_up_with_it(ladder, flag, level):
    record = ladder.record(flags=(flag,))
    ladder.started()

    ladder.answers(record, "yes")

    case = ladder.case(record)
    assert (case.level, case.must_reach, case.status, case.reasons) == (level, level, "open", [flag])
    assert ladder.outcomes(record) == ["asked", "yes"]


def test_a_shared_mobile_is_called_even_where_the_rules_do_not_name_that_flag(ladder):
    ladder.rule("flags_to_phone", "address_cluster")
    record = ladder.record(flags=("mobile_shared",))
    ladder.started()

    ladder.answers(record, "yes")

    assert standing(ladder, record) == ("phone", "open")


def test_several_open_cases_of_one_mobile_are_asked_by_phone(ladder):
    records = [ladder.record(mobile="09901112233") for _ in range(2)]
    ladder.started()

    (handled,) = ladder.answers(records[0], "yes")

    assert [standing(ladder, record) for record in records] == [("phone", "open")] * 2
    assert handled.status == "handled"
    assert Attempt.everything.filter(inbound__isnull=False).count() == 1


def test_an_answer_after_the_phone_took_over_is_kept_and_changes_nothing(ladder, asked):
    ladder.answers(asked, "no")

    (handled,) = ladder.answers(asked, "yes")

    assert standing(ladder, asked) == ("phone", "open")
    assert handled.status == "handled"
    assert ladder.outcomes(asked) == ["asked", "no", "yes"]


def test_of_two_answers_in_one_batch_the_first_counts(ladder, asked):
    first, second = ladder.answers(asked, "yes", "no")

    assert ladder.case(asked).result == "confirmed"
    assert (first.status, second.status) == ("handled", "for_a_person")


def test_an_answer_to_a_closed_case_waits_for_a_person(ladder, asked):
    ladder.answers(asked, "yes")

    (handled,) = ladder.answers(asked, "no")

    assert handled.status == "for_a_person" and handled.note
    assert ladder.case(asked).result == "confirmed"


def test_an_answer_after_the_days_of_the_rule_waits_for_a_person(ladder, asked):
    sent = ladder.questions(asked)[0].sent_at

    (late,) = ladder.answers(asked, "yes", at=sent + timedelta(days=7, seconds=1))
    (in_time,) = ladder.answers(asked, "yes", at=sent + timedelta(days=7))

    assert (late.status, in_time.status) == ("for_a_person", "handled")
    assert ladder.case(asked).result == "confirmed"


def test_an_answer_to_nothing_of_ours_waits_for_a_person(ladder, asked):
    stranger = ladder.record()

    (handled,) = ladder.answers(stranger, "yes")

    assert handled.status == "for_a_person"


def test_a_thousand_answers_cost_as_many_statements_as_ten(ladder, django_assert_max_num_queries):
    people = [ladder.record() for _ in range(60)]
    ladder.started()
    few = [ladder.reply(record, "yes") for record in people[:5]] + [ladder.reply(people[5], "no")]
    many = [ladder.reply(record, "yes") for record in people[6:50]] + [ladder.reply(r, "no") for r in people[50:]]

    with django_assert_max_num_queries(40) as cost_of_few:
        answers.take(few, now=NOW)
    with django_assert_max_num_queries(len(cost_of_few)):
        answers.take(many, now=NOW)


def test_the_wait_begins_when_the_question_has_left(ladder):
    record = ladder.record()
    ladder.started()

    ladder.advance(30 * DAYS)
    assert ladder.case(record).next_at is None

    ladder.gateway_says(Sent.SENT)
    ladder.advance()
    assert ladder.case(record).next_at == ladder.now + 72 * HOURS


def test_silence_is_reminded_once_then_called(ladder, asked):
    assert ladder.advance(71 * HOURS)["silent"] == 0
    assert ladder.advance(1 * HOURS)["silent"] == 1
    assert [q.purpose for q in ladder.questions(asked)] == ["job_check", "job_check_2"]
    assert standing(ladder, asked) == ("sms", "open")

    ladder.gateway_says(Sent.SENT)
    ladder.advance()
    ladder.advance(72 * HOURS)

    assert standing(ladder, asked) == ("phone", "open")
    assert ladder.outcomes(asked) == ["asked", "reminded", "silent", "reminded"]
    assert OutboundMessage.everything.get(channel="call").receptor == asked.mobile


def test_a_beat_that_comes_again_does_nothing_twice(ladder, asked):
    ladder.advance(72 * HOURS)
    before = ladder.outcomes(asked)

    assert not any(ladder.advance().values())
    assert ladder.outcomes(asked) == before


def test_a_clock_that_steps_back_asks_nobody_again(ladder, asked):
    ladder.advance(72 * HOURS)

    assert not any(ladder.advance(-10 * DAYS).values())
    assert len(ladder.questions(asked)) == 2
    ladder.gateway_says(Sent.SENT)
    ladder.advance()
    assert not any(ladder.advance(10 * HOURS).values())


@pytest.mark.parametrize(
    ("status", "failure", "outcome"),
    [
        (Sent.BLOCKED, "blocked", Outcome.BLOCKED),
        (Sent.UNDELIVERED, "line_failed", Outcome.UNDELIVERED),
        (Sent.FAILED, "gave_up", Outcome.UNDELIVERED),
    ],
)
def test_a_message_that_did_not_arrive_is_no_no_the_person_is_called(ladder, status, failure, outcome):
    record = ladder.record()
    ladder.started()
    ladder.gateway_says(status, failure=failure, ended=True)

    ladder.advance()

    case = ladder.case(record)
    assert (case.level, case.status, case.result, case.next_at) == ("phone", "open", "", NOW)
    assert ladder.outcomes(record) == ["asked", outcome, "announced"]
    assert case.record.status == JobRecord.Status.IN_VERIFICATION


def test_a_phone_that_is_off_may_still_get_the_message(ladder):
    record = ladder.record()
    ladder.started()
    ladder.gateway_says(Sent.UNDELIVERED)

    ladder.advance()

    assert standing(ladder, record) == ("sms", "open")


@pytest.mark.parametrize("code", [6, 14])
def test_what_only_a_call_back_told_of_waits_for_the_gateways_own_word(ladder, asked, code):
    """Whoever learns the secret of the call-backs must not be able to send everybody to the phone."""
    OutboundMessage.everything.filter(receptor=asked.mobile).update(provider_id=777, provider_status=1)
    reports.record([(777, code)])

    ladder.advance()
    assert standing(ladder, asked) == ("sms", "open")

    reports.record_asked([(777, code)])
    ladder.advance()
    assert standing(ladder, asked) == ("phone", "open")


def test_a_call_back_that_the_gateway_contradicts_changes_nothing(ladder, asked):
    OutboundMessage.everything.filter(receptor=asked.mobile).update(provider_id=777, provider_status=1)
    reports.record([(777, 14)])
    reports.record_asked([(777, 10)])

    ladder.advance()

    assert standing(ladder, asked) == ("sms", "open")


def test_voice_messages_are_sent_only_where_the_year_says_so(ladder):
    ladder.rule("voice_announces", "no")
    ladder.record()
    ladder.started()
    ladder.gateway_says(Sent.BLOCKED, failure="blocked", ended=True)

    ladder.advance()

    assert not OutboundMessage.everything.filter(channel="call").exists()


def test_a_question_still_in_the_queue_is_taken_back_when_it_is_answered(ladder, asked):
    ladder.advance(72 * HOURS)

    ladder.answers(asked, "yes")

    assert [q.status for q in ladder.questions(asked)] == [Sent.SENT, Sent.CANCELLED]
    assert not any(ladder.advance(90 * DAYS).values())


def test_a_closed_case_is_opened_again_with_a_reason_and_its_result_stays_written(ladder, asked):
    ladder.answers(asked, "yes")
    supervisor = ladder.expert

    case = cases.reopen(
        case_id=ladder.case(asked).pk, reason="شکایت همسایه", level="phone", by=supervisor, now=ladder.now
    )

    assert (case.status, case.level, case.result, case.next_at) == ("reopened", "phone", "", ladder.now)
    assert ladder.case(asked).record.status == JobRecord.Status.IN_VERIFICATION
    last = Attempt.everything.filter(case=case).last()
    assert (last.outcome, last.note, last.answers) == ("reopened", "شکایت همسایه", {"result": "confirmed"})
    assert ladder.outcomes(asked) == ["asked", "yes", "reopened"]


def test_what_is_opened_again_closes_finally(ladder, asked):
    ladder.answers(asked, "yes")
    case = cases.reopen(case_id=ladder.case(asked).pk, reason="شکایت", level="field", by=ladder.expert, now=NOW)

    cases.settle([case.pk], result="denied", now=NOW, by=ladder.expert)

    case = ladder.case(asked)
    assert (case.status, case.result, case.record.status) == ("closed_finally", "denied", "not_verified")


def test_a_case_is_not_opened_again_while_the_person_is_asked_elsewhere(ladder, asked):
    ladder.answers(asked, "yes")
    closed = ladder.case(asked)
    JobRecord.everything.filter(pk=asked.pk).update(status="corrected")
    ladder.started()

    with pytest.raises(cases.rules.ReopenError):
        cases.reopen(case_id=closed.pk, reason="شکایت", level="phone", by=ladder.expert, now=NOW)
    assert VerificationCase.everything.filter(record=asked).count() == 2


def test_an_inspector_is_not_sent_to_a_record_that_he_registered(ladder):
    record = ladder.record(flags=("line_restricted",))
    ladder.started()
    ladder.answers(record, "yes")
    case = ladder.case(record)

    with pytest.raises(OwnRegistrationError):
        cases.assign(case_ids=[case.pk], inspector=ladder.expert, by=ladder.expert)
