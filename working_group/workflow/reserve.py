"""After the meeting: conditions that are met, and the reserve that moves up when credit is freed."""

from django.db import transaction
from django.utils.translation import gettext as _

from applicants import workflow as applications
from applicants.models import Application
from applicants.rules import check_reason
from quotas import ledger
from working_group import rules
from working_group.proposal import Purse
from working_group.reserve import waiting_for_credit


@transaction.atomic
def meet_condition(*, application_id: int, by, reason: str) -> None:
    """The condition of a conditional approval is met: it is approved. Raises WrongStateError, ReasonMissingError."""
    check_reason(reason)
    application = applications.lock(application_id)
    rules.check_conditional(application)
    applications.move(application, to=Application.Status.APPROVED, by=by, reason=reason)


@transaction.atomic
def promote_reserve(*, application_id: int, by, reason: str = "") -> Application:
    """Approve the next name of the reserve from credit that was freed, on the bank it wishes or the roomiest pool.

    Only the first in order moves up; another needs a written reason. Raises WrongStateError, NotNextInReserveError,
    NoPoolError, CreditExhaustedError.
    """
    programme_id = Application.everything.values_list("programme_id", flat=True).get(pk=application_id)
    pools = list(ledger.lock_pools(programme_id=programme_id).values())
    application = applications.lock(application_id)
    rules.check_next_in_reserve(application, waiting=list(waiting_for_credit(programme_id)), reason=reason)
    rules.check_any_pool(pools)
    amount = application.approved_rial or application.requested_rial
    pool = Purse(pools).pool_for(application, amount) or max(pools, key=lambda pool: (pool.left_rial, -pool.pk))
    application.approved_rial = amount
    application.save(update_fields=["approved_rial"])
    why = reason.strip() or _("moved up from the reserve")
    applications.move(application, to=Application.Status.APPROVED, by=by, reason=why)
    ledger.approve(pool, application_id=application.pk, amount_rial=amount, by=by, reason=reason.strip()[:300])
    return application
