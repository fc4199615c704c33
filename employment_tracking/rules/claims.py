"""What may be claimed, and what the office may still decide. Pure: no query, no clock."""

from django.utils.translation import gettext_lazy as _

from abarkuh_loans.errors import RuleError, WrongStateError
from employment_tracking.models import ClaimDispute


class NothingToClaimError(RuleError):
    """The person is not counted any more: there is nobody to dispute with."""

    code = "nothing_to_claim"
    default_message = _("No other agency has this person registered now. Register him.")


class AlreadyClaimedError(RuleError):
    code = "already_claimed"
    default_message = _("Your agency has already claimed this person; the office decides.")


def check_undecided(dispute: ClaimDispute) -> None:
    """Say no to a second decision, and whose the first one was. Raises WrongStateError."""
    if dispute.status != ClaimDispute.Status.OPEN:
        raise WrongStateError(
            _("%(name)s has already decided this claim: %(outcome)s.")
            % {"name": dispute.decided_by, "outcome": dispute.get_status_display()}
        )
