"""When an agency may be reminded. Pure: no query, no clock."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from abarkuh_loans.errors import RuleError
from iran.calendar import to_jalali


class ReminderLetterDayError(RuleError):
    code = "letter_day"
    field = "letter_on"
    default_message = _("The date of the letter must be today or at most a month before.")


class ReminderNumberError(RuleError):
    code = "letter_number_missing"
    field = "letter_number"
    default_message = _("Enter the letter number, here or for every chosen agency.")


LONGEST_NUMBER = 50
MOST_DAYS_BACK = 31


def month_of_reminder(day: date) -> str:
    """«1401/05»: an agency is reminded once in a Solar Hijri month."""
    year, month, _day = to_jalali(day)
    return f"{year:04d}/{month:02d}"


def check_letter(*, numbers: list[str], letter_on: date, today: date) -> None:
    """Say no to a letter without its number, or of another day. Raises ReminderNumberError, ReminderLetterDayError."""
    if not all(0 < len(number) <= LONGEST_NUMBER for number in numbers):
        raise ReminderNumberError
    if not 0 <= (today - letter_on).days <= MOST_DAYS_BACK:
        raise ReminderLetterDayError
