"""What speaks against a name on the agenda, so that it is decided alone and not with the others."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from applicants.models import Application, Inquiry
from iran.calendar import format_jalali
from iran.text import to_persian_digits


def flags_of(applications: Sequence[Application], *, today: date) -> dict[int, list[str]]:
    """The remarks on each application, by its id. A constant number of queries."""
    obstacles: dict[int, list[str]] = {}
    newest = Inquiry.everything.filter(application__in=applications).newest_of_each_kind()
    for inquiry in newest:
        if inquiry.result in (Inquiry.Result.BLOCKED, Inquiry.Result.CURABLE):
            obstacles.setdefault(inquiry.application_id, []).append(str(inquiry))
    return {a.pk: obstacles.get(a.pk, []) + _own_flags(a, today=today) for a in applications}


def _own_flags(application: Application, *, today: date) -> list[str]:
    flags = []
    if application.line_id is None:
        flags.append(_("business line not in the year's list"))
    elif getattr(application.line, "restriction", None) is not None:
        flags.append(_("business line excluded this year"))
    expires = application.licence_expires_on
    if expires is not None and expires < today:
        flags.append(_("licence expired on %(day)s") % {"day": to_persian_digits(format_jalali(expires))})
    return flags
