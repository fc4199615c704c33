"""Kavenegar's HTTP API: https://api.kavenegar.com/v1/{key}/{scope}/{method}.json. Source: docs/sources.md#sms-gateway.

The key is part of every address, so no address is ever logged or put into an error; what the gateway says is masked too.
"""

import json
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote

from messaging.gateways import codes
from messaging.gateways.codes import Act, ReturnCode
from messaging.gateways.transport import GatewayError, Transport, UnclearError

MOST_RECEPTORS, MOST_QUESTIONS = 200, 500  # of one call
MASK = "•••"


class RefusedError(GatewayError):
    """The gateway answered, and took nothing of this call. ``meaning`` says what follows."""

    def __init__(self, code: int, meaning: ReturnCode, detail: str) -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code, self.meaning, self.detail = code, meaning, detail


class Outgoing(NamedTuple):
    localid: int
    receptor: str
    sender: str
    text: str


class Entry(NamedTuple):
    """What the gateway says of one message; ``message_id`` 0 means that it has none."""

    message_id: int
    status: int
    cost_rial: int = 0


class Kavenegar:
    def __init__(self, *, base_url: str, key: str) -> None:
        self._key = key
        self.transport = Transport(base_url)

    def __repr__(self) -> str:
        return f"<Kavenegar {self.transport.host}>"

    def send_array(self, messages: Sequence[Outgoing]) -> list[Entry]:
        """Up to 200 messages in one call; the answers in their order. Raises GatewayError's kinds."""
        entries = self._call(
            "sms/sendarray",
            receptor=_array([message.receptor for message in messages]),
            sender=_array([message.sender for message in messages]),
            message=_array([message.text for message in messages]),
            localmessageids=_array([message.localid for message in messages]),
        )
        return _sent(entries, messages)

    def speak(self, message: Outgoing) -> Entry:
        """Have a text said in a phone call."""
        entries = self._call(
            "call/maketts", receptor=message.receptor, message=message.text, localid=str(message.localid)
        )
        return _sent(entries, [message])[0]

    def status(self, message_ids: Sequence[int]) -> dict[int, int]:
        """Status codes by the gateway's number, of the last 48 hours; at most 500."""
        return self._statuses("sms/status", message_ids)

    def call_status(self, message_ids: Sequence[int]) -> dict[int, int]:
        return self._statuses("call/status", message_ids)

    def status_of_own(self, localids: Sequence[int]) -> dict[int, Entry]:
        """What the gateway has under our own numbers, of the last 12 hours; at most 500."""
        entries = self._call("sms/statuslocalmessageid", localid=",".join(map(str, localids)))
        try:
            return {int(entry["localid"]): _own_entry(entry) for entry in entries}
        except (KeyError, TypeError, ValueError):
            raise UnclearError("an answer that cannot be read") from None

    def receive(self, line: str, *, read_before: bool = False) -> list[dict]:
        """What people wrote to a line, at most 100; the unread are marked as read by being handed over."""
        entries = self._call("sms/receive", linenumber=line, isread="1" if read_before else "0")
        if not all(isinstance(entry, dict) for entry in entries):
            raise UnclearError("an answer that cannot be read")
        return entries

    def close(self) -> None:
        self.transport.close()

    def _statuses(self, method: str, message_ids: Sequence[int]) -> dict[int, int]:
        entries = self._call(method, messageid=",".join(map(str, message_ids)))
        try:
            return {int(entry["messageid"]): int(entry["status"]) for entry in entries}
        except (KeyError, TypeError, ValueError):
            raise UnclearError("an answer that cannot be read") from None

    def _call(self, method: str, **form: str) -> list[dict]:
        http_status, body = self.transport.post(f"/{quote(self._key, safe='')}/{method}.json", form)
        code, detail, entries = _envelope(body)
        detail = self._masked(detail)
        if code is None:
            raise _without_envelope(http_status)
        if http_status >= 500:
            raise UnclearError(f"{http_status} {detail}")
        if code == 200 and http_status == 200 and isinstance(entries, list):
            return entries
        meaning = codes.meaning_of_return(code)
        if meaning.act in (Act.ASK, Act.STORE):
            raise UnclearError(f"{code} {detail}")
        raise RefusedError(code, meaning, detail)

    def _masked(self, words: str) -> str:
        return words.replace(self._key, MASK)[:200] if self._key else words[:200]


def _array(values: list) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _envelope(body: bytes) -> tuple[int | None, str, object]:
    """Code, words and entries of an answer; no code when it is not the gateway's."""
    try:
        answer = json.loads(body)
        head = answer["return"]
        return int(head["status"]), str(head.get("message") or ""), answer.get("entries")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None, "", None


def _without_envelope(http_status: int) -> GatewayError:
    """Some other machine answered, or the gateway in disorder."""
    if http_status in (401, 403, 407):
        return RefusedError(http_status, codes.RETURN[http_status], "")
    if 300 <= http_status < 500 and http_status not in (408, 425, 429):
        return RefusedError(http_status, codes.WRONG_ADDRESS, "")
    return UnclearError(f"{http_status} and no readable answer")


def _sent(entries: list[dict], messages: Sequence[Outgoing]) -> list[Entry]:
    """One entry for each message, in their order and to the same phones; anything else is no answer."""
    try:
        found = [Entry(int(e["messageid"]), int(e["status"]), int(e.get("cost") or 0)) for e in entries]
        phones = [str(e["receptor"])[-10:] for e in entries]
    except (KeyError, TypeError, ValueError):
        raise UnclearError("an answer that cannot be read") from None
    once = len({entry.message_id for entry in found}) == len(found)
    if phones != [message.receptor[-10:] for message in messages] or not once or any(e.message_id <= 0 for e in found):
        raise UnclearError("an answer that does not fit the call")
    return found


def _own_entry(entry: dict) -> Entry:
    return Entry(int(entry.get("messageid") or 0), int(entry["status"]), int(entry.get("cost") or 0))
