"""The only code that registers a job record or changes its state."""

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction

from applicants.models import BusinessLine
from background.models import StoredFile
from employment_tracking import checks, rules
from employment_tracking.models import JobEvidence, JobRecord, JobRecordEvent
from iran.text import search_key

Status = JobRecord.Status
Evidence = Iterable[tuple[str, StoredFile]]


def move(record: JobRecord, *, to: str, by, reason: str = "") -> None:
    """Take one arrow: check it, write the state and its event. The caller holds the row's lock. Raises WrongStateError."""
    rules.check_move(record, to=to)
    came_from, record.status = record.status, to
    record.save(update_fields=["status"])
    JobRecordEvent.everything.create(record=record, from_status=came_from, to_status=to, reason=reason, happened_by=by)


@transaction.atomic
def register(*, record: JobRecord, by, today: date, evidence: Evidence = ()) -> JobRecord:
    """Register one person's job; ``record`` is unsaved and has its fields filled.

    Raises PersonAlreadyCountedError (J1), StartOutsideYearError, SupporterUnknownError, LoanOfAnotherYearError.
    """
    write(record, status=Status.REGISTERED, by=by, today=today, evidence=evidence)
    checks.check_records([record.pk])
    return record


def write(record: JobRecord, *, status: str, by, today: date, evidence: Evidence = (), reason: str = "") -> JobRecord:
    """Write a new record with its first event, after the rules have had their say."""
    check_rules(record, today=today)
    find_line(record)
    record.status, record.registered_by, record.registered_on = status, by, today
    try:
        with transaction.atomic():
            record.save(force_insert=True)
    except IntegrityError as error:
        if "jobrecord_person_counts_once" not in str(error):
            raise
        raise counted_already(record) from error
    JobRecordEvent.everything.create(record=record, to_status=status, reason=reason, happened_by=by)
    add_evidence(record, evidence, by=by)
    return record


def check_new(*, record: JobRecord, today: date) -> None:
    """Say what ``register`` would refuse now, without writing anything: for the look again before it.

    Raises PersonAlreadyCountedError (J1), StartOutsideYearError, SupporterUnknownError, LoanOfAnotherYearError.
    """
    check_rules(record, today=today)
    if _same_person(record).exists():
        raise counted_already(record)


def check_rules(record: JobRecord, *, today: date) -> None:
    rules.check_start(record.programme, starts_on=record.starts_on, today=today)
    rules.check_supporter(record)
    rules.check_loan(record)


def counted_already(record: JobRecord) -> rules.PersonAlreadyCountedError:
    """The refusal that fits: his own agency has him, or another one, from whom he may be claimed."""
    own = _same_person(record).filter(agency=record.agency_id).exists()
    return rules.PersonAlreadyCountedError() if own else rules.PersonOfOtherAgencyError()


def _same_person(record: JobRecord):
    return JobRecord.everything.counted().filter(programme=record.programme_id, national_id=record.national_id)


def find_line(record: JobRecord) -> None:
    """The approved line that the job's words name, and its ISIC code where none is written."""
    if record.line_id is None:
        lines = BusinessLine.everything.filter(programme=record.programme_id)
        record.line = lines.filter(title_key=search_key(record.job_title)).first()
    if record.line is not None and not record.isic4:
        record.isic4 = record.line.isic4


def add_evidence(record: JobRecord, evidence: Evidence, *, by) -> int:
    """Keep papers and pictures with a record. Gives their number."""
    rows = [JobEvidence(record=record, kind=kind, file=file, added_by=by) for kind, file in evidence]
    JobEvidence.everything.bulk_create(rows)
    return len(rows)


@transaction.atomic
def void(*, record_id: int, reason: str, by) -> JobRecord:
    """Strike a record out with a reason; it stays and is not counted. Raises WrongStateError, ReasonMissingError."""
    if not reason.strip():
        raise rules.ReasonMissingError
    record = locked(record_id)
    beside = checks.touched([record_id])
    move(record, to=Status.VOID, by=by, reason=reason.strip())
    checks.check_records([record_id], touched_before=beside)
    return record


def locked(record_id: int) -> JobRecord:
    rows = JobRecord.everything.select_for_update(of=("self",), no_key=True)
    return rows.select_related("programme", "supporter", "application").get(pk=record_id)
