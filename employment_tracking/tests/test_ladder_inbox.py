"""What people really write, through the real inbox to their case."""

import pytest
from django.db.models.functions import Now

from employment_tracking.models import Attempt
from employment_tracking.tests.laddering import Ladder
from messaging import bell
from messaging.models import InboundMessage, OutboundMessage
from messaging.workflow import inbound
from messaging.workflow.inbound import Arrived

pytestmark = pytest.mark.django_db
LINE = "10004346"


@pytest.fixture
def ladder(settings, monkeypatch) -> Ladder:
    settings.SMS_LINE, settings.PROGRAMME_TODAY = LINE, "1401/05/31"
    monkeypatch.setattr(bell, "ring", lambda *task: None)
    return Ladder()


@pytest.fixture
def asked(ladder):
    record = ladder.record()
    ladder.started()
    ladder.gateway_says(OutboundMessage.Status.SENT)
    OutboundMessage.everything.update(sender=LINE, first_tried_at=Now(), sent_at=Now())
    ladder.advance()
    return record


def writes(record, text: str, *, number: str = "1", times: int = 1) -> InboundMessage:
    for _ in range(times):
        inbound.keep([Arrived(number, LINE, record.mobile, text, {"messageid": number})])
        inbound.take_up_all()
    return InboundMessage.everything.get(provider_id=number)


@pytest.mark.parametrize("text", ["1", "۱", "١", "بله", " بلی ", "آره"])
def test_a_yes_in_any_script_verifies(ladder, asked, text):
    message = writes(asked, text)

    assert (message.status, message.meaning) == ("handled", "yes")
    assert message.question == ladder.questions(asked)[0]
    assert (ladder.case(asked).result, ladder.case(asked).record.status) == ("confirmed", "verified")


@pytest.mark.parametrize(
    ("text", "status", "outcome"),
    [
        ("2", "handled", "no"),
        ("خیر", "handled", "no"),
        ("لغو", "handled", "opted_out"),
        ("🙂", "for_a_person", "unclear"),
        ("سلام من هنوز کارم را شروع نکرده‌ام چه کنم", "for_a_person", "unclear"),
    ],
)
def test_everything_else_is_called(ladder, asked, text, status, outcome):
    message = writes(asked, text)

    assert message.status == status
    assert ladder.outcomes(asked) == ["asked", outcome]
    assert (ladder.case(asked).level, ladder.case(asked).status) == ("phone", "open")


def test_one_answer_delivered_five_times_changes_things_once(ladder, asked):
    writes(asked, "1", times=5)

    assert InboundMessage.everything.count() == 1
    assert Attempt.everything.filter(inbound__isnull=False).count() == 1
    assert asked.events.filter(to_status="verified").count() == 1


def test_a_second_answer_to_a_closed_case_waits_for_a_person(ladder, asked):
    writes(asked, "1")

    assert writes(asked, "2", number="2").status == "for_a_person"
    assert ladder.case(asked).result == "confirmed"


def test_an_unknown_number_waits_for_a_person(ladder, asked):
    stranger = ladder.record()

    assert writes(stranger, "1", number="3").status == "for_a_person"
