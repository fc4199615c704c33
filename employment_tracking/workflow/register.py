"""The only code that registers a job record or changes its state."""

from datetime import date

from django.db import IntegrityError, transaction

from employment_tracking import rules
from employment_tracking.models import JobRecord, JobRecordEvent

Status = JobRecord.Status


def move(record: JobRecord, *, to: str, by, reason: str = "") -> None:
    """Take one arrow: check it, write the state and its event. The caller holds the row's lock. Raises WrongStateError."""
    rules.check_move(record, to=to)
    came_from, record.status = record.status, to
    record.save(update_fields=["status"])
    JobRecordEvent.everything.create(record=record, from_status=came_from, to_status=to, reason=reason, happened_by=by)


@transaction.atomic
def register(*, record: JobRecord, by, today: date) -> JobRecord:
    """Register one person's job; ``record`` is unsaved and has its fields filled.

    Raises PersonAlreadyCountedError (J1), StartOutsideYearError.
    """
    rules.check_start(record.programme, starts_on=record.starts_on, today=today)
    record.status, record.registered_by, record.registered_on = Status.REGISTERED, by, today
    try:
        with transaction.atomic():
            record.save(force_insert=True)
    except IntegrityError as error:
        if "jobrecord_person_counts_once" not in str(error):
            raise
        raise rules.PersonAlreadyCountedError from error
    JobRecordEvent.everything.create(record=record, to_status=Status.REGISTERED, happened_by=by)
    return record


@transaction.atomic
def void(*, record_id: int, reason: str, by) -> JobRecord:
    """Strike a record out with a reason; it stays and is not counted. Raises WrongStateError, ReasonMissingError."""
    if not reason.strip():
        raise rules.ReasonMissingError
    record = JobRecord.everything.select_for_update(of=("self",), no_key=True).get(pk=record_id)
    move(record, to=Status.VOID, by=by, reason=reason.strip())
    return record
