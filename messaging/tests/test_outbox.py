"""Writing messages down: in the caller's transaction, once per key, and the bell rung after the commit."""

from unittest import mock

import pytest
from django.db import transaction
from kombu.exceptions import OperationalError

from messaging import outbox
from messaging.models import OutboundMessage
from messaging.tests.drafts import a_county, a_draft, some_messages

pytestmark = pytest.mark.django_db
SEND = "messaging.bell.current_app.send_task"


@pytest.fixture
def county():
    return a_county()


def test_a_message_waits_in_the_queue_for_its_time(county):
    message = outbox.add(a_draft(county, to="۰۹۱۳۱۲۳۴۵۶۷"))

    assert (message.status, message.receptor, message.attempts) == ("queued", "09131234567", 0)
    assert message.due_at is not None


def test_the_second_draft_of_a_key_is_the_first(county):
    first = outbox.add(a_draft(county, key="job-check:1:1", text="اول"))
    again = outbox.add(a_draft(county, key="job-check:1:1", text="دوم"))

    assert (again.pk, again.text) == (first.pk, "اول")
    assert OutboundMessage.everything.count() == 1


def test_many_give_the_numbers_of_old_and_new_rows(county):
    old = outbox.add(a_draft(county, key="old"))

    ids = outbox.add_many([a_draft(county, key="new"), a_draft(county, key="old"), a_draft(county, key="new")])

    assert ids["old"] == old.pk and set(ids) == {"old", "new"}


def test_many_cost_as_many_statements_as_few(county, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        some_messages_of = [a_draft(county) for _ in range(1_000)]
        assert len(outbox.add_many(some_messages_of)) == 1_000


def test_a_change_that_is_rolled_back_sends_nothing(county, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as rung, transaction.atomic():
        outbox.add(a_draft(county))
        transaction.set_rollback(True)

    assert not rung and not OutboundMessage.everything.exists()


def test_the_bell_is_rung_once_for_a_transaction(county, django_capture_on_commit_callbacks):
    with mock.patch(SEND) as send, django_capture_on_commit_callbacks(execute=True):
        for _ in range(3):
            outbox.add(a_draft(county))

    assert send.call_count == 1


def test_a_broker_that_goes_away_in_between_is_nobodys_worry(county, django_capture_on_commit_callbacks):
    with mock.patch(SEND, side_effect=OperationalError("gone")), django_capture_on_commit_callbacks(execute=True):
        outbox.add(a_draft(county))

    assert OutboundMessage.everything.filter(status="queued").count() == 1


@pytest.mark.parametrize("text", ["", "  ", "ب" * 901])
def test_a_text_that_no_gateway_takes_is_refused(county, text):
    with pytest.raises(outbox.UnsendableTextError):
        outbox.add(a_draft(county, text=text))

    assert not OutboundMessage.everything.exists()


def test_only_what_waits_is_taken_back(county):
    waiting, sent = some_messages(county, 2)
    OutboundMessage.everything.filter(pk=sent.pk).update(status="sent")

    assert outbox.cancel([waiting.pk, sent.pk]) == 1
    assert dict(OutboundMessage.everything.values_list("pk", "status")) == {waiting.pk: "cancelled", sent.pk: "sent"}
