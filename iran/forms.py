"""Form fields for what Iranians type: they normalise first, then check, and say in Persian what is wrong.

On an error the page shows what was typed, unchanged; a first value is shown in Persian digits. Each error has the
stable code of the function that refused.
"""

from datetime import date, datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from iran import calendar, identifiers, money, widgets
from iran.text import clean, to_persian_digits

LARGEST_COUNT = 2**31 - 1  # what an integer column holds
RIAL_HINT = _("In rial")


class _Typed(str):
    """What a person typed in a bound form, told apart from a stored value so that it is shown unchanged."""


class _KeepsTyping:
    """Mixin of our text fields: a typed value comes back as it was, a stored one through ``show``."""

    def bound_data(self, data, initial):
        data = super().bound_data(data, initial)
        return _Typed(data) if isinstance(data, str) and not self.disabled else data

    def prepare_value(self, value):
        return value if value is None or isinstance(value, _Typed) else self.show(value)

    def show(self, value) -> str:
        return to_persian_digits(str(value))

    def has_changed(self, initial, data):
        """Compared as stored values: «۰۹۱۲…» is the same as ``0912…``. Unreadable text counts as a change."""
        if self.disabled:
            return False
        try:
            return self.to_python(data) != self.to_python(initial)
        except ValidationError:
            return True


def _or_refusal(function, *args):
    """Call a normalising function; its refusal becomes the form's, with the same code and sentence."""
    try:
        return function(*args)
    except (identifiers.IdentifierError, money.MoneyError, calendar.DateError) as error:
        raise ValidationError(error.message, code=error.code) from error


class _IdentifierField(_KeepsTyping, forms.Field):
    """A field whose value goes through one function of ``iran.identifiers``. Empty is ``empty_value``."""

    widget = widgets.NumericTextInput
    missing_code: str

    def __init__(self, *, empty_value="", **kwargs):
        self.empty_value = empty_value
        super().__init__(**kwargs)
        if "required" not in (kwargs.get("error_messages") or {}):
            self.error_messages["required"] = identifiers.MESSAGES[self.missing_code]

    def normalise(self, value) -> str:
        raise NotImplementedError

    def to_python(self, value):
        if value is None or not str(value).strip():
            return self.empty_value
        return _or_refusal(self.normalise, value)


class NationalIdField(_IdentifierField):
    """National ID (کد ملی). ``cleaned_data`` has ten ASCII digits."""

    missing_code = "nid_missing"

    def normalise(self, value) -> str:
        return identifiers.national_id(value)


class LegalIdField(_IdentifierField):
    """Legal ID (شناسه ملی). ``cleaned_data`` has eleven ASCII digits."""

    missing_code = "legal_missing"

    def normalise(self, value) -> str:
        return identifiers.legal_id(value)


class MobileField(_IdentifierField):
    """Mobile number (تلفن همراه). ``cleaned_data`` has ``09xxxxxxxxx``."""

    widget = widgets.PhoneInput
    missing_code = "mobile_missing"

    def normalise(self, value) -> str:
        return identifiers.mobile(value)


class LandlineField(_IdentifierField):
    """Landline number (تلفن ثابت) with the code of the city. ``cleaned_data`` has eleven ASCII digits."""

    widget = widgets.PhoneInput
    missing_code = "landline_missing"

    def normalise(self, value) -> str:
        return identifiers.landline(value)


class ShebaField(_IdentifierField):
    """Sheba number (شماره شبا). ``cleaned_data`` has ``IR`` and 24 digits."""

    widget = widgets.ShebaInput
    missing_code = "sheba_missing"

    def normalise(self, value) -> str:
        return identifiers.sheba(value)

    def show(self, value) -> str:
        return str(value)  # Persian digits after Latin letters read badly, and banks print it in ASCII


class PostalCodeField(_IdentifierField):
    """Postal code (کد پستی). ``cleaned_data`` has ten ASCII digits."""

    missing_code = "postal_missing"

    def normalise(self, value) -> str:
        return identifiers.postal_code(value)


