"""The life of a list: kept, checked, registered whole with its valid rows, or cancelled."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from abarkuh_loans.errors import WrongStateError
from accounts.models import ExecutiveAgency, User
from applicants.importing.findings import CORRECTED, FAULT, WARNING, counts
from applicants.importing.guard import PAGE, Limits, check_file
from applicants.importing.headings import Column
from applicants.importing.refusals import FileAlreadyImportedError, FileRefusedError
from applicants.importing.report import Result
from applicants.models import ImportedList
from background import workflow as background
from background.models import StoredFile
from iran.calendar import format_jalali_long, tehran_day
from quotas.models import Programme

Status = ImportedList.Status
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KEPT_FINDINGS = 2_000  # warnings and corrections; faults are kept all, and the counts are of all
_RACES = 3
# Somebody registered a person of the list between our look and our write: look again.
_LOST_RACES = (
    "application_one_live_per_person",
    "applicant_national_id_once",
    "applicant_legal_id_once",
    "jobrecord_person_counts_once",
)


@dataclass(frozen=True)
class ListKind:
    """How a kind of list is checked and written. Higher apps add theirs in ``AppConfig.ready``."""

    columns: tuple[Column, ...]
    check: Callable[..., Result]
    write: Callable[..., int]
    take_back: Callable[..., int]
    permissions: tuple[str, ...]


KINDS: dict[str, ListKind] = {}


def keep(
    *, kind: str, programme: Programme, agency: ExecutiveAgency | None, name: str, content: bytes, by: User
) -> ImportedList:
    """Keep an uploaded file and have it checked. Raises FileRefusedError, FileAlreadyImportedError."""
    check_file(content)
    with transaction.atomic():
        imported_list = _keep(kind=kind, programme=programme, agency=agency, name=name, content=content, by=by)
        imported_list.task = background.queue(kind="check_list", arguments={"list_id": imported_list.pk}, by=by)
        imported_list.save(update_fields=["task"])
    return imported_list


def _keep(*, kind, programme, agency, name, content, by) -> ImportedList:
    digest = hashlib.sha256(content).hexdigest()
    refuse_registered(programme=programme, kind=kind, digest=digest)
    file = StoredFile.keep(name=name[:200], content_type=XLSX, content=content, by=by)
    return ImportedList.everything.create(
        kind=kind, programme=programme, agency=agency, file=file, file_sha256=digest, uploaded_by=by
    )


def refuse_registered(*, programme: Programme, kind: str, digest: str) -> None:
    """Say no to a file that is registered already. Raises FileAlreadyImportedError."""
    rows = ImportedList.everything.filter(programme=programme, kind=kind, file_sha256=digest, status=Status.REGISTERED)
    earlier = rows.first()
    if earlier is not None:
        day = format_jalali_long(tehran_day(earlier.registered_at))
        raise FileAlreadyImportedError(_("This file was already imported on %(day)s.") % {"day": day})


def check(*, list_id: int, today: date, limits: Limits = PAGE) -> ImportedList:
    """Check a kept list and write down what was found; a list that cannot be read says why."""
    with transaction.atomic():
        imported_list = _locked(list_id)
        if imported_list.status in (Status.REGISTERED, Status.CANCELLED):
            return imported_list
        try:
            _write_down(imported_list, _checked(imported_list, today=today, limits=limits))
            imported_list.status, imported_list.message = Status.CHECKED, ""
        except FileRefusedError as refusal:
            imported_list.status, imported_list.message = Status.UNREADABLE, str(refusal)[:500]
        imported_list.save()
    return imported_list


def _locked(list_id: int) -> ImportedList:
    rows = ImportedList.everything.select_for_update(of=("self",), no_key=True)
    return rows.select_related("programme", "agency", "file").get(pk=list_id)


def _checked(imported_list: ImportedList, *, today: date, limits: Limits) -> Result:
    return KINDS[imported_list.kind].check(
        bytes(imported_list.file.content),
        programme=imported_list.programme,
        agency=imported_list.agency,
        today=today,
        limits=limits,
    )


def _write_down(imported_list: ImportedList, result: Result) -> None:
    imported_list.rows_read, imported_list.rows_valid = result.read, result.valid
    imported_list.rows_faulty, imported_list.rows_corrected = result.faulty, result.corrected
    kept, of_level = [], dict.fromkeys((FAULT, WARNING, CORRECTED), 0)
    for finding in result.findings:
        of_level[finding.level] += 1
        if finding.level == FAULT or of_level[finding.level] <= KEPT_FINDINGS:
            kept.append(finding.as_json())
    imported_list.findings = kept
    imported_list.counts = {level: dict(counts(result.findings, level)) for level in of_level}


def ask_to_register(*, list_id: int, by: User) -> ImportedList:
    """Have the valid rows of a checked list registered. Raises WrongStateError."""
    with transaction.atomic():
        imported_list = _locked(list_id)
        _expect(imported_list, Status.CHECKED)
        if not imported_list.rows_valid:
            raise WrongStateError(_("No row of this list is valid."))
        imported_list.task = background.queue(kind="register_list", arguments={"list_id": list_id}, by=by)
        imported_list.save(update_fields=["task"])
    return imported_list


def register(*, list_id: int, by: User | None, today: date, limits: Limits = PAGE) -> ImportedList:
    """Register all valid rows of a checked list, in one transaction. A second call changes nothing.

    Raises WrongStateError, FileAlreadyImportedError.
    """
    return _despite_races(lambda: _register(list_id=list_id, by=by, today=today, limits=limits)[0])


def _register(*, list_id: int, by: User | None, today: date, limits: Limits) -> tuple[ImportedList, Result | None]:
    imported_list = ImportedList.everything.only("programme_id").get(pk=list_id)
    _one_at_a_time(imported_list.programme_id)
    imported_list = _locked(list_id)
    if imported_list.status == Status.REGISTERED:
        return imported_list, None
    _expect(imported_list, Status.CHECKED, Status.CHECKING)
    refuse_registered(programme=imported_list.programme, kind=imported_list.kind, digest=imported_list.file_sha256)
    result = _checked(imported_list, today=today, limits=limits)
    result.committed = KINDS[imported_list.kind].write(result, imported_list=imported_list, by=by, today=today)
    _write_down(imported_list, result)
    imported_list.status, imported_list.registered_at = Status.REGISTERED, timezone.now()
    imported_list.save()
    return imported_list, result


def check_now(
    *, kind: str, programme: Programme, agency: ExecutiveAgency | None, content: bytes, today: date, limits: Limits
) -> Result:
    """Check a file without keeping it. Raises FileRefusedError."""
    refuse_registered(programme=programme, kind=kind, digest=hashlib.sha256(content).hexdigest())
    return KINDS[kind].check(content, programme=programme, agency=agency, today=today, limits=limits)


def import_now(
    *, kind: str, programme: Programme, agency: ExecutiveAgency | None, name: str, content: bytes, by: User | None,
    today: date, limits: Limits,
) -> Result:  # fmt: skip
    """Keep, check and register a file in one transaction, as commands do. Raises FileRefusedError."""

    def once() -> Result:
        _one_at_a_time(programme.pk)
        kept = _keep(kind=kind, programme=programme, agency=agency, name=name, content=content, by=by)
        return _register(list_id=kept.pk, by=by, today=today, limits=limits)[1]

    return _despite_races(once)


def _despite_races(attempt: Callable):
    for left in reversed(range(_RACES)):
        try:
            with transaction.atomic():
                return attempt()
        except IntegrityError as error:
            if not left or not any(name in str(error) for name in _LOST_RACES):
                raise


def _one_at_a_time(programme_id: int) -> None:
    """Lists of one programme are registered one after another, however long each takes."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '120s'; SET LOCAL statement_timeout = '600s'")
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('imported_list'), %s)", [programme_id])


def cancel(*, list_id: int) -> ImportedList:
    """Put a list away without registering any row. Raises WrongStateError."""
    with transaction.atomic():
        imported_list = _locked(list_id)
        _expect(imported_list, Status.CHECKED, Status.CHECKING, Status.UNREADABLE)
        imported_list.status = Status.CANCELLED
        imported_list.save(update_fields=["status"])
    return imported_list


def take_back(*, list_id: int, by: User, reason: str) -> int:
    """Take back a registered list whole, as long as none of its rows has moved on. Gives the number of rows.

    Raises WrongStateError.
    """
    with transaction.atomic():
        imported_list = _locked(list_id)
        _expect(imported_list, Status.REGISTERED)
        rows = KINDS[imported_list.kind].take_back(imported_list, by=by, reason=reason)
        imported_list.status, imported_list.registered_at = Status.CANCELLED, None
        imported_list.save(update_fields=["status", "registered_at"])
    return rows


def _expect(imported_list: ImportedList, *states: str) -> None:
    if imported_list.status not in states:
        raise WrongStateError(
            _("The list «%(name)s» is «%(present)s» now.")
            % {"name": imported_list, "present": imported_list.get_status_display()}
        )
