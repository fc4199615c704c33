"""How numbers, money and days are shown: Persian digits, Solar Hijri, words for units; nothing is a dash."""

from datetime import date, datetime
from decimal import Decimal

from django import template

from iran import calendar, money
from iran.text import to_persian_digits

register = template.Library()

DASH = "—"


def _is_nothing(value) -> bool:
    return value is None or value == ""


def _number(value: Decimal | float) -> str:
    """A fraction with the Persian decimal mark and without needless zeros: 31.70 is «۳۱٫۷»."""
    text = format(Decimal(str(value)), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return to_persian_digits(text.replace(".", "٫"))


@register.filter(is_safe=True)
def fa(value) -> str:
    """Anything with Persian digits: 31.7 is «۳۱٫۷», a day is «۱۴۰۱/۰۵/۳۱», text keeps its words."""
    if _is_nothing(value):
        return DASH
    if isinstance(value, (Decimal, float)):
        return _number(value)
    if isinstance(value, datetime):
        return jalali_datetime(value)
    if isinstance(value, date):
        return jalali(value)
    return to_persian_digits(str(value))


@register.filter
def group_fa(value: int | None) -> str:
    """A whole number in groups of three Persian digits: «۱٬۲۱۹»."""
    return DASH if _is_nothing(value) else money.grouped_fa(int(value))


@register.filter
def rial(value: int | None) -> str:
    """«۸۲٬۴۸۰٬۰۰۰٬۰۰۰ ریال»."""
    return DASH if _is_nothing(value) else money.rial(int(value))


@register.filter
def million_rial(value: int | None) -> str:
    """Rial as million rial, without the unit: «۸۲٬۴۸۰»."""
    return DASH if _is_nothing(value) else money.million_rial(int(value))


@register.filter
def toman(value: int | None) -> str:
    """Rial spoken as toman: «۸ میلیارد و ۲۴۸ میلیون تومان»."""
    return DASH if _is_nothing(value) else money.toman_words(int(value))


def _day(value: date | datetime) -> date:
    return calendar.tehran_day(value) if isinstance(value, datetime) else value


@register.filter
def jalali(value: date | datetime | None) -> str:
    """«۱۴۰۱/۰۵/۳۱»; a moment by its day in Tehran."""
    return DASH if _is_nothing(value) else to_persian_digits(calendar.format_jalali(_day(value)))


@register.filter
def jalali_long(value: date | datetime | None) -> str:
    """«۳۱ مرداد ۱۴۰۱»; a moment by its day in Tehran."""
    return DASH if _is_nothing(value) else calendar.format_jalali_long(_day(value))


@register.filter
def jalali_datetime(value: datetime | None) -> str:
    """«۳۱ مرداد ۱۴۰۱، ساعت ۹:۴۲» in Tehran."""
    if _is_nothing(value):
        return DASH
    moment = value.astimezone(calendar.TEHRAN)
    clock = to_persian_digits(f"{moment.hour}:{moment.minute:02d}")
    return f"{calendar.format_jalali_long(moment.date())}، ساعت {clock}"


@register.filter
def percent_fa(value: Decimal | int | None) -> str:
    """A percentage in words, since the sign stands on the wrong side in Persian: «۳۱٫۷ درصد»."""
    return DASH if _is_nothing(value) else f"{_number(value)} درصد"


@register.filter
def masked_national_id(value: str | None) -> str:
    """«۱۲۳***۷۸۹۰» for public pages and the projector."""
    return DASH if _is_nothing(value) else to_persian_digits(f"{value[:3]}***{value[-4:]}")
