"""What the public page says of a letter of referral, and no word more."""

from datetime import date

from django.utils.translation import gettext as _

from banks.models import Referral
from iran.money import rial
from iran.templatetags.iran import jalali_long
from iran.text import to_persian_digits

Status = Referral.Status


def masked(name: str) -> str:
    """«م*** ا***»: the first letter of each of the first two words, whatever the length of the rest."""
    return " ".join(f"{word[0]}***" for word in name.split()[:2])


def validity(referral: Referral, *, today: date) -> tuple[str, str]:
    """Whether the letter holds, in words and colour."""
    if referral.status == Status.CANCELLED:
        return _("taken back by the office"), "red"
    if referral.status in (Status.REFUSED, Status.RETURNED):
        return _("ended without payment"), "grey"
    if referral.status == Status.EXPIRED or (referral.status == Status.ISSUED and referral.valid_until < today):
        return _("its validity is over"), "orange"
    if referral.status == Status.PAID:
        return _("used: the loan is paid"), "grey"
    return _("in force"), "green"


def shown(referral: Referral, *, today: date) -> dict:
    words, colour = validity(referral, today=today)
    rows = [
        {"label": _("letter number"), "value": to_persian_digits(referral.letter_number), "code": True},
        {"label": _("date of the letter"), "value": jalali_long(referral.letter_on)},
        {"label": _("bank"), "value": referral.branch.bank.name},
        {"label": _("branch"), "value": referral.branch.name},
        {"label": _("applicant"), "value": masked(referral.application.applicant.full_name)},
        {"label": _("amount"), "value": rial(referral.amount_rial)},
        {"label": _("valid until"), "value": jalali_long(referral.valid_until)},
    ]
    return {"rows": rows, "validity": words, "colour": colour}
