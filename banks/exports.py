"""Referrals as an Excel file, right to left, with identifiers as text."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from abarkuh_loans import spreadsheet
from banks.models import Referral
from iran.calendar import format_jalali


def columns() -> list[tuple[str, int]]:
    """Heading and width of each column, in the order of :func:`cells`."""
    return [
        (_("letter number"), 16),
        (_("date of the letter"), 12),
        (_("applicant"), 24),
        (_("national ID"), 14),
        (_("mobile"), 14),
        (_("bank"), 18),
        (_("branch"), 18),
        (_("business line"), 22),
        (_("amount (rial)"), 18),
        (_("amount the bank confirmed (rial)"), 18),
        (_("paid (rial)"), 18),
        (_("status"), 20),
        (_("answer due by"), 12),
        (_("letter valid until"), 12),
        (_("reason of refusal"), 20),
        (_("file number at the bank"), 16),
    ]


def cells(referral: Referral) -> list[str | int | None]:
    """One row; needs ``for_desk``."""
    application = referral.application
    return [
        referral.letter_number,
        format_jalali(referral.letter_on),
        application.applicant.full_name,
        application.applicant.identifier,
        application.applicant.mobile,
        referral.branch.bank.name,
        referral.branch.name,
        application.line_name,
        referral.amount_rial,
        referral.payable_rial,
        referral.paid_sum_rial,
        str(referral.get_status_display()),
        format_jalali(referral.answer_due_on),
        format_jalali(referral.valid_until),
        str(referral.get_refusal_reason_display()) if referral.refusal_reason else "",
        referral.file_number,
    ]


def workbook(referrals: Iterable[Referral]) -> bytes:
    return spreadsheet.workbook(_("Referrals"), columns(), map(cells, referrals))
