"""What people write to us: kept raw, matched to our questions, handed over once, or left for a person."""

from contextlib import nullcontext, suppress
from datetime import timedelta

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.db.models import QuerySet
from django.test import override_settings
from django.utils import timezone

from abarkuh_loans.errors import WrongStateError
from accounts.tests.factories import CountyFactory, UserFactory
from messaging import bell, replies
from messaging.models import InboundMessage, OptOut, OutboundMessage
from messaging.replies import FOR_A_PERSON, HANDLED, Handling
from messaging.tests.concurrency import both_at_once
from messaging.tests.drafts import sent
from messaging.workflow import inbound
from messaging.workflow.inbound import Arrived

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_our_line", "_no_bell")]
Status, Meaning = InboundMessage.Status, InboundMessage.Meaning
LINE, MOBILE = "10004346", "09131234567"


@pytest.fixture
def _our_line():
    with override_settings(SMS_LINE=LINE, SMS_SERVICE_LINE="9850001"):
        yield


@pytest.fixture
def _no_bell(monkeypatch):
    monkeypatch.setattr(bell, "ring", lambda task=bell.SEND_DUE: None)


@pytest.fixture
def taken():
    """What a handler of questions was given, which says that it handled all of it."""
    given: list[list[replies.Reply]] = []

    def take(batch):
        given.append(batch)
        return {reply.inbound_id: Handling(HANDLED, reply.questions[0].message_id) for reply in batch}

    replies.register("test", purposes=frozenset({"question", "reminder"}), handler=take)
    yield given
    replies.unregister("test")


def question(**changes) -> OutboundMessage:
    """Asked a minute ago, may be answered for three days."""
    usual = {"receptor": MOBILE, "answer_until": timezone.now() + timedelta(days=3)}
    return sent(changes.pop("county", None) or CountyFactory(), **usual | changes)


def arrive(text="1", *, number="77", line=LINE, sender=MOBILE) -> InboundMessage:
    inbound.keep([Arrived(number, line, sender, text, {"messageid": number})])
    return InboundMessage.everything.get(provider_id=number)


def take_up(message: InboundMessage) -> InboundMessage:
    inbound.take_up_all()
    message.refresh_from_db()
    return message


def test_an_answer_reaches_whoever_asked(taken):
    asked = question()

    message = take_up(arrive("۱ بله"))

    assert (message.status, message.meaning, message.question_id) == (Status.HANDLED, Meaning.YES, asked.pk)
    assert message.county_id == asked.county_id
    ((reply,),) = taken
    assert (reply.meaning, reply.mobile, reply.text, reply.county_id) == ("yes", MOBILE, "۱ بله", asked.county_id)
    assert [found.message_id for found in reply.questions] == [asked.pk]
    assert reply.questions[0].key == asked.key


@pytest.mark.parametrize("sender", ["989131234567", "+989131234567", "9131234567", "00989131234567", "۰۹۱۳۱۲۳۴۵۶۷"])
@pytest.mark.parametrize("line", [LINE, "98" + LINE, "+98" + LINE, "0098" + LINE])
def test_numbers_are_known_however_they_are_written(taken, sender, line):
    question()

    assert take_up(arrive(sender=sender, line=line)).status == Status.HANDLED


def test_the_same_message_five_times_in_any_order_is_one(taken):
    question()
    for number in ("1", "2", "1", "2", "2", "1", "1", "2", "1", "2"):
        arrive(number=number)
        inbound.take_up_all()

    assert [reply.inbound_id for batch in taken for reply in batch] == list(
        InboundMessage.everything.order_by("pk").values_list("pk", flat=True)
    )
    assert InboundMessage.everything.count() == 2


def test_several_open_questions_come_together_the_newest_first(taken):
    first, second = question(), question(purpose="reminder")

    take_up(arrive())

    assert [found.message_id for found in taken[0][0].questions] == [second.pk, first.pk]


@pytest.mark.parametrize(
    "closed",
    [
        {"answer_until": timezone.now() - timedelta(seconds=1)},
        {"answer_until": None},
        {"receptor": "09131234568"},
        {"sender": "3000505"},
        {"first_tried_at": timezone.now() + timedelta(hours=1)},
        {"status": "cancelled"},
        {"status": "queued", "first_tried_at": None, "sent_at": None, "provider_id": None},
    ],
)
def test_what_answers_no_open_question_waits_for_a_person(taken, closed):
    question(**closed)

    message = take_up(arrive())

    assert (message.status, message.meaning, message.question_id) == (Status.FOR_A_PERSON, Meaning.YES, None)
    assert message.note and not taken


