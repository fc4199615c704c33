"""What may happen to an application, and when an inquiry holds. Pure: no query, no clock."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from abarkuh_loans.errors import RuleError, WrongStateError
from applicants.models import Application, Inquiry
from iran.calendar import format_jalali_long
from quotas.models import InquiryKind, RequiredInquiry

Status = Application.Status

# Every arrow of an application's life. Whatever is not here cannot happen.
TRANSITIONS: dict[str, frozenset[str]] = {
    Status.DRAFT: frozenset({Status.REGISTERED, Status.WITHDRAWN}),
    Status.REGISTERED: frozenset({Status.RETURNED, Status.ELIGIBLE, Status.INELIGIBLE, Status.WITHDRAWN}),
    Status.RETURNED: frozenset({Status.REGISTERED, Status.WITHDRAWN, Status.INELIGIBLE}),
    Status.ELIGIBLE: frozenset({Status.ON_AGENDA, Status.INELIGIBLE, Status.WITHDRAWN, Status.CARRIED_OVER}),
    Status.INELIGIBLE: frozenset(),
    Status.ON_AGENDA: frozenset(
        {
            Status.APPROVED,
            Status.CONDITIONAL,
            Status.DEFERRED,
            Status.RESERVE,
            Status.REJECTED,
            Status.ELIGIBLE,
            Status.WITHDRAWN,
        }
    ),
    # what a meeting decided may be taken up again by a corrective meeting, until it is referred
    Status.APPROVED: frozenset(
        {
            Status.REFERRED,
            Status.REJECTED,
            Status.CLOSED_UNPAID,
            Status.RESERVE,
            Status.WITHDRAWN,
            Status.ON_AGENDA,
        }
    ),
    Status.CONDITIONAL: frozenset(
        {Status.APPROVED, Status.RESERVE, Status.REJECTED, Status.WITHDRAWN, Status.ON_AGENDA}
    ),
    Status.DEFERRED: frozenset({Status.ON_AGENDA, Status.WITHDRAWN, Status.CARRIED_OVER}),
    Status.RESERVE: frozenset({Status.APPROVED, Status.ON_AGENDA, Status.CARRIED_OVER, Status.WITHDRAWN}),
    Status.REJECTED: frozenset({Status.ON_AGENDA}),
    Status.REFERRED: frozenset({Status.PAID, Status.APPROVED, Status.CLOSED_UNPAID}),
    Status.PAID: frozenset({Status.REFERRED}),
    Status.CLOSED_UNPAID: frozenset(),
    Status.WITHDRAWN: frozenset(),
    Status.CARRIED_OVER: frozenset(),
}

# What the office assesses; it changes only while nobody has built on it.
ASKED = frozenset(
    {
        "agency",
        "track",
        "is_pioneer",
        "pioneer_agreement",
        "line",
        "line_title",
        "promised_jobs",
        "requested_rial",
        "heads_household",
        "is_graduate",
        "is_earlier_registrant",
        "lives_underserved",
        "has_skill_certificate",
    }
)
CORRECTABLE = (Status.DRAFT, Status.REGISTERED, Status.RETURNED)


class LiveApplicationExistsError(RuleError):
    """A person has one live application in a year (A1)."""

    code = "live_application_exists"
    field = "national_id"
    default_message = _("This person already has a live application in this year.")


class ReasonMissingError(RuleError):
    code = "reason_missing"
    field = "reason"
    default_message = _("Write the reason; the applicant may read it.")


class LineExcludedError(RuleError):
    code = "line_excluded"
    field = "line"


class InquiryMissingError(RuleError):
    code = "inquiry_missing"


class InquiryExpiredError(RuleError):
    code = "inquiry_expired"


class InquiryNotClearError(RuleError):
    code = "inquiry_not_clear"


class CureTimeError(RuleError):
    """An obstacle that may still be cured is no ground for a rejection."""

    code = "cure_time_runs"
    field = "reason"


class LicenceExpiredError(RuleError):
    code = "licence_expired"
    default_message = _("The licence is missing or no longer valid.")


def check_move(application: Application, *, to: str) -> None:
    """Say no to an arrow that an application's life does not have. Raises WrongStateError."""
    if to not in TRANSITIONS[application.status]:
        raise WrongStateError(
            _("«%(name)s» is «%(present)s» now and cannot become «%(to)s».")
            % {
                "name": application.applicant,
                "present": application.get_status_display(),
                "to": Status(to).label,
            }
        )


