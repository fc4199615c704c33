"""Checking a list of applicants: what is valid, what was put right, what is wrong and where."""

from datetime import date
from statistics import median

from django.db import connection
from django.utils.translation import gettext as _

from accounts.models import ExecutiveAgency
from applicants.importing import applicant_columns as columns
from applicants.importing import cells
from applicants.importing.findings import MESSAGES, WARNING
from applicants.importing.guard import PAGE, Limits
from applicants.importing.headings import find_table, word_key
from applicants.importing.refusals import FileRefusedError
from applicants.importing.report import Result, mark_repeated
from applicants.models import Application
from iran.calendar import format_jalali_long, tehran_day
from iran.money import million_rial
from quotas.models import Programme
from quotas.rules import ceiling_rial

_TIMES_OFF = 10  # toman for rial, or one zero too many

_KNOWN_PEOPLE = """
SELECT coalesce(person.national_id, person.legal_id), person.id, person.mobile,
       btrim(person.first_name || ' ' || person.last_name), live.registered_at
FROM unnest(%(numbers)s) AS wanted (number)
JOIN applicants_applicant person ON person.{column} = wanted.number
LEFT JOIN applicants_application live
       ON live.applicant_id = person.id AND live.programme_id = %(programme)s AND live.status <> ALL (%(ended)s)
"""


def check_applicants(
    content: bytes, *, programme: Programme, today: date, agency: ExecutiveAgency | None = None, limits: Limits = PAGE
) -> Result:
    """Read a list and say of every row what is wrong with it. Writes nothing.

    ``agency`` is given where the whole list is one agency's. Raises FileRefusedError where no row can be read.
    """
    table = find_table(content, columns.COLUMNS, limits)
    _check_whole_list(table, agency)
    result = Result(table)
    _read_people(result, today)
    _read_requests(result, programme, agency)
    mark_repeated(result, "person_id")
    _mark_known(result, programme)
    _check_amounts(result, programme)
    return result.finish()


def _check_whole_list(table, agency: ExecutiveAgency | None) -> None:
    if agency is None and "agency" not in table.places:
        raise FileRefusedError(
            "file_columns_missing",
            _("The list has no column «%(missing)s». Its columns: %(seen)s.")
            % {"missing": "دستگاه معرف", "seen": "، ".join(filter(None, table.headings))},
        )
    if "تومان" in word_key(table.heading("requested_rial")):
        raise FileRefusedError(
            "file_amounts_in_toman", _("The amounts are in toman. Write them in rial and send the list again.")
        )


def _read_people(result: Result, today: date) -> None:
    numbers = result.take("person_id", cells.person_id)
    first, last = result.take("first_name", cells.text(60)), result.take("last_name", cells.text(120))
    for position, number in enumerate(numbers):
        if last[position] == "" and number is not None and len(number) == 11:
            first[position], last[position] = "", first[position] or ""  # a firm's name may stand in either column
        if last[position] == "" or (first[position] == "" and not (number is not None and len(number) == 11)):
            result.fault(position, "last_name" if last[position] == "" else "first_name", "name_missing")
    result.take("mobile", cells.mobile)
    result.take("gender", columns.gender, absent="")
    result.take("postal_code", cells.postal_code, absent="")
    result.take("sheba", cells.sheba, absent="")
    for name, most in columns.WORDS.items():
        result.take(name, cells.text(most), absent="")
    for position, born in enumerate(result.take("birth_on", columns.birth)):
        if born is not None and born > today:
            result.fault(position, "birth_on", "birth_impossible", sentence=_("The day of birth must be before today"))


def _read_requests(result: Result, programme: Programme, agency: ExecutiveAgency | None) -> None:
    known = columns.Surroundings(programme)
    for name in columns.ANSWERS:
        result.take(name, columns.yes_or_no, absent=False)
    kinds = result.take("track", columns.track)
    pioneers = result.columns["is_pioneer"]
    for position, kind in enumerate(kinds):
        if kind is not None:
            kinds[position] = kind[0]
            pioneers[position] = pioneers[position] or kind[1]
    result.take("promised_jobs", columns.jobs)
    result.take("requested_rial", cells.amount)
    result.take("line", known.read_line, absent=(None, ""))
    result.take("agency", known.read_agency(agency), absent=agency)
    result.take("bank", known.read_bank)
    result.take("licence_expires_on", columns.licence_day)


def _mark_known(result: Result, programme: Programme) -> None:
    """Who is known keeps his row; who already asks this year is told of it."""
    numbers = result.columns["person_id"]
    people = known_people(programme, [number for number in numbers if number is not None])
    result.columns["person"] = [None] * result.read
    mobiles = result.columns["mobile"]
    for position, number in enumerate(numbers):
        person = people.get(number)
        if person is None:
            continue
        person_id, mobile, name, asked_at = person
        result.columns["person"][position] = person_id
        if asked_at is not None:
            day = format_jalali_long(tehran_day(asked_at))
            result.fault(
                position, "person_id", "nid_exists", sentence=MESSAGES["nid_exists_named"] % {"name": name, "day": day}
            )
        elif mobiles[position] is not None and mobiles[position] != mobile:
            result.note(position, "mobile", WARNING, "mobile_differs", (("known", mobile),))


def known_people(programme: Programme, numbers: list[str]) -> dict[str, tuple]:
    """Of national and legal IDs those that are stored: key, mobile, name, and when a live application was made."""
    found: dict[str, tuple] = {}
    with connection.cursor() as cursor:
        for column, length in (("national_id", 10), ("legal_id", 11)):
            wanted = [number for number in numbers if len(number) == length]
            if wanted:
                ended = list(Application.everything.all().ENDED)
                cursor.execute(
                    _KNOWN_PEOPLE.format(column=column), {"numbers": wanted, "programme": programme.pk, "ended": ended}
                )
                found.update((row[0], row[1:]) for row in cursor.fetchall())
    return found


def _check_amounts(result: Result, programme: Programme) -> None:
    """The year's ceilings and jobs (A2), and amounts that look as if written in another unit."""
    amounts = result.columns["requested_rial"]
    written = [amount for amount in amounts if amount is not None]
    middle = int(median(written)) if written else 0
    ceilings: dict[tuple, int] = {}
    terms = programme.terms_by_track
    for position, (track, jobs, amount) in enumerate(
        zip(result.columns["track"], result.columns["promised_jobs"], amounts, strict=True)
    ):
        term = terms.get(track)
        if term is not None and jobs is not None and not term.min_jobs <= jobs <= term.max_jobs:
            result.fault(position, "promised_jobs", "jobs_out_of_range", min=term.min_jobs, max=term.max_jobs)
        if amount is None:
            continue
        if term is not None:
            most = ceilings.get((track, jobs))
            if most is None:
                most = ceilings[track, jobs] = term.ceiling_rial if jobs is None else ceiling_rial(term, jobs)
            if amount > most:
                result.fault(position, "requested_rial", "amount_over_ceiling", ceiling=million_rial(most))
        if amount * _TIMES_OFF <= middle or amount >= middle * _TIMES_OFF:
            result.note(position, "requested_rial", WARNING, "amount_unit_suspect", (("median", million_rial(middle)),))