class _WholeNumberField(_KeepsTyping, forms.Field):
    """A whole number between two limits, shown in groups of three Persian digits. Empty is None."""

    widget = widgets.NumericTextInput
    too_small_code = too_large_code = ""

    def __init__(self, *, min_value: int | None = None, max_value: int | None = None, **kwargs):
        self.min_value, self.max_value = min_value, max_value
        super().__init__(**kwargs)

    def show(self, value) -> str:
        return to_persian_digits(money.group(value)) if isinstance(value, int) else super().show(value)

    def to_python(self, value):
        if value is None or not str(value).strip():
            return None
        return self.parse(value)

    def parse(self, value) -> int:
        raise NotImplementedError

    def show_limit(self, limit: int) -> str:
        return to_persian_digits(money.group(limit))

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        if self.min_value is not None and value < self.min_value:
            raise self._limit_error(self.too_small_code, self.min_value)
        if self.max_value is not None and value > self.max_value:
            raise self._limit_error(self.too_large_code, self.max_value)

    def _limit_error(self, code: str, limit: int) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params={"limit": self.show_limit(limit)})


class RialField(_WholeNumberField):
    """An amount in rial; ``min_value`` and ``max_value`` are rial too. ``cleaned_data`` has an int."""

    too_small_code, too_large_code = "amount_below_minimum", "amount_above_maximum"
    default_error_messages = {
        "required": money.MESSAGES["amount_missing"],
        "amount_zero": _("The amount must be more than zero"),
        "amount_below_minimum": _("The amount is less than %(limit)s million rial"),
        "amount_above_maximum": _("The amount is above the ceiling of %(limit)s million rial"),
    }

    def __init__(self, *, help_text=RIAL_HINT, **kwargs):
        super().__init__(help_text=help_text, **kwargs)

    def parse(self, value) -> int:
        return _or_refusal(money.parse_rial, value)

    def show_limit(self, limit: int) -> str:
        return money.million_rial(limit)

    def _limit_error(self, code: str, limit: int) -> ValidationError:
        return super()._limit_error("amount_zero" if limit == 1 and code == self.too_small_code else code, limit)


class CountField(_WholeNumberField):
    """A number of people, jobs or months: whole and not negative. ``cleaned_data`` has an int."""

    too_small_code, too_large_code = "count_below_minimum", "count_above_maximum"
    default_error_messages = {
        "required": _("Enter the number"),
        "count_text": _("Enter a whole number in digits"),
        "count_below_minimum": _("The number must be at least %(limit)s"),
        "count_above_maximum": _("The number must be at most %(limit)s"),
    }

    def __init__(self, *, min_value: int = 0, max_value: int = LARGEST_COUNT, **kwargs):
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)

    def parse(self, value) -> int:
        try:
            return money.parse_rial(value)
        except money.MoneyError as error:
            raise ValidationError(self.error_messages["count_text"], code="count_text") from error


class JalaliDateField(forms.Field):
    """A day typed as ``۱۴۰۱/۰۵/۳۱``. ``cleaned_data`` and the limits are Gregorian ``date`` values."""

    widget = widgets.JalaliDateWidget
    hidden_widget = widgets.HiddenJalaliInput
    default_error_messages = {
        "required": calendar.MESSAGES["date_incomplete"],
        "date_too_early": _("The date must be %(limit)s or later"),
        "date_too_late": _("The date must be %(limit)s or earlier"),
    }

    def __init__(self, *, min_value: date | None = None, max_value: date | None = None, **kwargs):
        self.min_value, self.max_value = min_value, max_value
        super().__init__(**kwargs)

    def to_python(self, value):
        if value is None or value == "":
            return None
        if isinstance(value, datetime):
            return calendar.tehran_day(value)
        if isinstance(value, date):
            return value
        return _or_refusal(calendar.parse_jalali, str(value)) if str(value).strip() else None

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        if self.min_value is not None and value < self.min_value:
            raise self._limit_error("date_too_early", self.min_value)
        if self.max_value is not None and value > self.max_value:
            raise self._limit_error("date_too_late", self.max_value)

    def _limit_error(self, code: str, limit: date) -> ValidationError:
        return ValidationError(
            self.error_messages[code], code=code, params={"limit": calendar.format_jalali_long(limit)}
        )


class PersianCharField(forms.CharField):
    """Text in its stored form: ``iran.text.clean``. Line ends stay when the widget is a ``Textarea``."""

    def to_python(self, value):
        if value not in self.empty_values:
            value = clean(str(value), multiline=isinstance(self.widget, forms.Textarea))
        return super().to_python(value)
