"""Lists of people of whom another body says that they are employed: state employees, people with another employer."""

from datetime import date
from functools import partial

from django.db import transaction

from accounts.models import ExecutiveAgency
from applicants.importing import cells
from applicants.importing.copying import copy_rows
from applicants.importing.guard import PAGE, Limits
from applicants.importing.headings import Column, find_table
from applicants.importing.report import Result, mark_repeated
from applicants.models import ImportedList
from employment_tracking import checks
from employment_tracking.models import KnownWorker
from quotas.models import Programme

KINDS = (ImportedList.Kind.EMPLOYEES, ImportedList.Kind.INSURED)
COLUMNS = (
    Column("person_id", "کد ملی", ("شماره ملی", "کدملی", "کد ملی کارمند", "کد ملی بیمه‌شده"), required=True),
    Column("first_name", "نام", ("اسم",)),
    Column("last_name", "نام خانوادگی", ("فامیل", "فامیلی", "نام و نام خانوادگی")),
    Column("employer", "کارفرما", ("محل خدمت", "دستگاه", "نام کارگاه", "محل کار", "دستگاه محل خدمت"), required=True),
)


def check(
    content: bytes, *, programme: Programme, agency: ExecutiveAgency | None, today: date, limits: Limits = PAGE
) -> Result:
    """Read a list of employed people and say of every row what is wrong with it. Raises FileRefusedError."""
    result = Result(find_table(content, COLUMNS, limits))
    result.take("person_id", cells.natural_id)
    result.take("employer", cells.text(150), absent="")
    mark_repeated(result, "person_id")
    return result.finish()


def write(result: Result, *, imported_list: ImportedList, by, today: date) -> int:
    """Keep the valid rows and look at every job record again. Gives their number."""
    sound = result.sound
    if not sound:
        return 0
    copy_rows(
        KnownWorker._meta.db_table,
        {
            "imported_list_id": imported_list.pk,
            "national_id": [result.columns["person_id"][position] for position in sound],
            "employer": [result.columns["employer"][position] for position in sound],
        },
    )
    _look_again(imported_list)
    return len(sound)


def take_back(imported_list: ImportedList, *, by, reason: str) -> int:
    """The rows stay as history; a list that is cancelled no longer counts."""
    _look_again(imported_list)
    return KnownWorker.everything.filter(imported_list=imported_list).count()


def _look_again(imported_list: ImportedList) -> None:
    """Once the list's new state stands, every job record of the year is checked; the night would do it at the latest."""
    transaction.on_commit(partial(checks.check_programme, imported_list.programme))
