"""Who is written to now: quiet hours, daily limits, and those who asked for no more."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils.timezone import localtime

from accounts.tests.factories import CountyFactory
from messaging import outbox
from messaging.models import OptOut, OutboundMessage, SendingRules
from messaging.tests.drafts import a_county, a_draft, make_due, some_messages, states
from messaging.workflow import admission

pytestmark = pytest.mark.django_db
TEHRAN = ZoneInfo("Asia/Tehran")


@pytest.fixture
def clock(monkeypatch):
    """Puts the database's clock at a Tehran time of a given day, in the statements of admission."""

    def at(words: str) -> None:
        moment = datetime.fromisoformat(words).replace(tzinfo=TEHRAN).isoformat()
        for name in ("OPTED_OUT", "QUIET", "TOO_MANY"):
            statement = originals[name].replace("statement_timestamp()", f"'{moment}'::timestamptz")
            monkeypatch.setattr(admission, name, statement)

    originals = {name: getattr(admission, name) for name in ("OPTED_OUT", "QUIET", "TOO_MANY")}
    return at


def due(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=TEHRAN)


def messages_due(county, many: int, moment: str, **changes):
    messages = some_messages(county, many, **changes)
    OutboundMessage.everything.filter(pk__in=[message.pk for message in messages]).update(due_at=due(moment))
    return messages


def due_times() -> set[str]:
    return {
        f"{localtime(moment, TEHRAN):%m-%d %H:%M}"
        for moment in OutboundMessage.everything.values_list("due_at", flat=True)
    }


@pytest.mark.parametrize(
    ("quiet", "moment", "goes"),
    [
        (("21:00", "08:00"), "2022-08-22 20:59", "08-22 12:00"),
        (("21:00", "08:00"), "2022-08-22 21:00", "08-23 08:00"),
        (("21:00", "08:00"), "2022-08-22 23:59", "08-23 08:00"),
        (("21:00", "08:00"), "2022-08-23 00:00", "08-23 08:00"),
        (("21:00", "08:00"), "2022-08-23 07:59", "08-23 08:00"),
        (("21:00", "08:00"), "2022-08-23 08:00", "08-22 12:00"),
        (("13:00", "15:30"), "2022-08-22 14:00", "08-22 15:30"),
        (("13:00", "15:30"), "2022-08-22 12:59", "08-22 12:00"),
        (("13:00", "15:30"), "2022-08-22 15:30", "08-22 12:00"),
        (("00:00", "00:00"), "2022-08-22 23:59", "08-22 12:00"),
    ],
)
def test_a_message_of_quiet_hours_waits_for_their_end(clock, quiet, moment, goes):
    messages_due(a_county(quiet_from=quiet[0], quiet_until=quiet[1]), 2, "2022-08-22 12:00")
    clock(moment)

    admission.admit()

    assert due_times() == {goes}


def test_a_county_without_rules_has_the_usual_ones(clock):
    county = CountyFactory()
    messages_due(county, 1, "2022-08-22 12:00")
    clock("2022-08-22 22:00")

    admission.admit()

    assert not SendingRules.everything.filter(county=county).exists() and due_times() == {"08-23 08:00"}


def test_one_countys_night_is_not_anothers(clock):
    messages_due(a_county(quiet_from="21:00", quiet_until="08:00"), 1, "2022-08-22 12:00")
    messages_due(a_county(), 1, "2022-08-22 12:30")
    clock("2022-08-22 22:00")

    admission.admit()

    assert due_times() == {"08-23 08:00", "08-22 12:30"}


def test_a_person_gets_no_more_than_the_days_number(clock):
    county = a_county(daily_per_person=2, quiet_from="21:00", quiet_until="08:00")
    messages_due(county, 5, "2022-08-22 12:00", to="09131234567")
    messages_due(county, 1, "2022-08-22 12:00", to="09137654321")
    clock("2022-08-22 13:00")

    admission.admit()

    waiting = OutboundMessage.everything.filter(due_at=due("2022-08-23 08:00"))
    assert waiting.count() == 3 and {message.receptor for message in waiting} == {"09131234567"}


def test_what_was_tried_today_counts_and_what_was_tried_yesterday_does_not(clock):
    county = a_county(daily_per_person=2)
    sent = messages_due(county, 3, "2022-08-22 12:00", to="09131234567")
    for message, tried in zip(sent, ("2022-08-21 23:59", "2022-08-22 00:01", "2022-08-22 11:00"), strict=True):
        OutboundMessage.everything.filter(pk=message.pk).update(status="sent", first_tried_at=due(tried))
    messages_due(county, 1, "2022-08-22 12:01", to="09131234567")
    clock("2022-08-22 13:00")

    admission.admit()

    assert due_times() == {"08-22 12:00", "08-23 00:00"}


def test_a_county_sends_no_more_than_its_days_number(clock):
    messages_due(a_county(daily_total=3), 5, "2022-08-22 12:00")
    messages_due(a_county(), 5, "2022-08-22 12:00")
    clock("2022-08-22 13:00")

    admission.admit()

    assert OutboundMessage.everything.filter(due_at=due("2022-08-23 00:00")).count() == 2


def test_the_oldest_go_first(clock):
    county = a_county(daily_total=1)
    (late,) = messages_due(county, 1, "2022-08-22 12:30")
    (early,) = messages_due(county, 1, "2022-08-22 12:00")
    clock("2022-08-22 13:00")

    admission.admit()

    late.refresh_from_db(), early.refresh_from_db()
    assert early.due_at < late.due_at == due("2022-08-23 00:00")


def test_limits_hold_over_several_runs(simulator, send):
    county = a_county(daily_per_person=2)
    some_messages(county, 3, to="09131234567")

    assert send() == {"sent": 2}
    some_messages(county, 1, to="09131234567")

    assert send() == {} and states() == {"sent": 2, "queued": 2}


def test_who_asked_for_no_more_messages_gets_none(simulator, send, county):
    OptOut.everything.create(mobile="09131234567")
    outbox.add(a_draft(county, to="09131234567", purpose="job_check"))
    outbox.add(a_draft(county))

    assert send() == {"sent": 1}
    message = OutboundMessage.everything.get(status="cancelled")
    assert (message.receptor, message.failure) == ("09131234567", "opted_out") and message.ended_at


def test_a_question_about_an_unknown_fate_is_asked_at_night_too_and_the_message_sent_in_the_morning(
    simulator, send, clock
):
    county = a_county()
    simulator.faults(next=["fail_before"])
    (message,) = some_messages(county, 1)
    send()
    make_due(message)
    SendingRules.everything.update(quiet_from="00:00", quiet_until="23:59:59")

    assert send() == {"queued": 1}
    message.refresh_from_db()

    assert message.first_tried_at is None and not simulator.accepted()
    assert f"{localtime(message.due_at, TEHRAN):%H:%M:%S}" == "23:59:59"


def test_thousands_cost_as_many_statements_as_few(county, django_assert_num_queries):
    some_messages(county, 2_000)
    OptOut.everything.create(mobile="09131234567")

    with django_assert_num_queries(4):
        admission.admit()
