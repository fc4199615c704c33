"""Checking a list of jobs: what is valid, what was put right, what is wrong and where."""

from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from accounts.models import ExecutiveAgency
from applicants.importing import applicant_columns, cells
from applicants.importing.applicant_columns import Surroundings
from applicants.importing.findings import MESSAGES
from applicants.importing.guard import PAGE, Limits
from applicants.importing.headings import find_table, word_key
from applicants.importing.report import Result, mark_repeated
from applicants.models import Application
from employment_tracking.importing import job_columns as columns
from employment_tracking.models import JobRecord
from employment_tracking.models.record import LATITUDES, LONGITUDES
from employment_tracking.rules import StartOutsideYearError, check_start
from iran.calendar import format_jalali_long
from iran.text import to_ascii_digits
from quotas.models import Programme, Track

_COUNTED = """
SELECT record.national_id, record.agency_id, record.registered_on
FROM unnest(%(numbers)s) AS wanted (number)
JOIN employment_tracking_jobrecord record
  ON record.programme_id = %(programme)s AND record.national_id = wanted.number AND record.status <> ALL (%(not_counted)s)
"""


def check_jobs(
    content: bytes, *, programme: Programme, agency: ExecutiveAgency, today: date, limits: Limits = PAGE
) -> Result:
    """Read a list of jobs of one agency and say of every row what is wrong with it. Writes nothing.

    Raises FileRefusedError where no row can be read.
    """
    result = Result(find_table(content, columns.COLUMNS, limits))
    _read_people(result, today)
    _read_jobs(result, programme, agency)
    _read_days(result, programme, today)
    _read_places(result)
    _read_supporters(result, programme)
    mark_repeated(result, "person_id")
    _mark_counted(result, programme, agency)
    return result.finish()


def _read_people(result: Result, today: date) -> None:
    result.take("person_id", cells.natural_id)
    result.take("first_name", cells.text(60, missing="name_missing"))
    result.take("last_name", cells.text(80, missing="name_missing"))
    result.take("father_name", cells.text(60), absent="")
    result.take("mobile", cells.mobile)
    result.take("mobile_owner_relation", columns.owner_of_mobile, absent="")
    result.take("phone_landline", columns.landline, absent="")
    result.take("gender", applicant_columns.gender, absent="")
    for position, born in enumerate(result.take("birth_on", applicant_columns.birth)):
        if born is not None and born > today:
            result.fault(position, "birth_on", "birth_impossible", sentence=_("The day of birth must be before today"))


def _read_jobs(result: Result, programme: Programme, agency: ExecutiveAgency) -> None:
    known = Surroundings(programme)
    result.take("job_title", cells.text(150, missing="job_missing"))
    result.take("monitoring_code", cells.text(50), absent="")
    result.take("kind", columns.kind, absent=JobRecord.Kind.NEW.value)
    result.take("insurance", columns.insurance, absent="")
    result.take("funding", columns.funding, absent=JobRecord.Funding.NO_LOAN.value)
    result.take("agency", known.read_agency(agency), absent=agency)
    lines = {title: known.lines.get(word_key(title)) for title in set(result.columns["job_title"]) if title}
    result.columns["line"] = [lines.get(title) for title in result.columns["job_title"]]
    codes = result.take("isic4", columns.isic, absent="")
    result.columns["isic4"] = [
        code or (line.isic4 if line else "") for code, line in zip(codes, result.columns["line"], strict=True)
    ]
    for position, length in enumerate(result.take("hours_per_week", columns.hours)):
        if length is not None and not 1 <= length <= 100:
            result.fault(position, "hours_per_week", "hours_bad")


def _read_days(result: Result, programme: Programme, today: date) -> None:
    for position, began in enumerate(result.take("starts_on", columns.start)):
        if began is None:
            continue
        try:
            check_start(programme, starts_on=began, today=today)
        except StartOutsideYearError as refusal:
            result.fault(position, "starts_on", refusal.code, sentence=refusal.message)


def _read_places(result: Result) -> None:
    result.take("address", cells.text(300), absent="")
    result.take("postal_code", cells.postal_code, absent="")
    for name in ("district", "city", "rural_district", "village"):
        result.take(name, cells.text(60), absent="")
    north = result.take("latitude", columns.coordinate(LATITUDES))
    east = result.take("longitude", columns.coordinate(LONGITUDES))
    for position, place in enumerate(zip(north, east, strict=True)):
        if None in place:  # half a place is none
            north[position] = east[position] = None


def _read_supporters(result: Result, programme: Programme) -> None:
    """The supporter under whom the person works, by tracking code or national ID."""
    written = [to_ascii_digits(text).replace(" ", "") for text in result.take("supporter", cells.text(50), absent="")]
    known: dict[str, int] = {}
    if any(written):
        supporters = Application.everything.for_programme(programme).live().filter(track=Track.SUPPORTER)
        for pk, *names in supporters.values_list(
            "pk", "tracking_code", "applicant__national_id", "applicant__legal_id"
        ):
            known.update((name, pk) for name in names if name)
    result.columns["supporter"] = [known.get(name) for name in written]
    for position, name in enumerate(written):
        if name and name not in known:
            result.fault(position, "supporter", "supporter_unknown")


def _mark_counted(result: Result, programme: Programme, agency: ExecutiveAgency) -> None:
    """Who is counted this year is refused (J1); whose record it is, is said to his own agency alone."""
    numbers = result.columns["person_id"]
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNTED,
            {
                "numbers": [number for number in numbers if number],
                "programme": programme.pk,
                "not_counted": [status.value for status in JobRecord.everything.all().NOT_COUNTED],
            },
        )
        counted = {row[0]: row[1:] for row in cursor.fetchall()}
    for position, number in enumerate(numbers):
        if number not in counted:
            continue
        owner, day = counted[number]
        if owner == agency.pk:
            sentence = _("Your agency has already registered this person: %(day)s") % {"day": format_jalali_long(day)}
        else:
            sentence = str(MESSAGES["nid_exists_elsewhere"])
        result.fault(position, "person_id", "nid_exists", sentence=sentence)