def check_correctable(application: Application, *, fields: Iterable[str]) -> None:
    """Say no to a change of what was assessed, ranked or decided on. Raises WrongStateError."""
    if application.status not in CORRECTABLE and ASKED.intersection(fields):
        raise WrongStateError(
            _("«%(name)s» is «%(present)s» now; what is asked and promised cannot change any more.")
            % {"name": application.applicant, "present": application.get_status_display()}
        )


def check_unanswered(inquiry: Inquiry) -> None:
    """Say no to a second answer. Raises WrongStateError."""
    if inquiry.result != Inquiry.Result.PENDING:
        raise WrongStateError(_("This inquiry is answered already; record a new one to replace its answer."))


def check_reason(reason: str) -> None:
    """Say no to a refusal without a reason. Raises ReasonMissingError."""
    if not reason.strip():
        raise ReasonMissingError


def check_line(application: Application) -> None:
    """Say no to a line that is excluded this year. Raises LineExcludedError."""
    restriction = getattr(application.line, "restriction", None) if application.line_id else None
    if restriction is not None:
        raise LineExcludedError(
            _("The line «%(line)s» is excluded this year: %(reason)s.")
            % {"line": application.line, "reason": restriction.reason}
        )


def check_inquiries(*, required: Iterable[RequiredInquiry], inquiries: Iterable[Inquiry], today: date) -> None:
    """Say no unless every required inquiry is answered, clear and in date (A3).

    ``inquiries`` are the newest of each kind. Raises InquiryMissingError, InquiryNotClearError, InquiryExpiredError.
    """
    newest = {inquiry.kind: inquiry for inquiry in inquiries}
    for demand in required:
        kind, inquiry = InquiryKind(demand.kind).label, newest.get(demand.kind)
        if inquiry is None or inquiry.result == Inquiry.Result.PENDING:
            raise InquiryMissingError(_("The inquiry «%(kind)s» has no answer yet.") % {"kind": kind})
        if inquiry.result != Inquiry.Result.CLEAR:
            raise InquiryNotClearError(_("The inquiry «%(kind)s» shows an obstacle.") % {"kind": kind})
        if inquiry.valid_until is None or inquiry.valid_until < today:
            raise InquiryExpiredError(
                _("The answer to the inquiry «%(kind)s» has expired; ask again.") % {"kind": kind}
            )


def check_rejectable(inquiries: Iterable[Inquiry], *, cure_days: int, today: date) -> None:
    """Say no to a rejection unless an inquiry shows an obstacle that blocks, or one that was not cured in its time.

    ``inquiries`` are the newest of each kind. Raises CureTimeError.
    """
    results = list(inquiries)
    if any(inquiry.result == Inquiry.Result.BLOCKED for inquiry in results):
        return
    ends = [one.answered_on + timedelta(days=cure_days) for one in results if one.result == Inquiry.Result.CURABLE]
    if not ends:
        raise CureTimeError(_("No inquiry shows an obstacle."))
    if min(ends) >= today:
        raise CureTimeError(
            _("The obstacle may be cured until %(day)s; reject after that.") % {"day": format_jalali_long(min(ends))}
        )


def check_licence(application: Application, *, needed: bool, today: date) -> None:
    """Say no to an expired licence, and to a missing one where the year needs it. Raises LicenceExpiredError."""
    expires = application.licence_expires_on
    if (needed and expires is None) or (expires is not None and expires < today):
        raise LicenceExpiredError
