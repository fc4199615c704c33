"""Job records for the tests of the monitoring system."""

from datetime import date

from applicants.tests.factories import national_id
from employment_tracking import workflow
from employment_tracking.models import JobRecord, RecordFlag
from iran.calendar import format_jalali
from quotas.tests.factories import A_DAY


def a_record(programme, agency, number: int, **changes) -> JobRecord:
    """An unsaved record of an honest job; every person has his own number."""
    fields = {
        "national_id": national_id(number + 1_000),
        "first_name": "مریم",
        "last_name": f"احمدی {number}",
        "mobile": f"0990{number:07}",
        "birth_on": date(1990, 5, 1),
        "job_title": "تذهیب",
        "address": f"خیابان امام، پلاک {number}",
        "postal_code": f"89{number:08}",
        "starts_on": date(2022, 5, 1),
    }
    return JobRecord(programme=programme, agency=agency, **fields | changes)


def registered(programme, agency, number: int, *, by=None, today=A_DAY, **changes) -> JobRecord:
    return workflow.register(record=a_record(programme, agency, number, **changes), by=by, today=today)


def flags(record: JobRecord) -> set[str]:
    """The codes of a record's live flags."""
    return set(RecordFlag.everything.live().filter(record=record).values_list("code", flat=True))


def as_typed(page) -> dict:
    """What the form of a page holds, as a browser would send it again."""
    values = {field.name: field.value() for field in page.context["form"]}
    return {
        name: format_jalali(value) if isinstance(value, date) else str(value)
        for name, value in values.items()
        if value not in (None, "")
    }
