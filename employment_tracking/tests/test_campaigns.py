"""A campaign: who is asked, started, paused, resumed, ended; opened in batches and going on after a kill."""

from datetime import timedelta

import pytest

from accounts.tests.factories import ExecutiveAgencyFactory
from applicants.tests.factories import ApplicationFactory
from employment_tracking.models import JobRecord, VerificationCase
from employment_tracking.rules import ladder as rules
from employment_tracking.tests.laddering import DAYS, HOURS, NOW, Ladder
from employment_tracking.workflow import campaigns, cases, opening
from messaging.models import OutboundMessage
from quotas.tests.factories import A_DAY

pytestmark = pytest.mark.django_db
Sent = OutboundMessage.Status


@pytest.fixture
def ladder() -> Ladder:
    return Ladder()


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(opening, "BATCH", 3)


def change(verb, ladder, campaign):
    return verb(campaign_id=campaign.pk, by=ladder.expert, now=ladder.now)


def asked_mobiles(ladder) -> list[str]:
    return sorted(OutboundMessage.everything.filter(county=ladder.county).values_list("receptor", flat=True))


def test_every_registered_person_gets_a_case_and_one_question(ladder):
    people = [ladder.record() for _ in range(5)]

    campaign = ladder.started()

    assert asked_mobiles(ladder) == sorted(person.mobile for person in people)
    first = ladder.case(people[0])
    assert (first.status, first.level, first.must_reach, first.next_at) == ("open", "sms", "sms", None)
    assert first.record.status == JobRecord.Status.IN_VERIFICATION
    event = people[0].events.first()
    assert (event.from_status, event.to_status, event.reason) == ("registered", "in_verification", campaign.title)
    question = ladder.questions(people[0])[0]
    assert question.key == f"job-check:{first.pk}:1"
    assert question.text == f"آیا در شغل ثبت‌شده مشغول کارید؟ 1 بله 2 خیر\nاداره کار {ladder.county.name}"
    campaign.refresh_from_db()
    assert (campaign.status, campaign.to_ask, campaign.all_opened_at) == ("running", 5, NOW)


def test_starting_costs_few_statements_however_many_there_are(ladder, django_assert_max_num_queries):
    for _ in range(40):
        ladder.record()
    campaign = ladder.planned()

    with django_assert_max_num_queries(30):
        change(campaigns.start, ladder, campaign)

    assert OutboundMessage.everything.count() == 40


def test_who_is_not_waiting_for_verification_is_not_asked(ladder):
    states = dict.fromkeys(JobRecord.Status.values, False) | {"registered": True, "corrected": True}
    people = {status: ladder.record() for status in states}
    for status, record in people.items():
        JobRecord.everything.filter(pk=record.pk).update(status=status)

    ladder.started()

    assert asked_mobiles(ladder) == sorted(people[status].mobile for status, is_asked in states.items() if is_asked)


def test_a_campaign_asks_the_chosen_agencies_since_the_chosen_day(ladder):
    other = ExecutiveAgencyFactory(county=ladder.county)
    mine, theirs, early = ladder.record(), ladder.record(agency=other), ladder.record()
    JobRecord.everything.filter(pk=early.pk).update(registered_on=A_DAY - timedelta(days=1))

    ladder.started(agencies=[ladder.agency.pk], since=A_DAY)

    assert asked_mobiles(ladder) == [mine.mobile]
    assert not VerificationCase.everything.filter(record__in=[theirs, early]).exists()


def test_a_campaign_with_nobody_to_ask_does_not_start(ladder):
    with pytest.raises(rules.NobodyToAskError):
        ladder.started()


def test_a_supporter_and_a_large_loan_are_visited(ladder):
    ladder.rule("field_above_rial", "299999999")
    supporter = ApplicationFactory(programme=ladder.programme, supporter=True)
    rich = ApplicationFactory(programme=ladder.programme, approved_rial=300_000_000)
    poor = ApplicationFactory(programme=ladder.programme, approved_rial=1)
    people = [ladder.record(application=loan) for loan in (supporter, rich, poor)]

    ladder.started()

    assert [(ladder.case(p).must_reach, ladder.case(p).reasons) for p in people] == [
        ("field", ["supporter"]),
        ("field", ["large_loan"]),
        ("sms", []),
    ]


def test_a_share_is_drawn_by_the_stored_seed_and_can_be_drawn_again(ladder, small_batches):
    people = [ladder.record().pk for _ in range(20)]

    campaign = ladder.started(share_percent=25)
    ladder.advance()

    campaign.refresh_from_db()
    stored = campaign.selection
    asked = list(campaign.cases(manager="everything").order_by("record_id").values_list("record_id", flat=True))
    assert asked == rules.draw(people, share_percent=25, seed=stored["seed"])
    assert (len(asked), campaign.to_ask, stored["frame_size"]) == (5, 5, 20)
    assert stored["frame_sha256"] == rules.digest(people)
    assert stored["drawn_sha256"] == rules.digest(asked)


def test_what_a_kill_left_unopened_is_opened_by_the_next_beat(ladder, small_batches):
    people = [ladder.record() for _ in range(10)]
    campaign = ladder.started()
    assert VerificationCase.everything.count() == 3
    late = ladder.record()

    assert ladder.advance()["opened"] == 7

    assert asked_mobiles(ladder) == sorted(person.mobile for person in people)
    assert not VerificationCase.everything.filter(record=late).exists()
    campaign.refresh_from_db()
    assert campaign.all_opened_at == NOW
    assert ladder.advance()["opened"] == 0


