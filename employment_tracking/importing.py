"""Excel lists of created jobs: the columns, the check, and the writing of the valid rows."""

from datetime import date
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _

from abarkuh_loans.errors import WrongStateError
from accounts.models import ExecutiveAgency
from applicants.importing import applicant_columns, cells, workflow
from applicants.importing import import_file as import_list
from applicants.importing.applicant_columns import Surroundings
from applicants.importing.cells import Reading
from applicants.importing.copying import copy_rows, new_ids
from applicants.importing.findings import MESSAGES, WARNING
from applicants.importing.guard import PAGE, Limits
from applicants.importing.headings import Column, find_table, word_key
from applicants.importing.report import Result, mark_repeated
from applicants.models import ImportedList
from employment_tracking.models import JobRecord, JobRecordEvent
from employment_tracking.rules import StartOutsideYearError, check_start
from employment_tracking.workflow import move
from iran.calendar import format_jalali_long
from quotas.models import Programme

_PERSONAL = {"first_name", "last_name", "father_name", "mobile", "birth_on", "gender"}
COLUMNS = (
    *(column for column in applicant_columns.COLUMNS if column.name in _PERSONAL),
    Column("person_id", "کد ملی", ("شماره ملی", "کد ملی شاغل", "کدملی فرد"), required=True),
    Column("job_title", "عنوان شغل", ("شغل", "رشته شغلی", "رشته", "نوع شغل", "عنوان فعالیت"), required=True),
    Column("address", "نشانی محل کار", ("نشانی", "آدرس", "آدرس محل کار", "محل کار", "نشانی کارگاه")),
    Column("starts_on", "تاریخ شروع", ("تاریخ شروع به کار", "شروع به کار", "تاریخ اشتغال", "تاریخ شروع اشتغال"), required=True),
    Column("kind", "نوع اشتغال", ("نوع", "وضعیت اشتغال")),
    Column("hours_per_week", "ساعت کار هفتگی", ("ساعت کار", "ساعت هفتگی", "ساعت کار در هفته")),
    Column("insurance", "وضعیت بیمه", ("بیمه",)),
    Column("funding", "محل تأمین", ("محل تامین", "منبع", "محل تأمین مالی", "منبع تأمین")),
    Column("agency", "دستگاه", ("دستگاه اجرایی", "نام دستگاه", "دستگاه معرف", "دستگاه ثبت‌کننده")),
    Column("monitoring_code", "کد رصد", ("کد سامانه رصد", "کد رهگیری رصد")),
)  # fmt: skip

_KIND, _INSURANCE, _FUNDING = JobRecord.Kind, JobRecord.Insurance, JobRecord.Funding
kind = cells.choice(
    {
        **dict.fromkeys(("جدید", "ایجاد", "ایجادی", "ایجاد شغل", "new"), _KIND.NEW.value),
        **dict.fromkeys(("تثبیت", "تثبیتی", "حفظ", "kept"), _KIND.KEPT.value),
        **dict.fromkeys(("توسعه", "توسعه‌ای", "توسعه کسب‌وکار", "extended"), _KIND.EXTENDED.value),
    },
    otherwise=cells.fault("employment_unknown"),
    empty=Reading(_KIND.NEW.value),
)
insurance = cells.choice(
    {
        **dict.fromkeys((*applicant_columns.YES, "بیمه", "بیمه دارد", "بیمه شده"), _INSURANCE.INSURED.value),
        **dict.fromkeys((*applicant_columns.NO, "بیمه ندارد", "فاقد بیمه"), _INSURANCE.NOT_INSURED.value),
    },
    otherwise=Reading("", WARNING, "insurance_unknown"),
    empty=Reading(""),
)
funding = cells.choice(
    {
        **dict.fromkeys(("تسهیلات", "با تسهیلات", "وام", "loan"), _FUNDING.LOAN.value),
        **dict.fromkeys(("بدون تسهیلات", "بدون وام", "آزاد", "منابع شخصی", "no_loan"), _FUNDING.NO_LOAN.value),
    },
    otherwise=cells.fault("funding_unknown"),
    empty=Reading(_FUNDING.NO_LOAN.value),
)
start = cells.day(missing="start_missing", impossible="start_impossible", gregorian="start_gregorian")
hours = cells.count(missing="", wrong="hours_bad")

_COUNTED = """
SELECT record.national_id, record.agency_id, record.registered_on
FROM unnest(%(numbers)s) AS wanted (number)
JOIN employment_tracking_jobrecord record
  ON record.programme_id = %(programme)s AND record.national_id = wanted.number AND record.status <> ALL (%(not_counted)s)
"""
_AS_READ = (
    "first_name", "last_name", "father_name", "birth_on", "gender", "mobile", "job_title", "address", "starts_on",
    "kind", "hours_per_week", "insurance", "funding", "monitoring_code",
)  # fmt: skip


