"""How the houses above have a message sent: they write a row, in the transaction of the change that it tells of.

The row is the truth. A worker is rung for on commit; if nobody hears it, the sweeper of beat finds the row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from abarkuh_loans.errors import RuleError
from messaging import bell
from messaging.models import OutboundMessage
from messaging.workflow import cancelling

LONGEST_TEXT = OutboundMessage._meta.get_field("text").max_length
LONGEST_KEY = OutboundMessage._meta.get_field("key").max_length


class UnsendableTextError(RuleError):
    code = "unsendable_text"
    field = "text"
    default_message = _("A message has between 1 and 900 characters. Shorten the text, or write one.")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One message to one person. ``key`` says what it is for, once for ever: a second draft of that key is the first."""

    key: str
    county_id: int
    to: str
    text: str
    purpose: str
    channel: str = "sms"
    due_at: datetime | None = None
    answer_until: datetime | None = None


def add(draft: Draft) -> OutboundMessage:
    """Write one message down. Raises UnsendableTextError."""
    return OutboundMessage.everything.get(pk=add_many([draft])[draft.key])


@transaction.atomic
def add_many(drafts: Iterable[Draft]) -> dict[str, int]:
    """Write messages down and give the numbers of their rows by key, also of those that were there before.

    Raises UnsendableTextError before anything is written.
    """
    by_key = {draft.key: draft for draft in reversed(list(drafts))}  # the first of a key wins
    for draft in by_key.values():
        check_sendable(draft)
    rows = [row_of(by_key[key]) for key in sorted(by_key)]  # in one order everywhere, or two writers lock each other
    OutboundMessage.everything.bulk_create(rows, ignore_conflicts=True, batch_size=5_000)
    bell.ring_on_commit()
    return dict(OutboundMessage.everything.filter(key__in=list(by_key)).values_list("key", "pk"))


def cancel(ids: Sequence[int]) -> int:
    """Take back messages that still wait in the queue; says how many."""
    return cancelling.cancel(ids)


def check_sendable(draft: Draft) -> None:
    if not draft.text.strip() or len(draft.text) > LONGEST_TEXT:
        raise UnsendableTextError
    if len(draft.key) > LONGEST_KEY:
        raise ValueError(f"the key {draft.key[:40]}… is longer than {LONGEST_KEY} characters")


def row_of(draft: Draft) -> OutboundMessage:
    return OutboundMessage(
        key=draft.key,
        county_id=draft.county_id,
        channel=draft.channel,
        purpose=draft.purpose,
        receptor=draft.to,
        text=draft.text,
        due_at=draft.due_at or Now(),
        answer_until=draft.answer_until,
    )
