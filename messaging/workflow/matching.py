"""Whose question a message answers: by our line, the sender's number and the time, then by whoever asked it."""

from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from iran import identifiers
from messaging.models import InboundMessage, OutboundMessage
from messaging.reading import meaning_of
from messaging.replies import FOR_A_PERSON, HANDLED, Handling, Question, Registered, Reply, taker_of

Meaning = InboundMessage.Meaning
LONGEST_NOTE = InboundMessage._meta.get_field("note").max_length
Placed = tuple[int, int | None, str, str, int | None, str]  # id, county, meaning, status, question, note


@dataclass(frozen=True)
class Read:
    """A message and what can be told from it alone; ``mobile`` is empty when no mobile sent it."""

    row: InboundMessage
    mobile: str
    meaning: str


def read(row: InboundMessage) -> Read:
    try:
        mobile = identifiers.mobile(row.sender)
    except identifiers.IdentifierError:
        mobile = ""
    return Read(row, mobile, meaning_of(row.text))


def answers_of(messages: list[Read]) -> list[Placed]:
    """What becomes of each message. Four queries for a batch, and what the askers need."""
    mobiles = {message.mobile for message in messages if message.mobile}
    asked = _asked(mobiles)
    open_of = {m.row.pk: [found for found in asked[m.mobile] if _is_open(found, m.row)] for m in messages}
    known = _last_county({m.mobile for m in messages if m.mobile and not open_of[m.row.pk]})
    by_taker: dict[Registered, list[Reply]] = defaultdict(list)
    handled: dict[int, Handling] = {}
    counties: dict[int, int | None] = {}
    for message in messages:
        open_questions = open_of[message.row.pk]
        counties[message.row.pk] = open_questions[0].county_id if open_questions else known.get(message.mobile)
        taker = next((t for found in open_questions if (t := taker_of(found.purpose))), None)
        if taker is None:
            handled[message.row.pk] = _nobody_asked(message, bool(open_questions), message.mobile in known)
        else:
            by_taker[taker].append(_reply(message, open_questions, taker))
    for taker, replies in by_taker.items():
        handled |= _handed_over(taker, replies)
    return [_placed(message, counties[message.row.pk], handled[message.row.pk]) for message in messages]


def _asked(mobiles: set[str]) -> dict[str, list[OutboundMessage]]:
    """Questions that these people have, or may have, on their phones; the newest first."""
    questions = (
        OutboundMessage.everything.filter(receptor__in=mobiles, answer_until__isnull=False)
        .filter(Q(first_tried_at__isnull=False) | Q(sent_at__isnull=False))
        .exclude(status=OutboundMessage.Status.CANCELLED)
        .only("key", "purpose", "receptor", "sender", "county_id", "sent_at", "first_tried_at", "answer_until")
        .order_by("-pk")
    )
    by_mobile: dict[str, list[OutboundMessage]] = defaultdict(list)
    for question in questions:
        by_mobile[question.receptor].append(question)
    return by_mobile


def _is_open(question: OutboundMessage, message: InboundMessage) -> bool:
    """It was asked before this came, may still be answered, and the answer came to the line that asked."""
    since = question.first_tried_at or question.sent_at
    return since <= message.received_at <= question.answer_until and _same_line(question.sender, message.line)


def _same_line(asked_from: str, came_to: str) -> bool:
    """Our line and our service line are one to a person; a question without a line went out by ours."""
    ours = {_line(settings.SMS_LINE), _line(getattr(settings, "SMS_SERVICE_LINE", ""))} - {""}
    asked, came = _line(asked_from), _line(came_to)
    return asked == came or ((asked in ours or not asked) and came in ours)


def _line(number: str) -> str:
    """A line however it is written: +98 3000…, 0098 3000…, 3000…"""
    digits = "".join(character for character in number if character.isdecimal()).lstrip("0")
    return digits.removeprefix("98") if len(digits) > 8 else digits


def _last_county(mobiles: set[str]) -> dict[str, int]:
    """The county that last wrote to these people: its office looks at what cannot be placed."""
    if not mobiles:
        return {}
    newest = (
        OutboundMessage.everything.filter(receptor__in=mobiles)
        .order_by()
        .values("receptor")
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    return dict(OutboundMessage.everything.filter(pk__in=newest).values_list("receptor", "county_id"))


def _nobody_asked(message: Read, is_asked: bool, is_known: bool) -> Handling:
    if message.meaning == Meaning.OPT_OUT and message.mobile:
        return Handling(HANDLED, note=_("Asked for no more messages; no question of ours was open."))
    if is_asked:
        return Handling(FOR_A_PERSON, note=_("Answers a message that nobody takes answers to."))
    if is_known:
        return Handling(FOR_A_PERSON, note=_("We wrote to this number, but no question of ours was open on this line."))
    return Handling(FOR_A_PERSON, note=_("We never wrote to this number."))


def _reply(message: Read, questions: list[OutboundMessage], taker: Registered) -> Reply:
    own = [
        Question(found.pk, found.key, found.purpose, found.sent_at or found.first_tried_at)
        for found in questions
        if found.purpose in taker.purposes
    ]
    return Reply(
        inbound_id=message.row.pk,
        county_id=questions[0].county_id,
        mobile=message.mobile,
        meaning=message.meaning,
        text=message.row.text,
        received_at=message.row.received_at,
        questions=own,
    )


def _handed_over(taker: Registered, replies: list[Reply]) -> dict[int, Handling]:
    """One call for all; a reply that the taker does not speak of is for a person."""
    said = taker.handler(replies)
    silent = Handling(FOR_A_PERSON, note=_("Nothing was found that this answers."))
    return {reply.inbound_id: said.get(reply.inbound_id, silent) for reply in replies}


def _placed(message: Read, county: int | None, handling: Handling) -> Placed:
    if handling.status not in (HANDLED, FOR_A_PERSON):
        raise ValueError(f"a reply is handled or for a person, not {handling.status}")
    note = str(handling.note)[:LONGEST_NOTE]
    return message.row.pk, county, str(message.meaning), str(handling.status), handling.question_id, note
