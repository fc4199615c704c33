"""Folding of Persian text and digits: how it is stored, searched and sorted.

Three forms of one text: ``clean`` is what is stored and shown, ``search_key`` is what is compared, ``sort_key`` is what
is ordered under ``COLLATE "C"``. ``SEARCH_KEY_SQL`` and ``SORT_KEY_SQL`` are the same folding in IMMUTABLE SQL, fit for
a generated column. For every text that went through ``clean`` (all that forms and imports store) the two sides are
equal, character by character; ``tests/test_text_sql.py`` compares them on a real server.

A change of the tables below changes what generated columns hold: it needs a migration that rewrites those columns.
Source: docs/sources.md, the folding rules of the programme's data formats.
"""

import re
import string
import unicodedata

from django.db.models import Func, TextField

ZWNJ = "\u200c"

_ASCII_DIGITS = string.digits
_PERSIAN_DIGITS = "۰۱۲۳۴۵۶۷۸۹"
_ARABIC_DIGITS = "٠١٢٣٤٥٦٧٨٩"
_TO_ASCII = str.maketrans(_PERSIAN_DIGITS + _ARABIC_DIGITS, _ASCII_DIGITS * 2)
_TO_PERSIAN = str.maketrans(_ASCII_DIGITS + _ARABIC_DIGITS, _PERSIAN_DIGITS * 2)


def _span(first: int, last: int) -> str:
    """All characters from code point ``first`` to ``last``, both included."""
    return "".join(map(chr, range(first, last + 1)))


# Every kind of space becomes the plain one (no-break, typographic, tab, line end).
_SPACES = "\t\n\v\f\r\u0085\u00a0\u1680" + _span(0x2000, 0x200A) + "\u2028\u2029\u202f\u205f\u3000"
# Never stored: other controls (NUL is refused by the server), soft hyphen, tatweel, marks of direction, BOM.
_INVISIBLE = (
    _span(0x00, 0x08) + _span(0x0E, 0x1F) + _span(0x7F, 0x84) + _span(0x86, 0x9F)
    + "\u00ad\u061c\u0640\u200b\u200e\u200f\ufeff"
    + _span(0x202A, 0x202E) + _span(0x2060, 0x2064) + _span(0x2066, 0x2069)
)  # fmt: skip
_LETTERS = {"ي": "ی", "ى": "ی", "ك": "ک"}

# Old bank files draw letters with presentation forms (U+FB50..., U+FE70...); they become the letters they draw.
_ONE_TO_ONE = {
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys(_INVISIBLE, ""),
    **_LETTERS,
    **dict(zip(_PERSIAN_DIGITS + _ARABIC_DIGITS, _ASCII_DIGITS * 2, strict=True)),
}
_CLEAN = str.maketrans(_ONE_TO_ONE)
_CLEAN.update(
    (code, unicodedata.normalize("NFKC", chr(code)).translate(_CLEAN))
    for code in (*range(0xFB50, 0xFDD0), *range(0xFDF0, 0xFE00), *range(0xFE70, 0xFEFF))
    if unicodedata.category(chr(code)) != "Cn"
)

# Search only: hamza seats, feminine ta, Urdu and Kurdish heh and yeh, and every diacritic.
_DIACRITICS = _span(0x0610, 0x061A) + _span(0x064B, 0x065F) + "\u0670" + _span(0x06D6, 0x06DC) + _span(0x06DF, 0x06E4)
_SEATS = {
    **dict.fromkeys("ۀةەہۂۃھ", "ه"), **dict.fromkeys("أإٱٲٳ", "ا"), "ؤ": "و", **dict.fromkeys("ئےۓ", "ی"), "ڪ": "ک",
}  # fmt: skip
_JOINERS = ZWNJ + "\u200d"
_SEARCH_MAP = {
    **_ONE_TO_ONE,
    **_SEATS,
    "آ": "ا",
    **dict.fromkeys(_DIACRITICS + _JOINERS + "ء\u0674", ""),
    **dict(zip(string.ascii_uppercase, string.ascii_lowercase, strict=True)),
}
_SEARCH = str.maketrans(_SEARCH_MAP)

# Sorting: digits keep their place after the space, then the Persian alphabet with آ first, then Latin letters, each
# on one printable ASCII rank from ":" upward. Backslash, quotes and per cent are avoided: the ranks stand in SQL.
_ALPHABET = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
_RANKS = [chr(code) for code in range(0x3A, 0x7F) if chr(code) != "\\"]
_LATIN_RANKS = _RANKS[len(_ALPHABET) : len(_ALPHABET) + 26]
_RANK_OF = dict(zip(_ALPHABET, _RANKS, strict=False))
_PUNCTUATION = string.punctuation + "«»،؛؟٬٫٪…–—‘’“”·"
_SORT_MAP = {
    **_ONE_TO_ONE,
    **{seat: _RANK_OF[letter] for seat, letter in {**_LETTERS, **_SEATS, "ء": "ا"}.items()},
    **dict.fromkeys(_DIACRITICS + _JOINERS + _PUNCTUATION + "\u0674", ""),
    **_RANK_OF,
    **dict(zip(string.ascii_uppercase, _LATIN_RANKS, strict=True)),
    **dict(zip(string.ascii_lowercase, _LATIN_RANKS, strict=True)),
}
_SORT = str.maketrans(_SORT_MAP)

