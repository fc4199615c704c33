"""The same values at the programming interface. Codes are stable: ``nid_checksum``, ``amount_text`` …"""

from datetime import date

from rest_framework import serializers

from iran import calendar, identifiers, money


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


class RialField(serializers.IntegerField):
    """Whole rial: an integer, or a text of digits. 1e9, true and NaN are refused, since a float never holds money."""

    def to_internal_value(self, data):
        if isinstance(data, bool) or not isinstance(data, (int, str)):
            raise _refusal(money.MoneyError("amount_text"))
        try:
            return money.parse_rial(data)
        except money.MoneyError as error:
            raise _refusal(error) from error