def test_an_answer_in_time_counts_though_it_is_taken_up_late(taken):
    question(answer_until=timezone.now() + timedelta(hours=1))
    message = arrive()
    OutboundMessage.everything.update(answer_until=message.received_at)

    assert take_up(message).status == Status.HANDLED


def test_an_answer_may_come_before_the_gateway_told_us_that_it_took_the_question(taken):
    question(status="queued", sent_at=None, provider_id=None, provider_status=None)

    assert take_up(arrive()).status == Status.HANDLED


def test_our_service_line_is_ours_too(taken):
    question(sender=LINE)

    assert take_up(arrive(line="9850001")).status == Status.HANDLED


def test_a_number_that_we_never_wrote_to_belongs_to_no_county_and_waits(taken):
    message = take_up(arrive(sender="09350000000"))

    assert (message.status, message.county_id) == (Status.FOR_A_PERSON, None)


@pytest.mark.parametrize("sender", ["", "MCI", "1000", "0313123456789012345"])
def test_what_no_mobile_sent_waits_for_a_person(taken, sender):
    question()

    assert take_up(arrive(sender=sender)).status == Status.FOR_A_PERSON


def test_an_old_friend_without_a_question_is_shown_to_the_county_that_wrote_last(taken):
    sent(CountyFactory(), receptor=MOBILE)
    last = sent(CountyFactory(), receptor=MOBILE)

    message = take_up(arrive("کی پول می‌دهید؟"))

    assert (message.status, message.county_id, message.meaning) == (Status.FOR_A_PERSON, last.county_id, "unclear")


def test_what_the_asker_cannot_place_waits_with_his_note():
    asked = question()
    replies.register(
        "test",
        purposes=frozenset({"question"}),
        handler=lambda batch: {batch[0].inbound_id: Handling(FOR_A_PERSON, asked.pk, "پرونده بسته است.")},
    )
    try:
        message = take_up(arrive())
    finally:
        replies.unregister("test")

    assert (message.status, message.note, message.question_id) == (Status.FOR_A_PERSON, "پرونده بسته است.", asked.pk)


def test_an_answer_that_the_asker_does_not_speak_of_waits_for_a_person():
    question()
    replies.register("test", purposes=frozenset({"question"}), handler=lambda batch: {})
    try:
        message = take_up(arrive())
    finally:
        replies.unregister("test")

    assert message.status == Status.FOR_A_PERSON


def test_whoever_wants_no_more_messages_is_remembered_and_the_asker_is_told(taken):
    question()

    message = take_up(arrive("لغو11"))
    take_up(arrive("11", number="78"))

    assert list(OptOut.everything.values_list("mobile", "inbound_id")) == [(MOBILE, message.pk)]
    assert taken[0][0].meaning == Meaning.OPT_OUT


def test_an_opt_out_without_a_question_needs_nobody(taken):
    message = take_up(arrive("11"))

    assert (message.status, OptOut.everything.get().mobile) == (Status.HANDLED, MOBILE)


def test_two_askers_cannot_want_the_same_answers(taken):
    with pytest.raises(ValueError, match="question"):
        replies.register("other", purposes=frozenset({"question"}), handler=lambda batch: {})


def test_halves_of_characters_and_nul_are_kept_as_far_as_they_can_be():
    inbound.keep([Arrived("5\0", "10\0", "09\ud800", "a\0b\ud83d", {"x\0": "\0", "message": "\udfff"})])

    assert InboundMessage.everything.get().text == "a\ufffdb?"


def test_a_message_without_a_number_is_known_by_its_content():
    for _ in range(3):
        inbound.keep([Arrived("", LINE, MOBILE, "1"), Arrived("9" * 300, LINE, MOBILE, "1")])

    assert InboundMessage.everything.count() == 2


def test_a_thousand_answers_cost_as_many_statements_as_one(taken, django_assert_max_num_queries):
    county, until = CountyFactory(), timezone.now() + timedelta(days=1)
    for number in range(60):
        sent(county, receptor=f"0913555{number:04d}", answer_until=until)
    inbound.keep([Arrived(str(n), LINE, f"0913555{n:04d}", "1") for n in range(60)])

    with django_assert_max_num_queries(13):
        assert inbound.take_up_all() == 60


