"""Words for deadlines and amounts of referrals."""

from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from banks.models import Referral
from iran.calendar import MONTH_NAMES, to_jalali
from iran.text import to_persian_digits

register = template.Library()


def day_and_month(day: date) -> str:
    """«۲۸ تیر», for days of the running year."""
    _year, month, number = to_jalali(day)
    return f"{to_persian_digits(str(number))} {MONTH_NAMES[month - 1]}"


def deadline_words(due: date, today: date) -> str:
    """«۶ روز مانده (۲۸ تیر)», «امروز», «۳ روز دیرشده»."""
    days = (due - today).days
    if days < 0:
        return _("%(days)s days late") % {"days": to_persian_digits(str(-days))}
    if days == 0:
        return _("today is the last day")
    return _("%(days)s days left (%(day)s)") % {"days": to_persian_digits(str(days)), "day": day_and_month(due)}


@register.filter
def deadline_tag(referral: Referral, today: date) -> SafeString:
    """Until when the bank has to answer, in words and colour; nothing once it has answered."""
    if referral.status != Referral.Status.ISSUED:
        return SafeString("")
    days = (referral.answer_due_on - today).days
    colour = "orange" if days < 0 else "yellow" if days <= 2 else "grey"
    return format_html('<span class="tag t-{}">{}</span>', colour, deadline_words(referral.answer_due_on, today))
