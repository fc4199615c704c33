"""The same values at the programming interface. Codes are stable: ``nid_checksum``, ``amount_text`` …"""

from datetime import date, datetime

from django.utils import timezone
from rest_framework import serializers

from iran import calendar, identifiers, money
from iran.text import clean


def _refusal(error: identifiers.IdentifierError | money.MoneyError | calendar.DateError) -> serializers.ValidationError:
    return serializers.ValidationError(error.message, code=error.code)


class JalaliDateField(serializers.DateField):
    """Takes ``2022-08-22`` (Gregorian from the year 1600 on) or ``1401/05/31``; always gives ISO Gregorian."""

    def to_internal_value(self, value):
        if isinstance(value, date) and not hasattr(value, "hour"):
            return value
        if not isinstance(value, str):
            raise _refusal(calendar.DateError("date_incomplete"))
        try:
            return calendar.parse_iso_or_jalali(value)
        except calendar.DateError as error:
            raise _refusal(error) from error

    def to_representation(self, value):
        return value.isoformat() if value else None


class _IdentifierField(serializers.CharField):
    """Text only: a JSON number has already lost its leading zeros."""

    def normalise(self, value: str) -> str:
        raise NotImplementedError

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        try:
            return self.normalise(data)
        except identifiers.IdentifierError as error:
            raise _refusal(error) from error


class NationalIdField(_IdentifierField):
    """National ID as text; digits of any script, stored as ten ASCII digits."""

    def normalise(self, value: str) -> str:
        return identifiers.national_id(value)


class MobileField(_IdentifierField):
    """Mobile number as text; stored as ``09xxxxxxxxx``."""

    def normalise(self, value: str) -> str:
        return identifiers.mobile(value)


class LandlineField(_IdentifierField):
    """Landline number as text; stored as eleven digits with the code of the city."""

    def normalise(self, value: str) -> str:
        return identifiers.landline(value)


class PostalCodeField(_IdentifierField):
    """Postal code as text; stored as ten ASCII digits."""

    def normalise(self, value: str) -> str:
        return identifiers.postal_code(value)


class RialField(serializers.IntegerField):
    """Whole rial: an integer, or a text of digits. 1e9, true and NaN are refused, since a float never holds money."""

    def to_internal_value(self, data):
        if isinstance(data, bool) or not isinstance(data, (int, str)):
            raise _refusal(money.MoneyError("amount_text"))
        try:
            return money.parse_rial(data)
        except money.MoneyError as error:
            raise _refusal(error) from error


class JalaliTwinField(serializers.CharField):
    """The day or moment beside it once more, as ``1401/05/31`` or ``1401/05/31 09:42`` in Tehran; read only.

    ``letter_on_jalali = JalaliTwinField(source="letter_on")``
    """

    def __init__(self, **kwargs):
        super().__init__(**{"read_only": True, **kwargs})

    def to_representation(self, value):
        if not isinstance(value, datetime):
            return calendar.format_jalali(value)
        local = timezone.localtime(value, calendar.TEHRAN)
        return f"{calendar.format_jalali(local.date())} {local:%H:%M}"


class CleanTextField(serializers.CharField):
    """Text as it is stored: Persian letters, ASCII digits, single spaces; its length is that of the cleaned text."""

    def to_internal_value(self, data):
        return clean(super().to_internal_value(data))
