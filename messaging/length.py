"""How long a text is for a telephone: characters of its alphabet, and the messages it is cut into and paid for.

One Persian letter anywhere makes the whole text UCS-2: 70 characters alone, 67 in each part of a longer one. A text of
the telephones' own Latin alphabet has 160 and 153. A half-space counts, an emoji counts two and is never cut in half.
Source: docs/sources.md#sms-gateway. ``static/messaging/text_length.js`` counts the same way.
"""

from typing import NamedTuple

MOST_CHARACTERS = 900  # of one text, by the gateway

_LATIN = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_LATIN_DOUBLE = "\f^{}\\[~]|€"
_WIDTHS = {**dict.fromkeys(_LATIN, 1), **dict.fromkeys(_LATIN_DOUBLE, 2)}


class Length(NamedTuple):
    """``room``: how many characters fit into the parts that are paid for anyway."""

    characters: int
    parts: int
    room: int


def count(text: str) -> tuple[int, int]:
    """Characters as a telephone counts them, and messages."""
    return measure(text)[:2]


def measure(text: str) -> Length:
    if all(character in _WIDTHS for character in text):
        widths, alone, joined = [_WIDTHS[character] for character in text], 160, 153
    else:
        widths, alone, joined = [2 if ord(character) > 0xFFFF else 1 for character in text], 70, 67
    characters = sum(widths)
    if characters <= alone:
        return Length(characters, 1 if text else 0, alone)
    parts = _parts(widths, joined)
    return Length(characters, parts, parts * joined)


def _parts(widths: list[int], joined: int) -> int:
    """What counts two stands whole in one part."""
    parts, used = 1, 0
    for width in widths:
        if used + width > joined:
            parts, used = parts + 1, 0
        used += width
    return parts
