"""Excel lists of agencies: read, put right, checked, and their valid rows registered together."""

from datetime import date
from pathlib import Path

from accounts.models import ExecutiveAgency
from applicants.importing import workflow
from applicants.importing.guard import COMMAND
from applicants.importing.report import Result
from applicants.models import ImportedList
from quotas.models import Programme


def import_file(
    path: Path, *, programme: Programme, by, today: date, commit: bool, agency: ExecutiveAgency | None = None,
    kind: str = ImportedList.Kind.APPLICANTS.value,
) -> Result:  # fmt: skip
    """Check a file on this machine and, with ``commit``, register its valid rows. Raises FileRefusedError."""
    about = {"kind": kind, "programme": programme, "agency": agency, "content": path.read_bytes(), "today": today}
    if commit:
        return workflow.import_now(**about, name=path.name, by=by, limits=COMMAND)
    return workflow.check_now(**about, limits=COMMAND)
