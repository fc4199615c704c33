"""What was found in a list: faults, warnings and what was put right, each at its cell, with a sentence of remedy."""

from collections import Counter
from datetime import date, datetime
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from iran.identifiers import MESSAGES as IDENTIFIERS
from iran.money import MESSAGES as AMOUNTS
from iran.text import to_persian_digits

FAULT, WARNING, CORRECTED = "fault", "warning", "corrected"
_LONGEST_VALUE = 100


class Finding(NamedTuple):
    """``row`` and ``column`` are Excel's own; ``field`` is the list's own heading; ``value`` what the cell held."""

    row: int
    column: str
    field: str
    value: str
    level: str
    code: str
    details: tuple[tuple[str, object], ...] = ()

    @property
    def message(self) -> str:
        sentence = MESSAGES[self.code]
        details = dict(self.details)
        if "sentence" in details:
            return str(details["sentence"])
        if "nearest" in details:
            sentence = MESSAGES["line_unknown_near"]
        return (
            str(sentence) % {name: _in_persian(value) for name, value in details.items()} if details else str(sentence)
        )

    def as_json(self) -> dict:
        return {
            "row": self.row,
            "column": self.column,
            "field": self.field,
            "value": self.value,
            "level": self.level,
            "code": self.code,
            "message": self.message,
        }


def _in_persian(value: object) -> object:
    """Counts are shown in Persian digits; what was in a cell is shown as it was."""
    return to_persian_digits(str(value)) if isinstance(value, int) else value


def shown(value: object) -> str:
    """A cell's content as a person sees it in Excel."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M") if (value.hour or value.minute) else value.strftime("%Y-%m-%d")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)[:_LONGEST_VALUE]


def counts(findings: list[Finding], level: str) -> Counter:
    """How many findings of a level there are of each code."""
    return Counter(finding.code for finding in findings if finding.level == level)


_CHANGED = _("«%(old)s» was read as «%(new)s».")

MESSAGES: dict[str, Promise] = {
    # faults of a person
    "nid_missing": IDENTIFIERS["nid_missing"],
    "nid_length": IDENTIFIERS["nid_length"],
    "nid_checksum": IDENTIFIERS["nid_checksum"],
    "legal_checksum": IDENTIFIERS["legal_checksum"],
    "nid_duplicate_in_file": _("This national ID is also in row %(row)s of this file; delete one of the two"),
    "nid_exists": _("This national ID is already registered this year"),
    "nid_exists_named": _("This national ID is already registered this year: %(name)s, %(day)s"),
    "nid_exists_elsewhere": _(
        "Another agency has already registered this person this year. If he works with you, register him on his own "
        "page and claim him there; the office decides"
    ),
    "mobile_missing": IDENTIFIERS["mobile_missing"],
    "mobile_bad": IDENTIFIERS["mobile_format"],
    "name_missing": _("Enter the first and last name"),
    "text_too_long": _("The text is longer than %(most)s characters; shorten it"),
    "birth_impossible": _("There is no such day in the calendar"),
    "birth_gregorian": _("This is a Gregorian date; enter a Solar Hijri date"),
    # faults of an application
    "kind_unknown": _("Enter «مستقل» or «پشتیبان» as the kind of applicant"),
    "agency_unknown": _("This executive agency is not known in the county; enter its name as in the list of agencies"),
    "agency_other": _("This row belongs to another agency; send it in that agency's list"),
    "jobs_missing": _("Enter the number of promised jobs"),
    "jobs_not_number": _("Enter the number of promised jobs in digits"),
    "jobs_out_of_range": _("This kind of applicant promises between %(min)s and %(max)s jobs"),
    "amount_missing": AMOUNTS["amount_missing"],
    "amount_not_number": AMOUNTS["amount_text"],
    "amount_over_ceiling": _(
        "The amount is above the ceiling of %(ceiling)s million rial; "
        "if it is written in toman or has a zero too many, correct it"
    ),
    "line_excluded": _("The line «%(line)s» is excluded this year: %(reason)s"),
    "licence_impossible": _("The day until which the licence is valid cannot be read; enter it such as ۱۴۰۵/۰۴/۲۷"),
    # faults of a job record
    "job_missing": _("Enter the job"),
    "start_missing": _("Enter the day on which work began"),
    "start_impossible": _("There is no such day in the calendar"),
    "start_gregorian": _("This is a Gregorian date; enter a Solar Hijri date"),
    "start_outside_year": _("The day on which work began lies outside the programme"),
    "start_in_future": _("The day on which work began must be today or before"),
    "hours_bad": _("The hours per week must be between 1 and 100"),
    "employment_unknown": _("Enter «جدید», «تثبیت» or «توسعه» as the kind of employment"),
    "supporter_unknown": _("No supporter of this year has this tracking code or national ID"),
    "funding_unknown": _("Enter «تسهیلات» or «بدون تسهیلات» as the source"),
    # warnings
    "amount_unit_suspect": _(
        "The amount differs ten times or more from the middle of the list (%(median)s million rial); is it in toman?"
    ),
    "line_unknown": _("This line is not in the approved list of the year; it is kept as written"),
    "mobile_differs": _("This person is already known with the mobile %(known)s; that one was kept"),
    "line_unknown_near": _("This line is not in the approved list of the year; the nearest is «%(nearest)s»"),
    "bank_unknown": _("This bank is not an agent of the programme; no bank was noted"),
    "gender_unknown": _("The gender was not understood and was left empty"),
    "answer_unclear": _("The answer was not understood and counts as «خیر»"),
    "owner_unknown": _("Whose mobile it is was not understood and was left empty"),
    "landline_set_aside": _("«%(old)s» is not a landline number with the code of its city; it was left empty"),
    "isic_set_aside": _("«%(old)s» is not an ISIC code of 4 digits; it was left empty"),
    "place_set_aside": _("«%(old)s» is not a place in the country; it was left empty"),
    "insurance_unknown": _("The insurance was not understood and was left empty"),
    # put right
    "digits": _CHANGED,
    "letters": _CHANGED,
    "spaces": _CHANGED,
    "leading_zeros": _("Lost zeros were put back: «%(old)s» became «%(new)s»."),
    "country_code": _("The country code was taken off: «%(old)s» became «%(new)s»."),
    "grouped_number": _CHANGED,
    "unit_word": _CHANGED,
    "date_form": _CHANGED,
    "name_recognised": _CHANGED,
    "spelling": _CHANGED,
    "identifier_form": _CHANGED,
    "postal_code_set_aside": _(
        "«%(old)s» does not have 10 digits; the postal code was left empty, to be completed later."
    ),
    "sheba_set_aside": _("«%(old)s» is not a right Sheba number; it was left empty, to be completed later."),
}
