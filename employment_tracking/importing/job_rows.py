"""Writing the valid rows of a list of jobs, and taking a list back."""

from datetime import date

from django.utils.translation import gettext as _

from abarkuh_loans.errors import WrongStateError
from applicants.importing.copying import copy_rows, new_ids
from applicants.importing.report import Result
from applicants.models import ImportedList
from employment_tracking import checks
from employment_tracking.models import JobRecord, JobRecordEvent
from employment_tracking.workflow import move

_AS_READ = (
    "first_name", "last_name", "father_name", "birth_on", "gender", "mobile", "mobile_owner_relation", "phone_landline",
    "job_title", "isic4", "address", "postal_code", "district", "city", "rural_district", "village", "latitude", "longitude",
    "starts_on", "kind", "hours_per_week", "insurance", "funding", "monitoring_code",
)  # fmt: skip


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
        "supporter_id": [result.columns["supporter"][position] for position in sound],
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
    checks.check_records(ids)
    return len(sound)


def take_back_jobs(imported_list: ImportedList, *, by, reason: str) -> int:
    """Strike out the records of a list. Raises WrongStateError when one of them has moved on."""
    rows = JobRecord.everything.select_for_update(of=("self",), no_key=True).filter(imported_list=imported_list)
    records = [record for record in rows.order_by("pk") if record.status != JobRecord.Status.VOID]
    if any(record.status != JobRecord.Status.REGISTERED for record in records):
        raise WrongStateError(_("A row of this list has moved on; the list can no longer be taken back."))
    beside = checks.touched(record.pk for record in records)
    for record in records:
        move(record, to=JobRecord.Status.VOID, by=by, reason=reason)
    checks.check_records([record.pk for record in records], touched_before=beside)
    return len(records)
