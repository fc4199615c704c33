"""Applications as the rows of an Excel file."""

from django.utils.translation import gettext as _

from applicants.models import Application
from iran.calendar import format_jalali, tehran_day


def columns() -> list[tuple[str, int]]:
    """Heading and width of each column, in the order of :func:`cells`."""
    return [
        (_("tracking code"), 16),
        (_("applicant"), 24),
        (_("national or legal ID"), 14),
        (_("mobile"), 14),
        (_("introducing agency"), 22),
        (_("kind of applicant"), 14),
        (_("pioneer"), 10),
        (_("business line"), 22),
        (_("promised jobs"), 10),
        (_("requested (rial)"), 18),
        (_("approved (rial)"), 18),
        (_("wished bank"), 18),
        (_("status"), 22),
        (_("rank in the signed list"), 10),
        (_("registered at"), 12),
    ]


def cells(application: Application) -> list[str | int | None]:
    """One row; needs applicant, agency, line and wished bank."""
    person = application.applicant
    return [
        application.tracking_code,
        person.full_name,
        person.identifier,
        person.mobile,
        str(application.agency),
        str(application.get_track_display()),
        str(_("Yes")) if application.is_pioneer else "",
        application.line_name,
        application.promised_jobs,
        application.requested_rial,
        application.approved_rial,
        str(application.wished_bank or ""),
        str(application.get_status_display()),
        application.rank,
        format_jalali(tehran_day(application.registered_at)),
    ]
