"""The agencies' pace and the loans without jobs as Excel columns."""

from django.utils.translation import gettext as _

from employment_tracking.expectations import Expectation
from employment_tracking.pace import AgencyPace
from iran.calendar import format_jalali
from iran.text import to_persian_digits


def columns() -> list[tuple[str, int]]:
    return [
        (_("Agency"), 32),
        (_("Quota of the year"), 12),
        (_("Plan to date"), 12),
        (_("Registered"), 12),
        (_("Verified"), 12),
        (_("Net"), 12),
        (_("Of the plan (percent)"), 14),
        (_("Distance"), 14),
        (_("Needed a month"), 14),
        (_("Paid loans without their jobs"), 18),
        (_("Objection"), 24),
    ]


def cells(found: AgencyPace, loans: int) -> list[str | int | None]:
    share = found.pace_percent
    return [
        found.agency.name,
        found.quota,
        found.planned,
        found.registered,
        found.verified,
        found.net,
        "" if share is None else to_persian_digits(str(share)).replace(".", "٫"),
        found.distance,
        found.needed,
        loans,
        found.objection,
    ]


def loan_columns() -> list[tuple[str, int]]:
    return [
        (_("Applicant"), 26),
        (_("National ID"), 14),
        (_("Mobile"), 14),
        (_("Tracking code"), 14),
        (_("Agency"), 28),
        (_("Business line"), 24),
        (_("Promised jobs"), 12),
        (_("Registered"), 12),
        (_("Missing"), 12),
        (_("Last payment"), 12),
        (_("Days since"), 12),
        (_("Deadline"), 12),
        (_("State"), 12),
    ]


def loan_cells(found: Expectation) -> list[str | int | None]:
    loan = found.loan
    return [
        loan.applicant.full_name,
        loan.applicant.identifier,
        loan.applicant.mobile,
        loan.tracking_code,
        loan.agency.name,
        loan.line_name,
        found.promised,
        found.registered,
        found.missing,
        format_jalali(found.paid_on) if found.paid_on else "",
        found.days,
        format_jalali(found.due_on) if found.due_on else "",
        _("late") if found.is_late else _("in time"),
    ]
