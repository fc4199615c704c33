"""Messages for tests: a county that sends at any hour, and drafts with nothing left to say."""

from collections import Counter
from datetime import timedelta
from itertools import count

from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import County
from accounts.tests.factories import CountyFactory
from messaging import outbox
from messaging.models import OutboundMessage, SendingRules

_numbers = count(1)


def a_county(**rules) -> County:
    """Without quiet hours, so that a test passes at night too, and with limits that nobody reaches by chance."""
    county = CountyFactory()
    open_rules = {"quiet_from": "00:00", "quiet_until": "00:00", "daily_per_person": 100, "daily_total": 100_000}
    SendingRules.everything.create(county=county, **open_rules | rules)
    return county


def a_draft(county: County, **changes) -> outbox.Draft:
    number = next(_numbers)
    usual = {
        "key": f"test:{number}",
        "county_id": county.pk,
        "to": f"0913{number:07d}",
        "text": f"پیام شماره {number}",
        "purpose": "notice",
    }
    return outbox.Draft(**usual | changes)


def some_messages(county: County, many: int, **changes) -> list[OutboundMessage]:
    ids = outbox.add_many([a_draft(county, **changes) for _ in range(many)]).values()
    return list(OutboundMessage.everything.filter(pk__in=ids).order_by("pk"))


def make_due(*messages: OutboundMessage, hours: float = 0) -> None:
    """Let their time come, or move it on by some hours."""
    rows = OutboundMessage.everything.filter(pk__in=[message.pk for message in messages])
    rows.update(due_at=Now() + timedelta(hours=hours))


def end_leases() -> None:
    """What a worker that died leaves behind after its lease."""
    OutboundMessage.everything.filter(status="sending").update(lease_until=Now() - timedelta(seconds=1))


def states() -> dict[str, int]:
    return dict(Counter(OutboundMessage.everything.values_list("status", flat=True)))


def sent(county: County, **changes) -> OutboundMessage:
    """A message that the gateway has, and perhaps a question that may still be answered (``answer_until``)."""
    number = next(_numbers)
    usual = {
        "key": f"sent:{number}",
        "purpose": "question",
        "receptor": f"0914{number:07d}",
        "sender": "10004346",
        "text": f"پرسش شماره {number}؟ 1 بله 2 خیر",
        "status": OutboundMessage.Status.SENT,
        "attempts": 1,
        "first_tried_at": timezone.now() - timedelta(minutes=1),
        "sent_at": timezone.now() - timedelta(minutes=1),
        "poll_at": timezone.now() + timedelta(minutes=10),
        "provider_id": 1_000_000 + number,
        "provider_status": 1,
    }
    return OutboundMessage.everything.create(county=county, **usual | changes)
