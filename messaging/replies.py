"""Who takes a person's answer: higher floors say here which of their questions they answer for.

``register("verification", purposes=frozenset({"job_check"}), handler=take_replies)`` in ``AppConfig.ready``. The handler is
called inside the transaction that takes the batch up, so what it writes and what happens to the message stand or fall
together; it must cost a handful of statements for a thousand replies.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from messaging.models import InboundMessage

HANDLED, FOR_A_PERSON = InboundMessage.Status.HANDLED, InboundMessage.Status.FOR_A_PERSON


@dataclass(frozen=True)
class Question:
    """A message to this person that may still be answered; ``key`` is that of its row in the outbox."""

    message_id: int
    key: str
    purpose: str
    sent_at: datetime | None


@dataclass(frozen=True)
class Reply:
    """What somebody answered, read. ``questions`` are those of the handler's purposes, the newest first."""

    inbound_id: int
    county_id: int
    mobile: str
    meaning: str
    text: str
    received_at: datetime
    questions: list[Question]


@dataclass(frozen=True)
class Handling:
    """What became of a reply. ``note`` tells the person who must look why, in one sentence."""

    status: str
    question_id: int | None = None
    note: str = ""


Handler = Callable[[list[Reply]], dict[int, Handling]]


@dataclass(frozen=True)
class Registered:
    name: str
    purposes: frozenset[str]
    handler: Handler


_registered: dict[str, Registered] = {}


def register(name: str, *, purposes: frozenset[str], handler: Handler) -> None:
    """Said once per name; of two names that want one purpose the second is refused at start-up."""
    for other in _registered.values():
        if other.name != name and other.purposes & purposes:
            raise ValueError(f"{other.name} already takes the answers to {', '.join(other.purposes & purposes)}.")
    _registered[name] = Registered(name, frozenset(purposes), handler)


def unregister(name: str) -> None:
    """For tests, which bring handlers of their own."""
    _registered.pop(name, None)


def taker_of(purpose: str) -> Registered | None:
    return next((registered for registered in _registered.values() if purpose in registered.purposes), None)
