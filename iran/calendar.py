"""Solar Hijri (Jalali) days at the edges of the system: typed, printed, and as ranges for queries.

Inside, a day is a Gregorian ``datetime.date`` and a moment is UTC. A query by Jalali year or month is always a range:
the database's own year and month lookups are Gregorian. Both ends of a day range are included (``__range``); moment
ranges are half-open. Source: docs/sources.md.
"""

import re
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import jdatetime
from django.conf import settings
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from iran.text import clean, to_persian_digits

TEHRAN = ZoneInfo("Asia/Tehran")
FIRST_YEAR, LAST_YEAR = 1250, 1500
FIRST_GREGORIAN_YEAR = 1600

MONTH_NAMES = (
    "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
)  # fmt: skip
WEEKDAY_NAMES = ("شنبه", "یکشنبه", "دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه")

_SHAPE = re.compile(r"([0-9]{4})\s*[/\-.]\s*([0-9]{1,2})\s*[/\-.]\s*([0-9]{1,2})")

MESSAGES = {
    "date_missing": _("Enter the date"),
    "date_incomplete": _("Enter the date in full, such as ۱۴۰۵/۰۴/۲۷"),
    "date_gregorian": _("This is a Gregorian date; enter a Solar Hijri date"),
    "date_out_of_range": _("The year must be between ۱۲۵۰ and ۱۵۰۰"),
}


class DateError(ValueError):
    """The text is not a Jalali day. ``code`` is stable and ASCII; ``message`` is one translated sentence."""

    def __init__(self, code: str, message=None) -> None:
        self.code = code
        self.message = MESSAGES[code] if message is None else message
        super().__init__(code)

    def __str__(self) -> str:
        return str(self.message)


def _no_such_day(year: int, month: int) -> str:
    if not 1 <= month <= 12:
        return gettext("There is no such day in the calendar; a year has ۱۲ months")
    return gettext("There is no such day in the calendar; %(month)s %(year)s has only %(days)s days") % {
        "month": MONTH_NAMES[month - 1],
        "year": to_persian_digits(str(year)),
        "days": to_persian_digits(str(month_length(year, month))),
    }


def _split(text: str) -> tuple[int, int, int]:
    """Year, month and day as typed, in any digits, with ``/``, ``-`` or ``.``; the order is always year first."""
    found = _SHAPE.fullmatch(clean(text))
    if not found:
        raise DateError("date_incomplete")
    return int(found[1]), int(found[2]), int(found[3])


def parse_jalali(text: str) -> date:
    """The day of a typed Jalali date such as ``1401/05/31``, ``۱۴۰۱-۵-۳۱`` or ``1401.5.31``.

    Raises DateError: date_missing, date_incomplete, date_impossible, date_gregorian, date_out_of_range.
    """
    if not text.strip():
        raise DateError("date_missing")
    year, month, day = _split(text)
    if year >= FIRST_GREGORIAN_YEAR:
        raise DateError("date_gregorian")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DateError("date_out_of_range")
    if not 1 <= month <= 12 or not 1 <= day <= month_length(year, month):
        raise DateError("date_impossible", lazy(_no_such_day, str)(year, month))
    return from_jalali(year, month, day)


def parse_iso_or_jalali(text: str) -> date:
    """A day for machines: a year from 1600 on is Gregorian (``2022-08-22``), an earlier one is Jalali (``1401/05/31``).

    Raises DateError as ``parse_jalali`` does; a Gregorian day that does not exist is date_impossible.
    """
    year, month, day = _split(text)
    if year < FIRST_GREGORIAN_YEAR:
        return parse_jalali(text)
    try:
        return date(year, month, day)
    except ValueError:
        raise DateError("date_impossible", _("There is no such day in the Gregorian calendar")) from None


def from_jalali(year: int, month: int, day: int) -> date:
    """The Gregorian day of a Jalali year, month and day that exist."""
    return jdatetime.date(year, month, day).togregorian()


def to_jalali(day: date) -> tuple[int, int, int]:
    """Jalali year, month and day of a Gregorian day."""
    jalali = jdatetime.date.fromgregorian(date=day)
    return jalali.year, jalali.month, jalali.day


