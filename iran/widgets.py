"""Text boxes for numbers, codes and Jalali days. Never ``type=number``: browsers silently drop Persian digits there.

A value that is a string was typed by somebody and is shown as it is; any other value is ours and is shown in Persian.
"""

from datetime import date

from django import forms
from django_jalali.admin.widgets import AdminjDateWidget

from iran.calendar import format_jalali, tehran_day
from iran.text import to_persian_digits


class NumericTextInput(forms.TextInput):
    """A left-to-right text box that asks a phone for its digit keys."""

    def __init__(self, attrs=None):
        super().__init__({"inputmode": "numeric", "dir": "ltr", "autocomplete": "off", **(attrs or {})})


class PhoneInput(NumericTextInput):
    """The same with the telephone keys. A page where people give their own number sets ``autocomplete="tel"``."""

    def __init__(self, attrs=None):
        super().__init__({"inputmode": "tel", **(attrs or {})})


class ShebaInput(NumericTextInput):
    """The same with letters, because a Sheba number begins with IR."""

    def __init__(self, attrs=None):
        super().__init__({"inputmode": "text", **(attrs or {})})


class AdminNumericTextInput(NumericTextInput):
    """``NumericTextInput`` with the width that the admin gives its text boxes."""

    def __init__(self, attrs=None):
        super().__init__({"class": "vTextField", **(attrs or {})})


def _jalali_text(value) -> str | None:
    """``value`` as ``1401/05/31``; a string as it is; None and nothing as None."""
    if value is None or value == "":
        return None
    if hasattr(value, "astimezone"):
        value = tehran_day(value)
    return format_jalali(value) if isinstance(value, date) else str(value)


class JalaliDateWidget(NumericTextInput):
    """A text box for ``۱۴۰۱/۰۵/۳۱``. ``data-jalali`` is the hook on which our own calendar dialog hangs its button."""

    def __init__(self, attrs=None):
        super().__init__({"data-jalali": "", "placeholder": "۱۴۰۱/۰۵/۳۱", **(attrs or {})})

    def format_value(self, value):
        text = _jalali_text(value)
        return text if isinstance(value, str) or text is None else to_persian_digits(text)


class HiddenJalaliInput(forms.HiddenInput):
    """The hidden first value of a field with ``show_hidden_initial``: Jalali, so that it reads back as the same day."""

    def format_value(self, value):
        return _jalali_text(value)


class AdminJalaliDateWidget(AdminjDateWidget):
    """The admin's Jalali picker of django-jalali around our own field.

    Its own widget would print a Gregorian ``date`` as it is and drop the form renderer. Here the day is always Jalali,
    in the ASCII ``1401-05-31`` that the picker's script reads and writes; our form field does the cleaning.
    """

    def __init__(self, attrs=None, format=None):
        super().__init__({"inputmode": "numeric", "dir": "ltr", "autocomplete": "off", **(attrs or {})}, format)

    def format_value(self, value):
        text = _jalali_text(value)
        return text if isinstance(value, str) or text is None else text.replace("/", "-")

    def render(self, name, value, attrs=None, renderer=None):
        return forms.widgets.Input.render(self, name, value, attrs, renderer)
