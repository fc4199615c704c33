"""A number that is none or somebody else's: its agency is asked, mends it, and the person is asked anew."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from accounts.tests.factories import UserFactory
from employment_tracking import workflow
from employment_tracking.models import JobRecord, RecordReturn
from employment_tracking.rules.calls import Outcome
from employment_tracking.tests.factories import as_typed
from employment_tracking.tests.laddering import DAYS, HOURS, NOW, Ladder
from employment_tracking.workflow import advancing, calls
from messaging.gateways import codes
from messaging.models import OutboundMessage
from messaging.workflow import recording

pytestmark = pytest.mark.django_db
Sent = OutboundMessage.Status
ANOTHER = "09909999999"


@pytest.fixture
def ladder() -> Ladder:
    return Ladder()


@pytest.fixture
def record(ladder) -> JobRecord:
    """One person whose question was queued."""
    record = ladder.record()
    ladder.started()
    return record


@pytest.fixture
def clerk(client, ladder):
    user = UserFactory(role=Role.AGENCY_USER, agency=ladder.agency)
    client.force_login(user)
    return user


def refused_by_gateway(ladder, record) -> None:
    """The gateway's code 411, recorded as the sender does."""
    OutboundMessage.everything.filter(status=Sent.QUEUED).update(status=Sent.SENDING, lease_until=timezone.now())
    failure = codes.meaning_of_return(411).failure
    taken = OutboundMessage.everything.filter(status=Sent.SENDING).values_list("pk", "attempts")
    recording.record([recording.Outcome(recording.Kind(Sent.FAILED, failure=failure), *one) for one in taken])
    ladder.advance()


def called_in_vain(ladder, record):
    """Silent by SMS, and on the phone is somebody else."""
    operator = UserFactory(role=Role.OPERATOR, county=ladder.county)
    ladder.gateway_says(Sent.SENT)
    for _wait in range(4):
        ladder.advance(72 * HOURS)
        ladder.gateway_says(Sent.SENT)
    ladder.gateway_says(Sent.SENT, channel="call")
    case = calls.take_next(by=operator, now=ladder.now)
    attempt = calls.record_call(case_id=case.pk, outcome=Outcome.WRONG_NUMBER, by=operator, now=ladder.now)
    ladder.advance()
    return operator, attempt


def corrected(client, record, **changes):
    address = reverse("job-correct", args=[record.pk])
    return client.post(address, as_typed(client.get(address)) | changes)


@pytest.mark.parametrize("found", [refused_by_gateway, called_in_vain])
def test_a_wrong_number_comes_back_to_its_agency_and_the_new_one_is_asked_by_sms(client, ladder, record, clerk, found):
    found(ladder, record)

    case = ladder.case(record)
    assert (case.level, case.status, case.next_at) == ("phone", "open", None)
    assert list(advancing.needing_new_mobile()) == [case]
    home = client.get(reverse("agency-home"))
    assert home.context["sent_back_count"] == 1
    assert "برگشت‌خورده" in home.content.decode()
    assert "شماره همراه درست نیست" in client.get(reverse("job-correct", args=[record.pk])).content.decode()
    assert not any(ladder.advance(5 * DAYS).values())
    asked_before = OutboundMessage.everything.filter(channel="sms").count()

    assert corrected(client, record, mobile=ANOTHER).status_code == 302
    ladder.advance()

    case = ladder.case(record)
    assert (case.level, case.status, case.next_at) == ("sms", "open", None)
    (question,) = OutboundMessage.everything.filter(receptor=ANOTHER)
    assert (question.status, question.purpose) == ("queued", "job_check")
    assert question.key == f"job-check:{case.pk}:{asked_before + 1}"
    assert not RecordReturn.everything.waiting().exists()
    assert not any(ladder.advance().values())


def test_the_new_number_has_its_own_reminder_and_answers_for_the_person(ladder, record):
    called_in_vain(ladder, record)
    workflow.amend(record_id=record.pk, changes={"mobile": ANOTHER}, by=ladder.expert)
    ladder.advance()
    ladder.gateway_says(Sent.SENT)
    ladder.advance()
    ladder.advance(72 * HOURS)
    new = JobRecord.everything.get(pk=record.pk)
    assert [message.purpose for message in ladder.questions(new)] == ["job_check", "job_check_2"]

    (from_the_old,) = ladder.answers(record, "yes")
    assert (from_the_old.status, ladder.case(record).status) == ("for_a_person", "open")
    ladder.answers(new, "yes")

    assert ladder.case(record).result == "confirmed"


def test_a_second_wrong_number_is_asked_of_the_agency_again(ladder, record, clerk):
    refused_by_gateway(ladder, record)
    workflow.correct(record_id=record.pk, changes={"mobile": ANOTHER}, by=clerk, today=NOW.date())
    ladder.advance()

    refused_by_gateway(ladder, record)

    assert RecordReturn.everything.filter(record=record).count() == 2
    assert RecordReturn.everything.waiting().get().cause == "mobile"


def test_the_same_number_again_is_refused(client, ladder, record, clerk):
    refused_by_gateway(ladder, record)

    answer = corrected(client, record, father_name="رضا")

    assert answer.status_code == 422
    assert "mobile" in answer.context["form"].errors
    assert RecordReturn.everything.waiting().exists()


def test_the_offices_own_correction_of_the_number_is_one(ladder, record):
    refused_by_gateway(ladder, record)

    workflow.amend(record_id=record.pk, changes={"mobile": ANOTHER}, by=ladder.expert)

    assert RecordReturn.everything.get().mended_by == ladder.expert
    ladder.advance()
    assert OutboundMessage.everything.filter(receptor=ANOTHER).exists()


def test_an_operator_who_takes_back_a_wrong_number_takes_back_the_question_to_the_agency(ladder, record):
    operator, attempt = called_in_vain(ladder, record)
    assert RecordReturn.everything.waiting().exists()

    calls.correct(attempt_id=attempt.pk, outcome=Outcome.NO_ANSWER, by=operator, now=ladder.now + timedelta(minutes=2))

    assert RecordReturn.everything.get().mended_by == operator
    assert ladder.case(record).next_at is not None
    assert not ladder.advance()["new_numbers"]


def test_nothing_is_asked_while_the_campaign_is_paused(ladder, record):
    refused_by_gateway(ladder, record)
    campaign = ladder.case(record).campaign
    workflow.campaigns.pause(campaign_id=campaign.pk, by=ladder.expert, now=ladder.now)
    workflow.amend(record_id=record.pk, changes={"mobile": ANOTHER}, by=ladder.expert)

    ladder.advance()
    assert not OutboundMessage.everything.filter(receptor=ANOTHER).exists()
    workflow.campaigns.resume(campaign_id=campaign.pk, by=ladder.expert, now=ladder.now)
    ladder.advance()

    assert OutboundMessage.everything.filter(receptor=ANOTHER).exists()
