"""What the office does with an application by hand, as buttons and as choices over the list."""

from django.utils.translation import gettext_lazy as _

from abarkuh_loans.acts import Act
from applicants import workflow
from applicants.models import Application
from applicants.rules import TRANSITIONS

Status = Application.Status
ASSESS = "applicants.assess_application"


def states_before(to: str) -> frozenset[str]:
    """Every state from which an arrow leads to ``to``."""
    return frozenset(state for state, arrows in TRANSITIONS.items() if to in arrows)


def _find_eligible(application_id: int, *, reason: str, by) -> None:
    workflow.find_eligible(application_ids=[application_id], by=by)


def _find_ineligible(application_id: int, *, reason: str, by) -> None:
    workflow.find_ineligible(application_id=application_id, reason=reason, by=by)


def _return(application_id: int, *, reason: str, by) -> None:
    workflow.return_for_completion(application_id=application_id, reason=reason, by=by)


def _resubmit(application_id: int, *, reason: str, by) -> None:
    workflow.resubmit(application_id=application_id, by=by)


def _reject(application_id: int, *, reason: str, by) -> None:
    workflow.reject_after_inquiry(application_id=application_id, reason=reason, by=by)


def _withdraw(application_id: int, *, reason: str, by) -> None:
    workflow.withdraw(application_id=application_id, reason=reason, by=by)


ACTS = (
    Act(
        name="eligible",
        label=_("Find eligible"),
        question=_("Do these meet the conditions?"),
        permission=ASSESS,
        states=frozenset({Status.REGISTERED}),
        run=_find_eligible,
    ),
    Act(
        name="return",
        label=_("Return for completion"),
        question=_("What is missing?"),
        permission=ASSESS,
        states=states_before(Status.RETURNED),
        run=_return,
        needs_reason=True,
    ),
    Act(
        name="resubmit",
        label=_("Completed, register again"),
        question=_("Is the application complete now?"),
        permission=ASSESS,
        states=frozenset({Status.RETURNED}),
        run=_resubmit,
    ),
    Act(
        name="ineligible",
        label=_("Find not eligible"),
        question=_("Why do these not meet the conditions?"),
        permission=ASSESS,
        states=states_before(Status.INELIGIBLE),
        run=_find_ineligible,
        needs_reason=True,
        danger=True,
    ),
    Act(
        name="reject",
        label=_("Reject after the inquiry"),
        question=_("Which obstacle was not cured?"),
        permission=ASSESS,
        states=frozenset({Status.APPROVED}),
        run=_reject,
        needs_reason=True,
        danger=True,
    ),
    Act(
        name="withdraw",
        label=_("Record the withdrawal"),
        question=_("Does the applicant withdraw? What is held for him becomes free."),
        permission=ASSESS,
        states=states_before(Status.WITHDRAWN),
        run=_withdraw,
        needs_reason=True,
        danger=True,
    ),
)