# --- kills and crowds ------------------------------------------------------------------------------------------------
@pytest.fixture
def effects():
    """A handler that writes: one opt-out per reply stands for its effect, so that a second one would be seen."""
    made: list[str] = []

    def take(batch):
        for reply in batch:
            OutboundMessage.everything.filter(pk=reply.questions[0].message_id).update(attempts=99)
            made.append(reply.mobile)
        return {reply.inbound_id: Handling(HANDLED) for reply in batch}

    replies.register("test", purposes=frozenset({"question"}), handler=take)
    yield made
    replies.unregister("test")


def cut_off(*_args):
    """The database loses this connection, as when the worker is killed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_while_taking_up_leaves_nothing_half_done(effects, monkeypatch):
    asked = question()
    message = arrive()
    monkeypatch.setattr(inbound, "_write", cut_off)
    with pytest.raises(OperationalError):
        inbound.take_up_all()
    connection.close()

    asked.refresh_from_db()
    message.refresh_from_db()
    assert (asked.attempts, message.status, message.tries) == (1, Status.RECEIVED, 1)

    monkeypatch.undo()
    assert take_up(message).status == Status.HANDLED
    assert inbound.take_up_all() == 0


@pytest.mark.django_db(transaction=True)
def test_without_the_common_transaction_the_same_death_does_things_twice(effects, monkeypatch):
    """The negative control of the test above."""
    question()
    message = arrive()
    monkeypatch.setattr(inbound.transaction, "atomic", nullcontext)
    unlocked(monkeypatch)
    monkeypatch.setattr(inbound, "_write", cut_off)
    with pytest.raises((OperationalError, InterfaceError)):
        inbound.take_up_all()
    connection.close()

    message.refresh_from_db()
    assert message.status == Status.RECEIVED
    assert OutboundMessage.everything.get().attempts == 99  # done, and about to be done again


def unlocked(monkeypatch) -> None:
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_options: rows)


def crowd_of_takers(many: int) -> None:
    county, until = CountyFactory(), timezone.now() + timedelta(days=1)
    for number in range(many):
        sent(county, receptor=f"0913555{number:04d}", answer_until=until)
    inbound.keep([Arrived(str(n), LINE, f"0913555{n:04d}", "1") for n in range(many)])
    both_at_once(*[inbound.take_up_all] * 4)


@pytest.mark.django_db(transaction=True)
def test_four_takers_at_once_hand_each_answer_over_once(effects, monkeypatch):
    monkeypatch.setattr(inbound, "BATCH", 7)
    crowd_of_takers(60)

    assert len(effects) == len(set(effects)) == 60


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_same_crowd_hands_answers_over_twice(effects, monkeypatch):
    """The negative control: each taker simply reads what is received."""
    monkeypatch.setattr(inbound, "BATCH", 7)
    unlocked(monkeypatch)
    crowd_of_takers(60)

    assert len(effects) > 60


def test_one_message_that_breaks_the_asker_holds_up_nobody_and_ends_with_a_person(caplog):
    asked = question()
    question(receptor="09130000001", county=asked.county)

    def take(batch):
        if any(reply.mobile == MOBILE for reply in batch):
            raise ZeroDivisionError
        return {reply.inbound_id: Handling(HANDLED) for reply in batch}

    replies.register("test", purposes=frozenset({"question"}), handler=take)
    bad, good = arrive(number="1"), arrive(number="2", sender="09130000001")
    try:
        for _sweep in range(8):
            with suppress(ZeroDivisionError):
                inbound.take_up_all()
    finally:
        replies.unregister("test")

    bad.refresh_from_db(), good.refresh_from_db()
    assert (bad.status, good.status) == (Status.FOR_A_PERSON, Status.HANDLED)
    assert bad.note and "could not be taken up" in caplog.text


# --- the person who looks ----------------------------------------------------------------------------------------------
def test_a_person_says_what_came_of_a_message(taken):
    message, head = take_up(arrive("سلام")), UserFactory()

    inbound.close(message.pk, decision=" با او تماس گرفتم ", by=head)

    message.refresh_from_db()
    assert (message.status, message.decision, message.seen_by) == (Status.CLOSED, "با او تماس گرفتم", head)
    assert message.seen_at is not None


def test_a_message_is_closed_once_and_with_words(taken):
    message, head = take_up(arrive("سلام")), UserFactory()

    with pytest.raises(inbound.NoDecisionError):
        inbound.close(message.pk, decision="  ", by=head)
    inbound.close(message.pk, decision="دیدم", by=head)
    with pytest.raises(WrongStateError):
        inbound.close(message.pk, decision="دیدم", by=head)
