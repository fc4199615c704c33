"""What may happen to a job record. Pure: no query, no clock."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from abarkuh_loans.errors import RuleError, WrongStateError
from employment_tracking.models import JobRecord
from iran.text import to_persian_digits
from quotas.models import Programme, Track

Status = JobRecord.Status

TRANSITIONS: dict[str, frozenset[str]] = {
    Status.REGISTERED: frozenset({Status.IN_VERIFICATION, Status.DUPLICATE, Status.VOID}),
    # back to registered: nobody was reached, which says nothing of the job
    Status.IN_VERIFICATION: frozenset({Status.VERIFIED, Status.NOT_VERIFIED, Status.DUPLICATE, Status.REGISTERED}),
    Status.VERIFIED: frozenset({Status.SUSTAINED, Status.ENDED, Status.IN_VERIFICATION, Status.DUPLICATE}),
    Status.NOT_VERIFIED: frozenset(
        {Status.CORRECTED, Status.OBJECTED, Status.VOID, Status.IN_VERIFICATION, Status.DUPLICATE}
    ),
    Status.CORRECTED: frozenset({Status.IN_VERIFICATION, Status.DUPLICATE}),
    Status.OBJECTED: frozenset({Status.IN_VERIFICATION, Status.VOID, Status.DUPLICATE}),
    Status.SUSTAINED: frozenset({Status.ENDED, Status.IN_VERIFICATION, Status.DUPLICATE}),
    Status.ENDED: frozenset({Status.IN_VERIFICATION, Status.DUPLICATE}),
    Status.VOID: frozenset(),
    Status.DUPLICATE: frozenset({Status.REGISTERED}),
}


class PersonAlreadyCountedError(RuleError):
    """A person counts once per programme year (J1)."""

    code = "nid_exists"
    field = "national_id"
    default_message = _("This person is already registered in this year's monitoring system.")


class PersonOfOtherAgencyError(PersonAlreadyCountedError):
    """The same, where the person may be claimed. The other agency is not named, nor anything of its record."""

    default_message = _(
        "Another agency has already registered this person this year. If he works with you, claim him on the page «Register a job»; the office decides."
    )


class StartOutsideYearError(RuleError):
    code = "start_outside_year"
    field = "starts_on"


class ReasonMissingError(RuleError):
    code = "reason_missing"
    field = "reason"
    default_message = _("Write the reason.")


class SupporterUnknownError(RuleError):
    code = "supporter_unknown"
    field = "supporter"
    default_message = _("This is not the application of a supporter of the same year.")


class LoanOfAnotherYearError(RuleError):
    code = "loan_other_year"
    field = "application"
    default_message = _("This loan is of another year.")


class NotCorrectableError(RuleError):
    """A record under verification is changed only where it was sent back."""

    code = "not_correctable"
    default_message = _(
        "This record is being verified or is finished; it is changed only when the office sends it back."
    )


class NothingChangedError(RuleError):
    code = "nothing_changed"
    default_message = _("Nothing is changed yet. Correct what the office asks for, or add a paper.")


class SameNumberError(RuleError):
    """Sent back for its number, and handed in again with the same one."""

    code = "same_number"
    field = "mobile"
    default_message = _("This is still the number that is wrong. Write the number on which this person answers now.")


class AlreadySentBackError(RuleError):
    code = "already_sent_back"
    default_message = _("This record is already sent back and waits for its agency.")


# Who was counted stays who he is: a record of a wrong person is struck out and registered anew.
CORRECTABLE_FIELDS = (
    "first_name", "last_name", "father_name", "birth_on", "gender", "mobile", "mobile_owner_relation",
    "phone_landline", "job_title", "isic4", "starts_on", "address", "postal_code", "district", "city",
    "rural_district", "village", "latitude", "longitude", "kind", "hours_per_week", "insurance", "monitoring_code",
)  # fmt: skip
FREELY_CORRECTABLE = frozenset({Status.REGISTERED, Status.NOT_VERIFIED})
LONGEST_REASON = 500


def check_correctable(record: JobRecord, *, sent_back: bool) -> None:
    """Say no to changing what is already asked about, unless it was sent back. Raises NotCorrectableError."""
    counted = record.status not in (Status.VOID, Status.DUPLICATE)
    if not counted or (record.status not in FREELY_CORRECTABLE and not sent_back):
        raise NotCorrectableError


def check_supporter(record: JobRecord) -> None:
    """Say no to a supporter who is none, or of another year. Raises SupporterUnknownError."""
    supporter = record.supporter
    if supporter is None:
        return
    if supporter.programme_id != record.programme_id or supporter.track != Track.SUPPORTER:
        raise SupporterUnknownError


def check_loan(record: JobRecord) -> None:
    """Say no to a loan of another year. Raises LoanOfAnotherYearError."""
    if record.application is not None and record.application.programme_id != record.programme_id:
        raise LoanOfAnotherYearError


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
            _("The day on which work began lies outside the programme of %(year)s.")
            % {"year": to_persian_digits(str(programme.year))}
        )