# In the order in which names and numbers use them.
_FREQUENT = " 0912345678ایرمنهدحسوبلتعفکزقشجطغخپگصچذضثظژآ"

_GAP = re.compile(f"[ {ZWNJ}]+")


def to_ascii_digits(text: str) -> str:
    """Persian and Arabic digits as ASCII digits; everything else, grouping marks too, stays as it is."""
    return text if text.isascii() else text.translate(_TO_ASCII)


def to_persian_digits(text: str) -> str:
    """ASCII and Arabic digits as Persian digits, for showing; everything else stays as it is."""
    return text.translate(_TO_PERSIAN)


def clean(text: str, *, multiline: bool = False) -> str:
    """The form that is stored and shown: NFC, Persian ی and ک, ASCII digits, single spaces, no invisible marks.

    The ZWNJ inside a word stays; doubled, beside a space or at an end it goes. Presentation forms become letters.
    ``multiline`` keeps line ends (as ``\\n``) and cleans each line by itself.
    """
    if multiline:
        return "\n".join(map(clean, text.splitlines())).strip("\n")
    if text.isascii() and text.isalnum():
        return text
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).translate(_CLEAN))
    return _GAP.sub(_one_gap, text).strip(" " + ZWNJ)


def _one_gap(found: re.Match) -> str:
    return " " if " " in found[0] else ZWNJ


def search_key(text: str) -> str:
    """The form that is compared: ``clean``, then letters folded, ZWNJ and diacritics dropped, Latin in lower case.

    Words stay apart by one space. «رضائي», «رضایی» and «رضائی» give the same key, and so do «آقا» and «اقا».
    """
    return _single_spaces(clean(text).translate(_SEARCH))


def sort_key(text: str) -> str:
    """The form that is ordered: one ASCII rank per letter, so that ``COLLATE "C"`` is the Persian alphabet.

    Space, digits, Persian letters (آ before ا), Latin letters; punctuation and diacritics do not count.
    """
    return _single_spaces(clean(text).translate(_SORT))


def _single_spaces(text: str) -> str:
    return re.sub(" +", " ", text).strip(" ")


def _literal(text: str) -> str:
    """``text`` as an SQL literal, with no character outside printable ASCII and no per cent sign in it."""
    if all(" " <= character <= "~" and character not in "'\\%" for character in text):
        return f"'{text}'"
    return "U&'" + "".join(_escaped(character) for character in text) + "'"


def _escaped(character: str) -> str:
    plain = character.isascii() and (character.isalnum() or character == " ")
    return character if plain else f"\\{ord(character):04X}"


def _translate_sql(column_sql: str, mapping: dict[str, str]) -> str:
    """``translate()`` for a one-to-one ``mapping``; characters that map to nothing stand last, as the server wants.

    The server looks through the list from its start for every character of the text: the frequent ones stand first,
    also those that stay as they are. It makes the column ten times cheaper to write.
    """
    kept = {character: mapping.get(character, character) for character in _FREQUENT if mapping.get(character, " ")}
    kept |= {character: image for character, image in mapping.items() if image}
    gone = [character for character, image in mapping.items() if not image and character != "\0"]
    source, target = "".join([*kept, *gone]), "".join(kept.values())
    return (
        f"btrim(regexp_replace(translate({column_sql}, {_literal(source)}, {_literal(target)}), ' +', ' ', 'g'), ' ')"
    )


def SEARCH_KEY_SQL(column_sql: str) -> str:
    """IMMUTABLE SQL equal to ``search_key`` for a column (or expression) that holds cleaned text."""
    return _translate_sql(column_sql, _SEARCH_MAP)


def SORT_KEY_SQL(column_sql: str) -> str:
    """IMMUTABLE SQL equal to ``sort_key`` for a column (or expression) that holds cleaned text.

    Give the column ``db_collation="C"``, or order by ``Collate(column, "C")``, where the database's own is another.
    """
    return _translate_sql(column_sql, _SORT_MAP)


class _FoldedKey(Func):
    """One folded text out of one or more text expressions, joined by a space; NULL counts as empty.

    Written without query parameters, so that it can stand in a generated column, an index or a constraint.
    """

    output_field = TextField()

    def as_sql(self, compiler, connection, **extra_context):
        parts, params = [], []
        for expression in self.source_expressions:
            sql, expression_params = compiler.compile(expression)
            parts.append(f"COALESCE({sql}, '')")
            params.extend(expression_params)
        return self.folded_sql(" || ' ' || ".join(parts)), params

    @staticmethod
    def folded_sql(column_sql: str) -> str:
        raise NotImplementedError


class SearchKey(_FoldedKey):
    """``SearchKey("first_name", "last_name")``: the search key of the columns in SQL, equal to ``search_key``.

    ``GeneratedField(expression=SearchKey("name"), output_field=TextField(), db_persist=True)``
    """

    folded_sql = staticmethod(SEARCH_KEY_SQL)


class SortKey(_FoldedKey):
    """``SortKey("last_name", "first_name")``: the sort key of the columns in SQL, equal to ``sort_key``.

    ``GeneratedField(expression=SortKey("name"), output_field=TextField(db_collation="C"), db_persist=True)``
    """

    folded_sql = staticmethod(SORT_KEY_SQL)
