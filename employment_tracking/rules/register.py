"""What may happen to a job record. Pure: no query, no clock."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from abarkuh_loans.errors import RuleError, WrongStateError
from employment_tracking.models import JobRecord
from quotas.models import Programme

Status = JobRecord.Status

TRANSITIONS: dict[str, frozenset[str]] = {
    Status.REGISTERED: frozenset({Status.IN_VERIFICATION, Status.DUPLICATE, Status.VOID}),
    Status.IN_VERIFICATION: frozenset({Status.VERIFIED, Status.NOT_VERIFIED, Status.DUPLICATE}),
    Status.VERIFIED: frozenset({Status.SUSTAINED, Status.ENDED, Status.IN_VERIFICATION}),
    Status.NOT_VERIFIED: frozenset({Status.CORRECTED, Status.OBJECTED, Status.VOID, Status.IN_VERIFICATION}),
    Status.CORRECTED: frozenset({Status.IN_VERIFICATION}),
    Status.OBJECTED: frozenset({Status.IN_VERIFICATION, Status.VOID}),
    Status.SUSTAINED: frozenset({Status.ENDED, Status.IN_VERIFICATION}),
    Status.ENDED: frozenset({Status.IN_VERIFICATION}),
    Status.VOID: frozenset(),
    Status.DUPLICATE: frozenset({Status.REGISTERED}),
}


class PersonAlreadyCountedError(RuleError):
    """A person counts once per programme year (J1)."""

    code = "nid_exists"
    field = "national_id"
    default_message = _("This person is already registered in this year's monitoring system.")


class StartOutsideYearError(RuleError):
    code = "start_outside_year"
    field = "starts_on"


class ReasonMissingError(RuleError):
    code = "reason_missing"
    field = "reason"
    default_message = _("Write the reason.")


def check_move(record: JobRecord, *, to: str) -> None:
    """Say no to an arrow that a job record's life does not have. Raises WrongStateError."""
    if to not in TRANSITIONS[record.status]:
        raise WrongStateError(
            _("«%(name)s» is «%(present)s» now and cannot become «%(to)s».")
            % {"name": record, "present": record.get_status_display(), "to": Status(to).label}
        )


def check_start(programme: Programme, *, starts_on: date, today: date) -> None:
    """Say no to work that begins in the future or outside the programme. Raises StartOutsideYearError."""
    if starts_on > today:
        raise StartOutsideYearError(_("The day on which work began must be today or before."))
    if not programme.opens_on <= starts_on <= programme.closes_on:
        raise StartOutsideYearError(
            _("The day on which work began lies outside the programme of %(year)s.") % {"year": programme.year}
        )
