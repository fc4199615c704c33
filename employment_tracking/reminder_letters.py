"""The monthly reminder as an official letter (PDF) and as a message: its words and its figures.

The number comes from the office automation and is printed as it was entered. Layout: docs/sources.md#letters.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from background.typesetting import typeset
from banks.letters import heads_of
from employment_tracking.expectations import Expectation
from employment_tracking.pace import AgencyPace
from iran.calendar import format_jalali, format_jalali_long
from iran.money import grouped_fa
from iran.text import to_persian_digits
from quotas.models import Programme

TEXT_CODE = "pace_reminder"
TEXT = (
    "یادآوری: {agency} تا {day} {registered} شغل از برنامه {planned} را ثبت کرده است ({behind} عقب)."
    " تا پایان سال ماهی {needed} شغل لازم است. نامه {number}\nاداره کار {county}"
)
PLACES = {
    "agency": "مدیریت جهاد کشاورزی",
    "day": "۳۱ شهریور ۱۴۰۱",
    "registered": "۱٬۰۰۰",
    "planned": "۱٬۰۰۰",
    "behind": "۱۰۰",
    "needed": "۱۰۰",
    "number": "۱۴۰۱/۱۲۳۴",
    "county": "ابرکوه",
}
MOST_NAMES = 12


@dataclass(frozen=True)
class Reminder:
    """What one letter is made of. ``loans``: paid loans of the agency whose jobs are not registered."""

    programme: Programme
    found: AgencyPace
    number: str
    letter_on: date
    today: date
    loans: list[Expectation]

    def figures(self) -> dict[str, int]:
        """Kept beside the letter, so that it is known later what was said."""
        found = self.found
        return {
            "quota": found.quota,
            "planned": found.planned,
            "registered": found.registered,
            "verified": found.verified,
            "net": found.net,
            "behind": found.behind,
            "needed": found.needed,
            "loans": len(self.loans),
        }

    def places(self) -> dict[str, str]:
        """The values of the message's places."""
        numbers = ("registered", "planned", "behind", "needed")
        return {
            "agency": self.found.agency.name,
            "day": format_jalali_long(self.today),
            "number": to_persian_digits(self.number),
            "county": self.programme.county.name,
            **{name: grouped_fa(getattr(self.found, name)) for name in numbers},
        }


def pdf(reminder: Reminder) -> bytes:
    return typeset("employment_tracking/reminder_letter.typ", letter(reminder))


def letter(reminder: Reminder) -> dict[str, Any]:
    """The letter's words as plain text for the template."""
    programme, found = reminder.programme, reminder.found
    county = programme.county
    year = to_persian_digits(str(programme.year))
    return {
        "office": _("Office of cooperatives, labour and social welfare of %(county)s county") % {"county": county},
        "number": to_persian_digits(reminder.number),
        "date": to_persian_digits(format_jalali(reminder.letter_on)),
        "to": _("To the head of %(agency)s of %(county)s county") % {"agency": found.agency, "county": county},
        "subject": _("Monthly reminder of the jobs owed in %(year)s") % {"year": year},
        "body": _body(reminder),
        "facts": [{"label": label, "value": grouped_fa(value)} for label, value in _facts(found)],
        "loans_title": _loans_title(reminder),
        "loans": [_loan(loan) for loan in reminder.loans[:MOST_NAMES]],
        "more": _more(reminder),
        "request": _request(reminder),
        "objection": _(
            "If your agency objects to its quota, the objection is raised through its provincial manager; until a new "
            "letter arrives the notified quota is owed."
        ),
        "signature_title": _("Head of the office of cooperatives, labour and social welfare"),
        "signed_by": heads_of({programme.county_id}).get(programme.county_id, ""),
        "copies": [_("Governor's office of %(county)s county") % {"county": county}, _("the office's file")],
    }


def _body(reminder: Reminder) -> str:
    words = _(
        "By the plan of %(year)s your agency was to register %(planned)s jobs in the monitoring system until %(day)s. "
        "%(registered)s are registered, which is %(behind)s fewer than planned."
    )
    return words % {
        "year": to_persian_digits(str(reminder.programme.year)),
        "day": format_jalali_long(reminder.today),
        "planned": grouped_fa(reminder.found.planned),
        "registered": grouped_fa(reminder.found.registered),
        "behind": grouped_fa(reminder.found.behind),
    }


def _facts(found: AgencyPace) -> list[tuple[str, int]]:
    return [
        (_("Quota of the year"), found.quota),
        (_("Plan to date"), found.planned),
        (_("Registered"), found.registered),
        (_("Verified"), found.verified),
        (_("Net"), found.net),
        (_("Needed a month"), found.needed),
    ]


def _request(reminder: Reminder) -> str:
    words = _(
        "To reach the quota by the end of the year %(needed)s jobs a month are needed. Register every real job as soon "
        "as it is created, with the person's own national ID and mobile, in the monitoring system."
    )
    return words % {"needed": grouped_fa(reminder.found.needed)}


def _loans_title(reminder: Reminder) -> str:
    if not reminder.loans:
        return ""
    words = _("The loan of these %(count)s people is paid and their promised jobs are not all registered:")
    return words % {"count": grouped_fa(len(reminder.loans))}


def _loan(loan: Expectation) -> dict[str, str]:
    """The code apart from the words, because it reads from left to right."""
    words = _("%(missing)s of %(promised)s jobs") % {
        "missing": grouped_fa(loan.missing),
        "promised": grouped_fa(loan.promised),
    }
    return {"name": str(loan.loan.applicant), "code": loan.loan.tracking_code, "words": words}


def _more(reminder: Reminder) -> str:
    rest = len(reminder.loans) - MOST_NAMES
    return (
        _("and %(count)s others, at the agency's desk in the system") % {"count": grouped_fa(rest)} if rest > 0 else ""
    )
