"""The figures of messages on /metrics: right, each one statement that an index answers, and no person in them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.tests.factories import UserFactory
from messaging import figures
from messaging.models import InboundMessage, OutboundMessage
from messaging.tests.drafts import a_county, some_messages
from messaging.workflow import pauses

pytestmark = pytest.mark.django_db


def page(client) -> str:
    return client.get("/metrics").content.decode()


def test_an_empty_site_says_nought(client):
    shown = page(client)

    for line in (
        'loans_messages{status="queued"} 0.0',
        'loans_messages{status="sending"} 0.0',
        "loans_message_oldest_due_seconds 0.0",
        "loans_sending_paused 0.0",
        'loans_replies{status="for_a_person"} 0.0',
    ):
        assert line in shown


def test_what_waits_is_counted(client):
    sending, *queued = some_messages(a_county(), 4)
    now = timezone.now()
    OutboundMessage.everything.filter(pk=sending.pk).update(status="sending", lease_until=now)
    OutboundMessage.everything.filter(pk=queued[0].pk).update(due_at=now - timedelta(minutes=10))
    OutboundMessage.everything.filter(pk=queued[1].pk).update(due_at=now + timedelta(days=1))
    for number, status in enumerate(["received", "for_a_person", "for_a_person", "handled"]):
        InboundMessage.everything.create(
            provider_id=f"in-{number}", line="1000", sender="09130000000", text="1", status=status
        )
    pauses.begin(reason="no_credit")

    shown = page(client)

    assert 'loans_messages{status="queued"} 3.0' in shown
    assert 'loans_messages{status="sending"} 1.0' in shown
    assert 'loans_replies{status="received"} 1.0' in shown
    assert 'loans_replies{status="for_a_person"} 2.0' in shown
    assert "loans_sending_paused 1.0" in shown
    assert 600 <= figures.oldest_due_seconds() < 700
    assert "0913" not in shown


def test_a_pause_that_ended_is_none(client):
    pauses.begin(reason="no_credit")
    pauses.resume(by=UserFactory())

    assert "loans_sending_paused 0.0" in page(client)


@pytest.mark.parametrize(
    ("figure", "indexes"),
    [
        (figures.on_the_way, ["outbound_open"]),
        (figures.oldest_due_seconds, ["outbound_open"]),
        (figures.paused, ["sendingpause_one_at_a_time"]),
        (figures.replies, ["inbound_waiting", "inbound_for_a_person"]),
    ],
)
def test_each_figure_is_one_statement_that_an_index_answers(figure, indexes):
    plan = plan_of(figure)

    assert "Seq Scan" not in plan
    assert all(index in plan for index in indexes), plan


def plan_of(figure) -> str:
    """As on full tables: an empty one is always read from end to end."""
    with CaptureQueriesContext(connection) as asked:
        figure()
    (query,) = asked
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + query["sql"])
        return "\n".join(line for (line,) in cursor.fetchall())
