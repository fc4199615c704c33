"""Speaking to the gateway about claimed messages. No database here: these run in threads, several calls at once."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from messaging.gateways.codes import Act
from messaging.gateways.kavenegar import Entry, Kavenegar, RefusedError
from messaging.gateways.transport import NotSentError, UnclearError
from messaging.workflow import recording
from messaging.workflow.claiming import Batch, Claimed
from messaging.workflow.recording import Outcome

log = logging.getLogger(__name__)


@dataclass
class Answer:
    """What came of a batch: an outcome for each message, and what the office must hear."""

    outcomes: list[Outcome] = field(default_factory=list)
    pause: RefusedError | None = None
    accepted: int = 0
    faulty: bool = False  # the gateway was out of reach, or nobody knows what it did
    out_of_reach: bool = False

    def of_all(self, messages: Sequence[Claimed], outcome: Callable[[Claimed], Outcome]) -> None:
        self.outcomes += map(outcome, messages)


def send(gateway: Kavenegar, batch: Batch) -> Answer:
    """Send a batch in one call. A refused call is halved until the message at fault stands alone."""
    answer = Answer()
    waiting = [list(batch.messages)]
    while waiting:
        messages = waiting.pop()
        stopped = answer.pause or answer.faulty
        if stopped or not batch.may_still_call():  # a worker that slept: its successor has asked or will ask
            answer.of_all(messages, recording.put_back)
        else:
            waiting += _call(gateway, messages, answer)
    return answer


def _call(gateway: Kavenegar, messages: list[Claimed], answer: Answer) -> list[list[Claimed]]:
    """One call; gives back what is to be called apart."""
    try:
        entries = _entries(gateway, messages)
    except NotSentError as error:
        log.warning("%s messages wait: %s", len(messages), error)
        answer.faulty = answer.out_of_reach = True
        answer.of_all(messages, recording.try_later)
    except UnclearError as error:
        log.warning("the gateway will be asked about %s messages: %s", len(messages), error)
        answer.faulty = True
        answer.of_all(messages, recording.ask_later)
    except RefusedError as error:
        return _after_refusal(error, messages, answer)
    else:
        answer.accepted += len(messages)
        answer.outcomes += map(recording.taken, messages, entries)
    return []


def _entries(gateway: Kavenegar, messages: list[Claimed]) -> list[Entry]:
    if messages[0].channel == "call":
        return [gateway.speak(messages[0].outgoing())]
    return gateway.send_array([message.outgoing() for message in messages])


def _after_refusal(error: RefusedError, messages: list[Claimed], answer: Answer) -> list[list[Claimed]]:
    if error.meaning.act is Act.PAUSE:
        answer.pause = error
        answer.of_all(messages, recording.put_back)
        return []
    if error.meaning.act is Act.SPLIT and len(messages) > 1:
        middle = len(messages) // 2
        return [messages[middle:], messages[:middle]]
    log.error("the gateway refused %s messages, first %s: %s", len(messages), messages[0].id, error)
    answer.of_all(messages, lambda message: recording.refused(message, error.meaning.failure))
    return []


def ask(gateway: Kavenegar, batch: Batch) -> Answer:
    """Ask what the gateway has of messages in doubt. Nothing is sent here, and nothing is guessed."""
    answer = Answer()
    answer.of_all([message for message in batch.messages if message.forgotten], recording.unknown)
    asked = [message for message in batch.messages if not message.forgotten]
    if not asked:
        return answer
    try:
        found = gateway.status_of_own([message.localid for message in asked])
    except RefusedError as error:
        answer.pause = error if error.meaning.act is Act.PAUSE else None
        answer.faulty = True
        log.warning("the gateway refused a question about %s messages: %s", len(asked), error)
        answer.of_all(asked, recording.ask_later)
    except (NotSentError, UnclearError) as error:
        answer.faulty = True
        log.warning("the gateway did not say what it has of %s messages: %s", len(asked), error)
        answer.of_all(asked, recording.ask_later)
    else:
        answer.outcomes += [_fate(message, found.get(message.localid)) for message in asked]
    return answer


def _fate(message: Claimed, entry: Entry | None) -> Outcome:
    if entry is None:  # not mentioned: no answer, and no leave to send it again
        return recording.ask_later(message)
    return recording.taken(message, entry) if entry.message_id > 0 else recording.not_there(message)