def is_leap(year: int) -> bool:
    """True when Esfand of the Jalali year has 30 days, as in 1399 and 1403."""
    return jdatetime.date(year, 1, 1).isleap()


def month_length(year: int, month: int) -> int:
    """Days of a Jalali month: 31 in the first half, 30 after it, and Esfand 29 or 30."""
    if month < 12:
        return 31 if month <= 6 else 30
    return 30 if is_leap(year) else 29


def format_jalali(day: date) -> str:
    """``1401/05/31``: ASCII digits, for fields, files and codes. Templates use ``|jalali``."""
    return "{:04d}/{:02d}/{:02d}".format(*to_jalali(day))


def format_jalali_long(day: date) -> str:
    """«۳۱ مرداد ۱۴۰۱»: for sentences and letters."""
    year, month, day_of_month = to_jalali(day)
    return f"{to_persian_digits(str(day_of_month))} {MONTH_NAMES[month - 1]} {to_persian_digits(str(year))}"


def weekday_number(day: date) -> int:
    """0 for Saturday to 6 for Friday."""
    return (day.weekday() + 2) % 7


def weekday(day: date) -> str:
    """The day's name: «شنبه» to «جمعه»."""
    return WEEKDAY_NAMES[weekday_number(day)]


def jalali_year(day: date) -> int:
    """The Jalali year of a Gregorian day."""
    return to_jalali(day)[0]


def month_of(day: date) -> tuple[int, int]:
    """The Jalali year and month of a Gregorian day."""
    return to_jalali(day)[:2]


def year_range(year: int) -> tuple[date, date]:
    """First and last day of a Jalali year, both included: ``filter(paid_on__range=year_range(1401))``."""
    return from_jalali(year, 1, 1), from_jalali(year, 12, month_length(year, 12))


def month_range(year: int, month: int) -> tuple[date, date]:
    """First and last day of a Jalali month, both included."""
    return from_jalali(year, month, 1), from_jalali(year, month, month_length(year, month))


def moments(first: date, last: date) -> tuple[datetime, datetime]:
    """From the start of ``first`` until the end of ``last`` in Tehran, for UTC columns: ``>= start`` and ``< end``."""
    return (
        datetime.combine(first, time.min, tzinfo=TEHRAN),
        datetime.combine(last + timedelta(days=1), time.min, tzinfo=TEHRAN),
    )


def months_passed(start: date, end: date) -> int:
    """Whole Jalali months from ``start`` to ``end``; 0 when ``end`` is earlier.

    A month is full on the same day of the month, or on the month's last day when it is shorter.
    """
    (year, month, day), (end_year, end_month, end_day) = to_jalali(start), to_jalali(end)
    months = (end_year - year) * 12 + end_month - month
    if end_day < min(day, month_length(end_year, end_month)):
        months -= 1
    return max(months, 0)


def add_days(day: date, days: int) -> date:
    """The day ``days`` later (earlier when negative). Calendar days: holidays count."""
    return day + timedelta(days=days)


def tehran_day(moment: datetime) -> date:
    """The day on which an aware moment falls in Tehran."""
    return moment.astimezone(TEHRAN).date()


def programme_today() -> date:
    """Today: the Jalali day in ``settings.PROGRAMME_TODAY`` when set (demo, rehearsal), else today in Tehran.

    The demo's day may be moved on: it then stands in the file of ``settings.PROGRAMME_TODAY_FILE``, for all processes.
    Called at the edges only; rules and workflows are handed the day.
    """
    fixed = _moved_day() or getattr(settings, "PROGRAMME_TODAY", "")
    return parse_jalali(fixed) if fixed else tehran_day(timezone.now())


def _moved_day() -> str:
    file = getattr(settings, "PROGRAMME_TODAY_FILE", "")
    try:
        return Path(file).read_text(encoding="ascii").strip() if file else ""
    except FileNotFoundError:
        return ""


def programme_now() -> datetime:
    """This moment of the programme: the day of :func:`programme_today` at the present time of day in Tehran."""
    now = timezone.now().astimezone(TEHRAN)
    return datetime.combine(programme_today(), now.timetz())
