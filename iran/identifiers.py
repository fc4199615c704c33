"""Numbers that Iranian bodies give to people, firms, accounts and places: normalise first, then check.

Every function takes what people type or a sheet holds (Persian, Arabic or ASCII digits, spaces, hyphens, invisible
marks, a whole number) and returns the stored ASCII form, or raises ``IdentifierError``. The ``is_...`` predicates take
the stored form and raise nothing; imports of 100,000 rows use them. Source: docs/sources.md.
"""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from iran.text import to_ascii_digits

_JUNK = re.compile("[\\s\\-\u2010-\u2015\u2212\u00ad\u061c\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_MOBILE = re.compile(r"(?:0098|\+98|98|0)?(9[0-9]{9})")
_MOBILE_STORED = re.compile(r"09[0-9]{9}")
_LANDLINE = re.compile(r"(?:0098|\+98|98|0)?([1-8][0-9]{9})")
_SHEBA = re.compile(r"IR[0-9]{24}")
_LEGAL_WEIGHTS = (29, 27, 23, 19, 17, 29, 27, 23, 19, 17)


class IdentifierError(ValueError):
    """The value is not such a number. ``code`` is stable and ASCII; ``message`` is one translated sentence."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.message: Promise = MESSAGES[code]
        super().__init__(code)

    def __str__(self) -> str:
        return str(self.message)


MESSAGES = {
    "nid_missing": _("Enter the national ID"),
    "nid_length": _("The national ID must have 10 digits"),
    "nid_checksum": _("The check digit of the national ID is wrong; enter it from the card"),
    "legal_missing": _("Enter the legal ID"),
    "legal_length": _("The legal ID must have 11 digits"),
    "legal_checksum": _("The check digit of the legal ID is wrong; enter it from the registration notice"),
    "sheba_missing": _("Enter the Sheba number"),
    "sheba_length": _("The Sheba number must be IR followed by 24 digits"),
    "sheba_checksum": _("The check digits of the Sheba number are wrong; enter it from the bank's paper"),
    "mobile_missing": _("Enter the mobile number"),
    "mobile_format": _("The mobile number must have 11 digits and begin with 09"),
    "landline_missing": _("Enter the landline number"),
    "landline_format": _("The landline number must have 11 digits, with the code of the city in front"),
    "postal_missing": _("Enter the postal code"),
    "postal_format": _("The postal code must have 10 digits"),
}


def _bare(value, *, missing: str) -> str:
    """``value`` as ASCII text without spaces, hyphens and invisible marks; ``missing`` is the code for nothing left.

    A whole float is what a sheet makes of a number column: 499370899.0 becomes 499370899.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None else _JUNK.sub("", to_ascii_digits(str(value)))
    if not text:
        raise IdentifierError(missing)
    return text


def _is_digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()


def is_national_id(ascii10: str) -> bool:
    """True for ten ASCII digits with the right check digit, not all equal and not ``[3:9] == "000000"``."""
    if not _is_digits(ascii10, 10) or ascii10[3:9] == "000000" or ascii10 == ascii10[0] * 10:
        return False
    a, b, c, d, e, f, g, h, i, check = ascii10.encode()
    # The bytes are 48 more than the digits; the weights add up to 54.
    remainder = (10 * a + 9 * b + 8 * c + 7 * d + 6 * e + 5 * f + 4 * g + 3 * h + 2 * i - 48 * 54) % 11
    return check - 48 == (remainder if remainder < 2 else 11 - remainder)


def national_id(value, *, pad: bool = False) -> str:
    """The ten ASCII digits of a person's national ID (کد ملی).

    ``pad`` gives back the zeros that a sheet dropped from 8 or 9 digits: for imports only, which say so to the user.
    Raises IdentifierError: nid_missing, nid_length, nid_checksum.
    """
    if type(value) is str and is_national_id(value):
        return value
    text = _bare(value, missing="nid_missing")
    if pad and len(text) in (8, 9):
        text = text.zfill(10)
    if not _is_digits(text, 10):
        raise IdentifierError("nid_length")
    if not is_national_id(text):
        raise IdentifierError("nid_checksum")
    return text


def is_legal_id(ascii11: str) -> bool:
    """True for eleven ASCII digits with the right check digit and not ``[3:9] == "000000"``."""
    if not _is_digits(ascii11, 11) or ascii11[3:9] == "000000":
        return False
    digits = [byte - 48 for byte in ascii11.encode()]
    tens = digits[9] + 2
    total = sum((tens + digit) * weight for digit, weight in zip(digits, _LEGAL_WEIGHTS, strict=False))
    return total % 11 % 10 == digits[10]


def legal_id(value) -> str:
    """The eleven ASCII digits of a firm's or office's legal ID (شناسه ملی).

    Raises IdentifierError: legal_missing, legal_length, legal_checksum.
    """
    text = _bare(value, missing="legal_missing")
    if not _is_digits(text, 11):
        raise IdentifierError("legal_length")
    if not is_legal_id(text):
        raise IdentifierError("legal_checksum")
    return text


def is_sheba(ascii26: str) -> bool:
    """True for ``IR`` and 24 ASCII digits whose ISO 13616 remainder by 97 is one."""
    return bool(_SHEBA.fullmatch(ascii26)) and int(ascii26[4:] + "1827" + ascii26[2:4]) % 97 == 1


def sheba(value) -> str:
    """The stored form of an account's Sheba number: ``IR`` and 24 digits.

    Raises IdentifierError: sheba_missing, sheba_length, sheba_checksum.
    """
    text = _bare(value, missing="sheba_missing").upper()
    if not _SHEBA.fullmatch(text):
        raise IdentifierError("sheba_length")
    if not is_sheba(text):
        raise IdentifierError("sheba_checksum")
    return text


def sheba_bank_code(sheba: str) -> str:
    """The three digits of the bank in a stored Sheba number, e.g. 016 for Keshavarzi. A hint only."""
    return sheba[4:7]


def is_mobile(ascii11: str) -> bool:
    """True for the stored form of a mobile number, ``09`` and nine ASCII digits."""
    return bool(_MOBILE_STORED.fullmatch(ascii11))


def mobile(value) -> str:
    """The stored form ``09xxxxxxxxx`` of a mobile number typed with 0098, +98, 98, 0 or nothing in front.

    Raises IdentifierError: mobile_missing, mobile_format.
    """
    if type(value) is str and is_mobile(value):
        return value
    found = _MOBILE.fullmatch(_bare(value, missing="mobile_missing"))
    if not found:
        raise IdentifierError("mobile_format")
    return "0" + found[1]


def landline(value) -> str:
    """The stored form of a landline number: 0, the code of the city and the number, eleven ASCII digits.

    Raises IdentifierError: landline_missing, landline_format.
    """
    found = _LANDLINE.fullmatch(_bare(value, missing="landline_missing"))
    if not found:
        raise IdentifierError("landline_format")
    return "0" + found[1]


def is_postal_code(ascii10: str) -> bool:
    """True for ten ASCII digits. No region is refused: the post office's list changes."""
    return _is_digits(ascii10, 10)


def postal_code(value) -> str:
    """The ten ASCII digits of a postal code, also when written 16197-35744.

    Raises IdentifierError: postal_missing, postal_format.
    """
    text = _bare(value, missing="postal_missing")
    if not is_postal_code(text):
        raise IdentifierError("postal_format")
    return text
