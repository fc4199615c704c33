"""What the gateway sends to our callbacks, read by the names of its fields; whatever else it sends is ignored.

It comes by GET or POST, as a form or as JSON, names in any case, several messages as comma lists or as a list of objects.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest

from messaging.workflow.inbound import Arrived

MOST_BYTES = 256 * 1024
MOST_DIGITS, HIGHEST_STATUS = 18, 32_767
Fields = dict[str, str]


class UnreadableError(Exception):
    """Nothing in it can be used."""


def entries_of(request: HttpRequest) -> list[Fields]:
    """The fields of each message that a request tells of."""
    address = _texts(request.GET)
    if request.method != "POST":
        return [address]
    if request.content_type == "application/json" or request.body.lstrip()[:1] in (b"{", b"["):
        return [address | found for found in _json(request.body)]
    return [address | _texts(request.POST)]


def _json(body: bytes) -> list[Fields]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise UnreadableError from None
    found = content if isinstance(content, list) else [content]
    return [_texts(entry) for entry in found if isinstance(entry, dict)]


def _texts(fields: Mapping[str, Any]) -> Fields:
    return {str(name).lower(): _text(fields[name]) for name in fields}


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(_text, value))
    return "" if value is None or isinstance(value, dict) else str(value)


def reports_of(entries: list[Fields]) -> list[tuple[int, int]]:
    """Numbers and status codes. One code may stand for a list of numbers. Raises UnreadableError if there are none."""
    found = [report for entry in entries for report in _reports(entry)]
    if not found:
        raise UnreadableError
    return found


def _reports(entry: Fields) -> Iterator[tuple[int, int]]:
    numbers, codes = (entry.get(name, "").split(",") for name in ("messageid", "status"))
    codes = codes * len(numbers) if len(codes) == 1 else codes
    if len(codes) != len(numbers):
        return
    for number, code in zip(map(_number, numbers), map(_number, codes), strict=True):
        if number and code is not None and code <= HIGHEST_STATUS:
            yield number, code


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None


def messages_of(entries: list[Fields]) -> list[Arrived]:
    """What people wrote; kept also without a number, or from nowhere. Raises UnreadableError if nothing was written."""
    found = [
        Arrived(entry.get("messageid", ""), entry.get("to", ""), entry.get("from", ""), entry.get("message", ""), entry)
        for entry in entries
        if any(entry.get(name, "").strip() for name in ("messageid", "from", "message"))
    ]
    if not found:
        raise UnreadableError
    return found
