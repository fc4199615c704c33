"""Tells the lower floors, at start, who checks lists and who registers them."""

from django.utils.translation import gettext as _

from abarkuh_loans.errors import WrongStateError
from applicants.importing import workflow
from applicants.importing.applicant_columns import COLUMNS
from applicants.importing.applicant_list import check_applicants
from applicants.importing.applicant_rows import write_applicants
from applicants.models import Application, ImportedList
from applicants.workflow import move
from background.models import BackgroundTask
from background.workflow import HANDLERS
from iran.calendar import programme_today


def check_list(task: BackgroundTask) -> None:
    workflow.check(list_id=task.arguments["list_id"], today=programme_today())


def register_list(task: BackgroundTask) -> None:
    workflow.register(list_id=task.arguments["list_id"], by=task.asked_by, today=programme_today())


def take_back_applicants(imported_list: ImportedList, *, by, reason: str) -> int:
    """Withdraw the applications of a list. Raises WrongStateError when one of them has moved on."""
    rows = Application.everything.locked().select_related("applicant").filter(imported_list=imported_list)
    applications = [application for application in rows if application.status != Application.Status.WITHDRAWN]
    if any(application.status != Application.Status.REGISTERED for application in applications):
        raise WrongStateError(_("A row of this list has moved on; the list can no longer be taken back."))
    for application in applications:
        move(application, to=Application.Status.WITHDRAWN, by=by, reason=reason)
    return len(applications)


def announce() -> None:
    workflow.KINDS[ImportedList.Kind.APPLICANTS.value] = workflow.ListKind(
        columns=COLUMNS,
        check=check_applicants,
        write=write_applicants,
        take_back=take_back_applicants,
        permissions=("applicants.import_list",),
    )
    HANDLERS["check_list"] = check_list
    HANDLERS["register_list"] = register_list
