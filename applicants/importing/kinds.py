"""Tells the lower floors, at start, who checks lists and who registers them."""

from applicants.importing import workflow
from applicants.importing.applicant_list import check_applicants
from applicants.importing.applicant_rows import write_applicants
from applicants.models import ImportedList
from background.models import BackgroundTask
from background.workflow import HANDLERS
from iran.calendar import programme_today


def check_list(task: BackgroundTask) -> None:
    workflow.check(list_id=task.arguments["list_id"], today=programme_today())


def register_list(task: BackgroundTask) -> None:
    workflow.register(list_id=task.arguments["list_id"], by=task.asked_by, today=programme_today())


def announce() -> None:
    workflow.KINDS[ImportedList.Kind.APPLICANTS.value] = workflow.ListKind(
        check=check_applicants, write=write_applicants, permissions=("applicants.import_list",)
    )
    HANDLERS["check_list"] = check_list
    HANDLERS["register_list"] = register_list