def test_a_record_struck_out_before_its_turn_is_not_asked(ladder, small_batches):
    people = [ladder.record() for _ in range(5)]
    ladder.started()
    JobRecord.everything.filter(pk=people[4].pk).update(status=JobRecord.Status.VOID)

    assert ladder.advance()["opened"] == 1


def test_a_pause_holds_back_what_is_queued_and_resuming_asks_it_anew(ladder, small_batches):
    people = [ladder.record() for _ in range(5)]
    campaign = ladder.started()
    OutboundMessage.everything.filter(receptor=people[0].mobile).update(status=Sent.SENT)

    assert change(campaigns.pause, ladder, campaign) == 2
    assert not any(ladder.advance(10 * DAYS).values())
    assert not OutboundMessage.everything.filter(status=Sent.QUEUED).exists()

    change(campaigns.resume, ladder, campaign)
    found = ladder.advance()

    assert (found["opened"], found["asked_again"]) == (2, 2)
    again = ladder.questions(people[1])
    assert [(q.status, q.key[-2:]) for q in again] == [(Sent.CANCELLED, ":1"), (Sent.QUEUED, ":2")]
    assert [len(ladder.questions(person)) for person in people] == [1, 2, 2, 1, 1]
    assert not any(ladder.advance().values())


def test_a_reminder_held_back_by_a_pause_is_a_reminder_when_it_goes_out(ladder):
    record = ladder.record()
    campaign = ladder.started()
    ladder.gateway_says(Sent.SENT)
    ladder.advance()
    ladder.advance(72 * HOURS)
    change(campaigns.pause, ladder, campaign)
    change(campaigns.resume, ladder, campaign)

    ladder.advance()
    ladder.gateway_says(Sent.SENT)
    ladder.advance()
    ladder.advance(72 * HOURS)

    assert [q.purpose for q in ladder.questions(record)] == ["job_check", "job_check_2", "job_check_2"]
    assert ladder.case(record).level == "phone"


def test_answers_count_during_a_pause(ladder):
    record = ladder.record()
    campaign = ladder.started()
    ladder.gateway_says(Sent.SENT)
    change(campaigns.pause, ladder, campaign)

    ladder.answers(record, "yes")

    assert ladder.case(record).result == "confirmed"


def test_the_end_writes_down_who_was_not_reached_and_a_later_campaign_asks_again(ladder):
    yes, silent = ladder.record(), ladder.record()
    campaign = ladder.started()
    ladder.gateway_says(Sent.SENT)
    ladder.answers(yes, "yes")

    change(campaigns.end, ladder, campaign)
    assert ladder.advance()["unreached"] == 1

    case = ladder.case(silent)
    assert (case.status, case.result, case.record.status) == ("closed", "unreached", "registered")
    assert ladder.case(yes).result == "confirmed"
    assert not any(ladder.advance().values())
    ladder.started()
    assert VerificationCase.everything.filter(record=silent, status="open").count() == 1
    assert VerificationCase.everything.filter(record=yes).count() == 1


def test_the_end_leaves_a_record_that_became_a_duplicate_as_it_is(ladder):
    record = ladder.record()
    campaign = ladder.started()
    JobRecord.everything.filter(pk=record.pk).update(status=JobRecord.Status.DUPLICATE)

    change(campaigns.end, ladder, campaign)
    ladder.advance()

    assert (ladder.case(record).status, ladder.case(record).record.status) == ("closed", "duplicate")


def test_a_case_opened_again_outlives_its_campaign_in_the_field_queue(ladder):
    record = ladder.record()
    campaign = ladder.started()
    ladder.answers(record, "yes")
    case = cases.reopen(case_id=ladder.case(record).pk, reason="شکایت", level="phone", by=ladder.expert, now=NOW)

    change(campaigns.end, ladder, campaign)
    ladder.advance()

    case.refresh_from_db()
    assert (case.status, case.level) == ("reopened", "field")
    assert not any(ladder.advance().values())


def test_after_the_end_a_case_is_opened_again_for_a_visit_only(ladder):
    record = ladder.record()
    campaign = ladder.started()
    ladder.answers(record, "yes")
    change(campaigns.end, ladder, campaign)
    case, about = ladder.case(record), {"reason": "شکایت", "by": ladder.expert, "now": NOW}

    with pytest.raises(rules.ReopenError):
        cases.reopen(case_id=case.pk, level="phone", **about)
    assert cases.reopen(case_id=case.pk, level="field", **about).level == "field"


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ((), campaigns.pause),
        ((), campaigns.resume),
        ((campaigns.start,), campaigns.start),
        ((campaigns.start,), campaigns.resume),
        ((campaigns.start, campaigns.pause), campaigns.start),
        ((campaigns.start, campaigns.pause), campaigns.pause),
        ((campaigns.end,), campaigns.start),
        ((campaigns.start, campaigns.end), campaigns.end),
        ((campaigns.start, campaigns.end), campaigns.resume),
    ],
)
def test_a_campaign_is_only_moved_along_its_life(ladder, first, then):
    ladder.record()
    campaign = ladder.planned()
    for verb in first:
        change(verb, ladder, campaign)

    with pytest.raises(rules.CampaignStateError):
        change(then, ladder, campaign)
