"""Rial and toman. Every amount is a whole number of rial; ten rial are one toman, which is only ever spoken.

No amount is ever a float, and the one place that rounds is ``round_half_up``.
"""

import re
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from persiantools.digits import to_word

from iran.text import to_ascii_digits, to_persian_digits

LARGEST_RIAL = 2**63 - 1  # what a bigint column holds
_LARGEST_EXACT_FLOAT = 2**53
_LARGEST_IN_WORDS = 10**15 - 1

_GROUP_MARKS = ",٬،'’ \u00a0\u202f"
_GROUPED = re.compile(f"[0-9]{{1,3}}(?:[{_GROUP_MARKS}][0-9]{{3}})+")
_MARKS_AWAY = str.maketrans("", "", _GROUP_MARKS)
_INVISIBLE_AWAY = str.maketrans(
    "", "", "\u061c\u200c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)
_DECIMAL = re.compile(f"[0-9{_GROUP_MARKS}]*[.٫/][0-9]*")
_SIGNED = re.compile(r"[+\-−].*|.*[+\-−]", re.DOTALL)

MESSAGES = {
    "amount_missing": _("Enter the amount"),
    "amount_text": _("Enter the amount in digits"),
    "amount_decimal": _("Enter the amount in whole rial, without a fraction"),
    "amount_sign": _("Enter the amount without plus or minus"),
    "amount_too_large": _("The amount is larger than the system can hold"),
}


class MoneyError(ValueError):
    """The value is not an amount of whole rial. ``code`` is stable; ``message`` is one translated sentence."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.message: Promise = MESSAGES[code]
        super().__init__(code)

    def __str__(self) -> str:
        return str(self.message)


def parse_rial(value) -> int:
    """The rial in what a person typed or a sheet holds: digits of any script, grouped by three or not at all.

    A float (a sheet's number) must be whole and small enough to be exact. «1,5» and «1.500» are refused, not guessed.
    Raises MoneyError: amount_missing, amount_text, amount_decimal, amount_sign, amount_too_large.
    """
    if isinstance(value, str):
        return _in_range(_parse_text(value))
    if value is None:
        raise MoneyError("amount_missing")
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise MoneyError("amount_text")
    return _in_range(value if isinstance(value, int) else _whole(value))


def _parse_text(value: str) -> int:
    text = to_ascii_digits(value).translate(_INVISIBLE_AWAY).strip()
    if not text:
        raise MoneyError("amount_missing")
    if text.isascii() and text.isdigit():
        return int(text[:40])  # longer is out of range all the same
    if _GROUPED.fullmatch(text):
        return int(text.translate(_MARKS_AWAY)[:40])
    if _SIGNED.fullmatch(text):
        raise MoneyError("amount_sign")
    raise MoneyError("amount_decimal" if _DECIMAL.fullmatch(text) else "amount_text")


def _whole(value: float | Decimal) -> int:
    """A sheet's number as an integer: NaN, infinity and what a float cannot hold exactly are refused."""
    if value != value or value in (float("inf"), float("-inf")):
        raise MoneyError("amount_text")
    if isinstance(value, float) and abs(value) > _LARGEST_EXACT_FLOAT:
        raise MoneyError("amount_too_large")
    if value != int(value):
        raise MoneyError("amount_decimal")
    return int(value)


def _in_range(amount: int) -> int:
    if amount < 0:
        raise MoneyError("amount_sign")
    if amount > LARGEST_RIAL:
        raise MoneyError("amount_too_large")
    return amount


def round_half_up(numerator: int, denominator: int) -> int:
    """The whole number nearest to the fraction, a half going away from zero. The only rounding in the project."""
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    numerator, denominator = abs(numerator), abs(denominator)
    return sign * ((2 * numerator + denominator) // (2 * denominator))


def percent(part: int, whole: int, digits: int = 1) -> Decimal | None:
    """``part`` of ``whole`` in per cent, rounded half up to ``digits`` places: 387 of 1219 is ``Decimal("31.7")``.

    None when ``whole`` is zero: a share of nothing is shown as a dash, not as zero.
    """
    if not whole:
        return None
    return Decimal(round_half_up(part * 100 * 10**digits, whole)).scaleb(-digits)


def group(amount: int) -> str:
    """The number with U+066C between groups of three, ASCII digits: ``82480000000`` gives ``82٬480٬000٬000``."""
    return f"{amount:,}".replace(",", "٬")


def _signed(amount: int, words: str) -> str:
    """A minus sign is easily lost in right-to-left text; it is said in a word."""
    return f"منفی {words}" if amount < 0 else words


def grouped_fa(number: int) -> str:
    """The number in groups of three Persian digits: «۱٬۲۱۹»."""
    return _signed(number, to_persian_digits(group(abs(number))))


def rial(amount: int) -> str:
    """«۸۲٬۴۸۰٬۰۰۰٬۰۰۰ ریال» for 82480000000 rial."""
    return f"{grouped_fa(amount)} ریال"


def million_rial(amount: int) -> str:
    """Rial as million rial for lists, without the unit (it stands in the column's head): «۸۲٬۴۸۰», «۱٬۵۰۰٫۵».

    Rounded half up to one decimal, which is left out when it is zero.
    """
    whole, tenth = divmod(round_half_up(abs(amount), 100_000), 10)
    return _signed(amount, to_persian_digits(group(whole) + (f"٫{tenth}" if tenth else "")))


def toman_words(amount: int) -> str:
    """Rial spoken as toman: «۸ میلیارد و ۲۴۸ میلیون تومان» for 82480000000 rial; odd rial are said at the end."""
    toman, odd_rial = divmod(abs(amount), 10)
    parts = []
    for size, name in ((10**9, " میلیارد"), (10**6, " میلیون"), (10**3, " هزار"), (1, "")):
        count, toman = divmod(toman, size)
        if count:
            parts.append(to_persian_digits(group(count)) + name)
    spoken = [" و ".join(parts) + " تومان"] if parts or not odd_rial else []
    if odd_rial:
        spoken.append(to_persian_digits(f"{odd_rial} ریال"))
    words = " و ".join(spoken)
    return _signed(amount, words if amount else "۰" + words)


def in_words(amount: int) -> str:
    """The amount in full words for letters (مبلغ به حروف): «یک میلیارد ریال».

    Raises MoneyError (amount_too_large) from 10**15 rial on, for which there are no agreed words.
    """
    if abs(amount) > _LARGEST_IN_WORDS:
        raise MoneyError("amount_too_large")
    return f"{to_word(amount)} ریال"
