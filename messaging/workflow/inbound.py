"""What people write to us: kept as it came, then read, matched to our open questions and given to whoever asked.

Keeping is one step and committed by itself; taking up is another, in batches, each in a transaction of its own together with
what the asker writes. So a kill between any two lines loses nothing and does nothing twice. What nobody can place waits
for a person of the office.
"""

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from abarkuh_loans.errors import RuleError, WrongStateError
from messaging import bell
from messaging.models import InboundMessage, OptOut
from messaging.workflow.matching import Read, answers_of, read

Status = InboundMessage.Status
BATCH = 1_000
SUSPECT_AFTER = 3  # times it failed: from then on alone, so that it holds up nobody else
MOST_TRIES = 6
LONGEST = {name: InboundMessage._meta.get_field(name).max_length for name in ("provider_id", "line", "sender")}
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Arrived:
    """A message as the gateway handed it over. ``number`` is the gateway's; without one, its content stands for it."""

    number: str
    line: str
    sender: str
    text: str
    raw: dict[str, Any] = field(default_factory=dict)

    def row(self) -> InboundMessage:
        return InboundMessage(
            provider_id=_number_of(self),
            line=_storable(self.line)[: LONGEST["line"]],
            sender=_storable(self.sender)[: LONGEST["sender"]],
            text=_storable(self.text),
            raw={_storable(key): _storable(str(value)) for key, value in self.raw.items()},
        )


def _storable(text: str) -> str:
    """PostgreSQL keeps neither NUL nor half of a character."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _number_of(arrived: Arrived) -> str:
    number = _storable(arrived.number.strip())
    if number and len(number) <= LONGEST["provider_id"]:
        return number
    content = "\n".join([number, arrived.line, arrived.sender, arrived.text])
    return "~" + hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:39]


def keep(arrived: Iterable[Arrived]) -> int:
    """Write down what came; what is known already is left as it is. Gives how many were new."""
    rows = [message.row() for message in arrived]
    with transaction.atomic():
        numbers = {row.provider_id for row in rows}
        known = set(InboundMessage.everything.filter(provider_id__in=numbers).values_list("provider_id", flat=True))
        InboundMessage.everything.bulk_create(rows, ignore_conflicts=True)
        bell.ring_on_commit(bell.TAKE_UP_INBOUND)
    return len(numbers - known)


def take_up_all(*, batches: int = 1_000) -> int:
    """Take up what waits until nothing does; gives how many. Several may do so at once."""
    taken = 0
    for _batch in range(batches):
        settled = _settle(suspects=False) or _settle(suspects=True)
        if not settled:
            break
        taken += settled
    return taken


def _settle(*, suspects: bool) -> int:
    """Take the next batch up: all of it or nothing. What fails is counted, for it will be tried again."""
    rows, is_settled = [], False
    try:
        with transaction.atomic():
            rows = _next(suspects=suspects)
            _place(rows)
        is_settled = True
    finally:
        if rows and not is_settled:
            failed = InboundMessage.everything.filter(pk__in=[row.pk for row in rows], status=Status.RECEIVED)
            failed.update(tries=F("tries") + 1)
    return len(rows)


def _next(*, suspects: bool) -> list[InboundMessage]:
    """The lock is the claim: it ends with whoever holds it. What failed in company several times is taken alone."""
    waiting = InboundMessage.everything.filter(status=Status.RECEIVED).select_for_update(skip_locked=True, no_key=True)
    if suspects:
        return list(waiting.filter(tries__gte=SUSPECT_AFTER).order_by("tries", "pk")[:1])
    return list(waiting.filter(tries__lt=SUSPECT_AFTER).order_by("pk")[:BATCH])


def _place(rows: list[InboundMessage]) -> None:
    messages = [read(row) for row in rows if row.tries < MOST_TRIES]
    _record_opt_outs(messages)
    _write(answers_of(messages))
    _give_up([row.pk for row in rows if row.tries >= MOST_TRIES])


def _give_up(numbers: list[int]) -> None:
    if numbers:
        log.error("incoming messages %s could not be taken up", numbers)
        note = _("The programme failed on this message several times. Read it yourself and tell the administrator.")
        InboundMessage.everything.filter(pk__in=numbers).update(status=Status.FOR_A_PERSON, note=note, handled_at=Now())


def _record_opt_outs(messages: list[Read]) -> None:
    asked = {m.mobile: m.row.pk for m in reversed(messages) if m.mobile and m.meaning == InboundMessage.Meaning.OPT_OUT}
    if asked:
        OptOut.everything.bulk_create(
            [OptOut(mobile=mobile, inbound_id=asked[mobile]) for mobile in sorted(asked)], ignore_conflicts=True
        )


_WRITE = """
    UPDATE messaging_inboundmessage AS message
    SET county_id = placed.county, meaning = placed.meaning, status = placed.status, question_id = placed.question,
        note = placed.note, handled_at = now()
    FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::text[])
        AS placed(id, county, meaning, status, question, note)
    WHERE message.id = placed.id
"""


def _write(placed: list[tuple]) -> None:
    if placed:
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [list(column) for column in zip(*placed, strict=True)])


class NoDecisionError(RuleError):
    code = "no_decision"
    field = "reason"
    default_message = _lazy("Write what you decided, for whoever looks at this message after you.")


@transaction.atomic
def close(inbound_id: int, *, decision: str, by) -> None:
    """FOR_A_PERSON -> CLOSED: somebody of the office read it and says what came of it.

    Raises NoDecisionError, WrongStateError.
    """
    if not decision.strip():
        raise NoDecisionError
    waiting = InboundMessage.everything.filter(pk=inbound_id, status=Status.FOR_A_PERSON)
    closed = waiting.update(status=Status.CLOSED, seen_at=Now(), seen_by=by, decision=decision.strip()[:500])
    if not closed:
        raise WrongStateError
