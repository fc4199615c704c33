"""Excel lists of the monitoring system: created jobs, and people of whom another body says that they are employed."""

from datetime import date
from pathlib import Path

from accounts.models import ExecutiveAgency
from applicants.importing import import_file as import_list
from applicants.importing import workflow
from applicants.importing.report import Result
from applicants.models import ImportedList
from employment_tracking.importing import known_workers
from employment_tracking.importing.job_columns import COLUMNS
from employment_tracking.importing.job_list import check_jobs
from employment_tracking.importing.job_rows import take_back_jobs, write_jobs
from quotas.models import Programme

__all__ = ["COLUMNS", "announce", "check_jobs", "import_file", "take_back_jobs", "write_jobs"]


def import_file(path: Path, *, programme: Programme, agency: ExecutiveAgency, by, today: date, commit: bool) -> Result:
    """Check a file of one agency's jobs and, with ``commit``, register its valid rows. Raises FileRefusedError."""
    return import_list(
        path, programme=programme, agency=agency, by=by, today=today, commit=commit, kind=ImportedList.Kind.JOBS.value
    )


def announce() -> None:
    workflow.KINDS[ImportedList.Kind.JOBS.value] = workflow.ListKind(
        columns=COLUMNS,
        check=check_jobs,
        write=write_jobs,
        take_back=take_back_jobs,
        permissions=("employment_tracking.import_jobs", "employment_tracking.import_own_jobs"),
    )
    for kind in known_workers.KINDS:
        workflow.KINDS[kind.value] = workflow.ListKind(
            columns=known_workers.COLUMNS,
            check=known_workers.check,
            write=known_workers.write,
            take_back=known_workers.take_back,
            permissions=("employment_tracking.import_known_workers",),
        )