def check_jobs(
    content: bytes, *, programme: Programme, agency: ExecutiveAgency, today: date, limits: Limits = PAGE
) -> Result:
    """Read a list of jobs of one agency and say of every row what is wrong with it. Writes nothing.

    Raises FileRefusedError where no row can be read.
    """
    result = Result(find_table(content, COLUMNS, limits))
    _read_people(result, today)
    _read_jobs(result, programme, agency, today)
    mark_repeated(result, "person_id")
    _mark_counted(result, programme, agency)
    return result.finish()


def _read_people(result: Result, today: date) -> None:
    result.take("person_id", cells.natural_id)
    result.take("first_name", cells.text(60, missing="name_missing"))
    result.take("last_name", cells.text(80, missing="name_missing"))
    result.take("father_name", cells.text(60), absent="")
    result.take("mobile", cells.mobile)
    result.take("gender", applicant_columns.gender, absent="")
    for position, born in enumerate(result.take("birth_on", applicant_columns.birth)):
        if born is not None and born > today:
            result.fault(position, "birth_on", "birth_impossible", sentence=_("The day of birth must be before today"))


def _read_jobs(result: Result, programme: Programme, agency: ExecutiveAgency, today: date) -> None:
    known = Surroundings(programme)
    result.take("job_title", cells.text(150, missing="job_missing"))
    result.take("address", cells.text(300), absent="")
    result.take("monitoring_code", cells.text(50), absent="")
    result.take("kind", kind, absent=_KIND.NEW.value)
    result.take("insurance", insurance, absent="")
    result.take("funding", funding, absent=_FUNDING.NO_LOAN.value)
    result.take("agency", known.read_agency(agency), absent=agency)
    lines = {title: known.lines.get(word_key(title)) for title in set(result.columns["job_title"]) if title}
    result.columns["line"] = [lines.get(title) for title in result.columns["job_title"]]
    for position, length in enumerate(result.take("hours_per_week", hours)):
        if length is not None and not 1 <= length <= 100:
            result.fault(position, "hours_per_week", "hours_bad")
    for position, began in enumerate(result.take("starts_on", start)):
        if began is None:
            continue
        try:
            check_start(programme, starts_on=began, today=today)
        except StartOutsideYearError as refusal:
            result.fault(position, "starts_on", refusal.code, sentence=refusal.message)


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


def write_jobs(result: Result, *, imported_list: ImportedList, by, today: date) -> int:
    """Register every valid row as the agency's job record. Gives their number."""
    sound = result.sound
    if not sound:
        return 0
    ids = new_ids(JobRecord._meta.db_table, len(sound))
    columns = {name: [result.columns[name][position] for position in sound] for name in _AS_READ}
    lines = [result.columns["line"][position] for position in sound]
    columns |= {
        "id": ids,
        "programme_id": imported_list.programme_id,
        "agency_id": imported_list.agency_id,
        "national_id": [result.columns["person_id"][position] for position in sound],
        "line_id": [line.pk if line else None for line in lines],
        "status": JobRecord.Status.REGISTERED.value,
        "imported_list_id": imported_list.pk,
        "registered_on": today,
        "registered_by_id": by.pk if by else None,
    }
    copy_rows(JobRecord._meta.db_table, columns)
    copy_rows(
        JobRecordEvent._meta.db_table,
        {
            "record_id": ids, "from_status": "", "to_status": JobRecord.Status.REGISTERED.value, "reason": "",
            "happened_by_id": by.pk if by else None,
        },
    )  # fmt: skip
    return len(sound)


def import_file(path: Path, *, programme: Programme, agency: ExecutiveAgency, by, today: date, commit: bool) -> Result:
    """Check a file of one agency's jobs and, with ``commit``, register its valid rows. Raises FileRefusedError."""
    return import_list(
        path, programme=programme, agency=agency, by=by, today=today, commit=commit, kind=ImportedList.Kind.JOBS.value
    )


def take_back_jobs(imported_list: ImportedList, *, by, reason: str) -> int:
    """Strike out the records of a list. Raises WrongStateError when one of them has moved on."""
    rows = JobRecord.everything.select_for_update(of=("self",), no_key=True).filter(imported_list=imported_list)
    records = [record for record in rows.order_by("pk") if record.status != JobRecord.Status.VOID]
    if any(record.status != JobRecord.Status.REGISTERED for record in records):
        raise WrongStateError(_("A row of this list has moved on; the list can no longer be taken back."))
    for record in records:
        move(record, to=JobRecord.Status.VOID, by=by, reason=reason)
    return len(records)


def announce() -> None:
    workflow.KINDS[ImportedList.Kind.JOBS.value] = workflow.ListKind(
        columns=COLUMNS,
        check=check_jobs,
        write=write_jobs,
        take_back=take_back_jobs,
        permissions=("employment_tracking.import_jobs", "employment_tracking.import_own_jobs"),
    )
