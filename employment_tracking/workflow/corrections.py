"""A record goes back to its agency («برگشت‌خورده»), is mended there and comes again."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone

from employment_tracking import checks, ladder_bell, rules
from employment_tracking.models import JobRecord, RecordReturn
from employment_tracking.workflow.register import Evidence, add_evidence, find_line, locked, move

Status, Cause = JobRecord.Status, RecordReturn.Cause


@transaction.atomic
def send_back(*, record_id: int, cause: str, note: str = "", by=None) -> RecordReturn:
    """Ask the agency to mend a record; ``by`` is nobody where a gateway or the ladder found the fault.

    What the machine asks twice is asked once. Raises AlreadySentBackError, ReasonMissingError, NotCorrectableError.
    """
    if cause == Cause.OTHER and not note.strip():
        raise rules.ReasonMissingError
    record = locked(record_id)
    rules.check_correctable(record, sent_back=True)
    waiting = RecordReturn.everything.waiting().filter(record=record).first()
    if waiting is None:
        return RecordReturn.everything.create(record=record, cause=cause, note=note.strip(), asked_by=by)
    if by is not None:
        raise rules.AlreadySentBackError
    return waiting


@transaction.atomic
def correct(*, record_id: int, changes: Mapping[str, object], by, today: date, evidence: Evidence = ()) -> JobRecord:
    """Mend a record and, where it was sent back, hand it in again; an unverified one becomes «corrected».

    Where it was sent back for its number, another number is asked for by SMS at once.
    Raises NotCorrectableError, NothingChangedError, SameNumberError, StartOutsideYearError.
    """
    record, papers = locked(record_id), list(evidence)
    waiting = RecordReturn.everything.waiting().filter(record=record).first()
    rules.check_correctable(record, sent_back=waiting is not None)
    beside = checks.touched([record_id])
    changed = _apply(record, changes)
    if not changed and not papers:
        raise rules.NothingChangedError
    if waiting is not None and waiting.cause == Cause.MOBILE and "mobile" not in changed:
        raise rules.SameNumberError
    if "starts_on" in changed:
        rules.check_start(record.programme, starts_on=record.starts_on, today=today)
    if "job_title" in changed:
        record.line = None
        find_line(record)
        changed |= {"line", "isic4"}
    if changed:
        record.save(update_fields=sorted(changed))
    add_evidence(record, papers, by=by)
    if waiting is not None:
        _mended(waiting, by=by)
    if record.status == Status.NOT_VERIFIED:
        move(record, to=Status.CORRECTED, by=by)
    checks.check_records([record_id], touched_before=beside)
    return record


@transaction.atomic
def amend(*, record_id: int, changes: Mapping[str, object], by) -> JobRecord:
    """The office's own change of a record's fields; a number that the agency was asked for is mended by it, too."""
    record = locked(record_id)
    beside = checks.touched([record_id])
    for name, value in changes.items():
        setattr(record, name, value)
    rules.check_supporter(record)
    rules.check_loan(record)
    record.save(update_fields=sorted(changes))
    if "mobile" in changes:
        withdraw_number(record, by=by)
    checks.check_records([record_id], touched_before=beside)
    return record


def withdraw_number(record: JobRecord, *, by) -> None:
    """The agency need not look for a number any more: ``by`` has put it right, or his finding was a slip."""
    waiting = RecordReturn.everything.waiting().filter(record=record, cause=Cause.MOBILE).first()
    if waiting is not None:
        _mended(waiting, by=by)


def _mended(waiting: RecordReturn, *, by) -> None:
    waiting.mended_at, waiting.mended_by = timezone.now(), by
    waiting.save(update_fields=["mended_at", "mended_by"])
    ladder_bell.ring_on_commit()


def _apply(record: JobRecord, changes: Mapping[str, object]) -> set[str]:
    """Set what differs, among the fields that may change. Gives their names."""
    changed = set()
    for name in rules.CORRECTABLE_FIELDS:
        if name in changes and getattr(record, name) != changes[name]:
            setattr(record, name, changes[name])
            changed.add(name)
    return changed
