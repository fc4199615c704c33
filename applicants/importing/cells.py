"""What one cell of a list means: put right without asking where that is safe, refused with a stable code where not.

Every reader takes a cell as the parser gives it (text, float, date, bool or the empty text) and gives a ``Reading``.
Columns are read one at a time and equal cells once, so that a long list costs little per row.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from applicants.importing.findings import CORRECTED, FAULT, WARNING, shown
from applicants.importing.headings import word_key
from iran import calendar, identifiers, money
from iran.text import clean, to_ascii_digits


class Reading(NamedTuple):
    """The value to store, and what must be said about the cell, if anything."""

    stored: object
    level: str = ""
    code: str = ""
    details: tuple[tuple[str, object], ...] = ()


Reader = Callable[[object], Reading]

_JALALI = re.compile(r"(1[2-5][0-9][0-9])/([0-9]{2})/([0-9]{2})")
_OLD_LETTERS = re.compile("[يىكﭐ-﷏ﷰ-﷿ﹰ-ﻼ]")
_GROUP_MARKS = re.compile("[,٬،'’]")
_RIAL = re.compile(r"\s*(?:ریال|ريال|﷼)\s*")
_PEOPLE = re.compile(r"\s*(?:نفر|شغل)\s*$")
LARGEST_SMALLINT = 32767


def fault(code: str, **details) -> Reading:
    return Reading(None, FAULT, code, tuple(details.items()))


def _corrected(stored: object, code: str, old: str, new: str | None = None) -> Reading:
    return Reading(stored, CORRECTED, code, (("old", old), ("new", str(stored) if new is None else new)))


def _what_changed(raw: str, stored: str) -> str:
    """Why a text differs from its stored form, in the order in which it matters to a person."""
    if _OLD_LETTERS.search(raw):
        return "letters"
    return "digits" if to_ascii_digits(raw) == stored else "spaces"


def text(most: int, *, missing: str = "") -> Reader:
    """A reader of words of at most ``most`` characters; empty is the fault ``missing``, where there is one."""

    def read(value: object) -> Reading:
        raw = shown(value) if not isinstance(value, str) else value
        stored = clean(raw)
        if not stored:
            return fault(missing) if missing else Reading("")
        if len(stored) > most:
            return fault("text_too_long", most=most)
        if stored == raw:
            return Reading(stored)
        code = _what_changed(raw, stored)  # digits inside words are nobody's mistake
        return Reading(stored) if code == "digits" else _corrected(stored, code, raw[:100])

    return read


def person_id(value: object) -> Reading:
    """National ID of a natural person (10 digits) or legal ID of a legal one (11)."""
    if type(value) is str and identifiers.is_national_id(value):
        return Reading(value)
    try:
        stored = identifiers.national_id(value, pad=True)
    except identifiers.IdentifierError as error:
        return _legal_id(value) if error.code == "nid_length" else fault(error.code)
    return _identifier(value, stored)


def _legal_id(value: object) -> Reading:
    try:
        return _identifier(value, identifiers.legal_id(value))
    except identifiers.IdentifierError as error:
        return fault("legal_checksum" if error.code == "legal_checksum" else "nid_length")


def natural_id(value: object) -> Reading:
    """National ID of a natural person, nothing else."""
    reading = person_id(value)
    return fault("nid_length") if reading.stored is not None and len(reading.stored) != 10 else reading


def mobile(value: object) -> Reading:
    if type(value) is str and identifiers.is_mobile(value):
        return Reading(value)
    try:
        return _identifier(value, identifiers.mobile(value))
    except identifiers.IdentifierError as error:
        return fault("mobile_missing" if error.code == "mobile_missing" else "mobile_bad")


def _identifier(value: object, stored: str) -> Reading:
    """A number that is not an amount, with the word for what was done to it."""
    raw = shown(value)
    if raw == stored:
        return Reading(stored)
    digits = re.sub("[^0-9]", "", to_ascii_digits(raw))
    if digits == stored:
        code = "digits" if to_ascii_digits(raw) == stored else "spaces"
    elif len(digits) < len(stored):
        code = "leading_zeros"
    else:
        code = "country_code"
    return _corrected(stored, code, raw)


def postal_code(value: object) -> Reading:
    """A wrong postal code stops nobody: it is set aside and said so."""
    try:
        return _identifier(value, identifiers.postal_code(value))
    except identifiers.IdentifierError as error:
        empty = error.code == "postal_missing"
        return Reading("") if empty else Reading("", CORRECTED, "postal_code_set_aside", (("old", shown(value)),))


def sheba(value: object) -> Reading:
    try:
        stored = identifiers.sheba(value)
    except identifiers.IdentifierError as error:
        empty = error.code == "sheba_missing"
        return Reading("") if empty else Reading("", WARNING, "sheba_set_aside", (("old", shown(value)),))
    return Reading(stored) if stored == value else _corrected(stored, "identifier_form", shown(value))


def amount(value: object) -> Reading:
    """Whole rial above zero. Toman is never guessed."""
    try:
        stored = money.parse_rial(_RIAL.sub("", value) if isinstance(value, str) else value)
    except money.MoneyError as error:
        code = "amount_missing" if error.code == "amount_missing" else "amount_not_number"
        return fault(code, sentence=error.message)
    if stored == 0:
        return fault("amount_not_number")
    if not isinstance(value, str) or value == str(stored):
        return Reading(stored)
    if _RIAL.search(value):
        code = "unit_word"
    elif _GROUP_MARKS.search(value):
        code = "grouped_number"
    else:
        code = "digits" if to_ascii_digits(value) == str(stored) else "spaces"
    return _corrected(stored, code, value)


def count(*, missing: str, wrong: str) -> Reader:
    """A reader of a whole number above zero; nothing or zero is the fault ``missing``."""

    def read(value: object) -> Reading:
        try:
            stored = money.parse_rial(_PEOPLE.sub("", value) if isinstance(value, str) else value)
        except money.MoneyError as error:
            return (fault(missing) if missing else Reading(None)) if error.code == "amount_missing" else fault(wrong)
        if stored == 0 and missing:
            return fault(missing)
        if stored > LARGEST_SMALLINT:
            return fault(wrong)
        if isinstance(value, str) and value != str(stored):
            return _corrected(stored, "digits" if to_ascii_digits(value) == str(stored) else "spaces", value)
        return Reading(stored)

    return read


@cache
def _year_starts(year: int) -> date:
    return calendar.from_jalali(year, 1, 1)


@cache
def _month_length(year: int, month: int) -> int:
    return calendar.month_length(year, month)


def _quick_day(value: str) -> date | None:
    """A day in the usual form; None for everything that needs a closer look."""
    found = _JALALI.fullmatch(value)
    if not found:
        return None
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    if not 1 <= month <= 12 or not 1 <= day <= _month_length(year, month) or year > calendar.LAST_YEAR:
        return None
    return _year_starts(year) + timedelta(days=(month - 1) * 31 - max(0, month - 7) + day - 1)


def day(*, missing: str = "", impossible: str, gregorian: str) -> Reader:
    """A reader of Solar Hijri days, as text or as the number 13800426."""

    def read(value: object) -> Reading:
        if isinstance(value, str):
            quick = _quick_day(value)
            if quick is not None:
                return Reading(quick)
        if isinstance(value, date):
            return fault(gregorian)
        raw = shown(value)
        typed = clean(raw)
        if not typed:
            return fault(missing) if missing else Reading(None)
        if len(typed) == 8 and typed.isdigit():
            typed = f"{typed[:4]}/{typed[4:6]}/{typed[6:]}"
        try:
            stored = calendar.parse_jalali(typed)
        except calendar.DateError as error:
            return fault(gregorian) if error.code == "date_gregorian" else fault(impossible, sentence=error.message)
        new = calendar.format_jalali(stored)
        return _corrected(stored, "digits" if clean(raw) == new else "date_form", raw, new)

    return read


def choice(
    words: Mapping[str, object], *, otherwise: Reading, empty: Reading | None = None, misspelt: Iterable[str] = ()
) -> Reader:
    """A reader of a few known words; ``misspelt`` are words understood and said to be put right."""
    known = {word_key(word): value for word, value in words.items()}
    slips = {word_key(word) for word in misspelt}

    def read(value: object) -> Reading:
        raw = shown(value)
        key = word_key(raw)
        if not key and not raw.strip() and empty is not None:
            return empty
        if not key and raw.strip() in words:  # a tick or a dash
            return Reading(words[raw.strip()])
        if key not in known:
            return otherwise
        if key in slips:
            return _corrected(known[key], "spelling", raw, raw.replace("پشیران", "پیشران"))
        return Reading(known[key])

    return read


def named(names: Mapping[str, object], *, otherwise: Callable[[str], Reading], empty: Reading) -> Reader:
    """A reader of a body's name: as it stands, or the only one that contains it or is contained in it."""
    known = {word_key(name): (name, thing) for name, thing in names.items()}

    def read(value: object) -> Reading:
        raw = clean(shown(value))
        key = word_key(raw)
        if not key:
            return empty
        if key in known:
            return Reading(known[key][1])
        alike = {id(thing): (name, thing) for other, (name, thing) in known.items() if _is_part(key, other)}
        if len(alike) == 1:
            name, thing = next(iter(alike.values()))
            return _corrected(thing, "name_recognised", raw, name)
        return otherwise(raw)

    return read


def _is_part(key: str, other: str) -> bool:
    short, long = sorted((key, other), key=len)
    return len(short) >= 3 and short in long
