"""When a name may be referred and what a bank may answer. Pure: no query, no clock."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from abarkuh_loans.errors import RuleError, WrongStateError
from accounts.models import Branch
from applicants.models import Application, Inquiry
from applicants.rules import check_inquiries, check_licence
from banks.models import Disbursement, Referral, RefusalReason
from iran.money import rial
from iran.text import to_persian_digits
from quotas.models import Commitment, RequiredInquiry

Status = Referral.Status

TRANSITIONS: dict[str, frozenset[str]] = {
    Status.ISSUED: frozenset({Status.CONFIRMED, Status.REFUSED, Status.RETURNED, Status.EXPIRED, Status.CANCELLED}),
    Status.CONFIRMED: frozenset(
        {
            Status.ISSUED,
            Status.FILE_OPENED,
            Status.PAID_PARTIAL,
            Status.PAID,
            Status.REFUSED,
            Status.RETURNED,
            Status.CANCELLED,
        }
    ),
    Status.FILE_OPENED: frozenset(
        {Status.ISSUED, Status.PAID_PARTIAL, Status.PAID, Status.REFUSED, Status.RETURNED, Status.CANCELLED}
    ),
    Status.PAID_PARTIAL: frozenset({Status.PAID, Status.FILE_OPENED}),
    Status.PAID: frozenset({Status.PAID_PARTIAL, Status.FILE_OPENED}),
    Status.REFUSED: frozenset(),
    Status.RETURNED: frozenset(),
    Status.EXPIRED: frozenset(),
    Status.CANCELLED: frozenset(),
}
PAYABLE = (Status.CONFIRMED, Status.FILE_OPENED, Status.PAID_PARTIAL)
CANCELLABLE = (Status.ISSUED, Status.CONFIRMED, Status.FILE_OPENED)
TAKE_BACK_WITHIN = timedelta(minutes=30)  # the applicant is told only after it
ENDED_UNPAID = (Status.REFUSED, Status.RETURNED, Status.EXPIRED, Status.CANCELLED)


class NotApprovedError(WrongStateError):
    """Referral comes after approval in a signed meeting (A3)."""

    code = "not_approved"


class PassedOverError(RuleError):
    """A ready supporter or pioneer waits (A4)."""

    code = "priority_passed_over"
    field = "passed_over_reason"


class BranchUnfitError(RuleError):
    code = "branch_unfit"
    field = "branch"


class LetterNumberMissingError(RuleError):
    code = "letter_number_missing"
    field = "letter_number"
    default_message = _("Write the letter's number as the office automation gave it.")


class LetterDayError(RuleError):
    """A letter of the future, or one whose validity would be over already."""

    code = "letter_day"
    field = "letter_on"


class AlreadyAnsweredError(WrongStateError):
    """Somebody was first (B2)."""

    code = "already_answered"


class AmountNotPayableError(RuleError):
    code = "amount_not_payable"
    field = "payable_rial"


class ReasonNeededError(RuleError):
    code = "reason_needed"
    field = "reason"


class DayNotPossibleError(RuleError):
    code = "day_not_possible"
    field = "paid_on"


class PaymentRepeatedError(RuleError):
    """The same payment was recorded before: same contract, day and amount."""

    code = "payment_repeated"
    field = "contract_number"
    default_message = _("A payment of this contract with the same day and amount is recorded already.")


class TooLateToTakeBackError(WrongStateError):
    code = "too_late_to_take_back"


def check_referable(
    application: Application,
    *,
    required: Iterable[RequiredInquiry],
    inquiries: Iterable[Inquiry],
    licence_needed: bool,
    today: date,
) -> None:
    """Say no unless an approved application's required inquiries are clear and in date (A3).

    Raises NotApprovedError, InquiryMissingError, InquiryNotClearError, InquiryExpiredError, LicenceExpiredError.
    """
    if application.status != Application.Status.APPROVED:
        raise NotApprovedError(
            _("%(name)s is «%(status)s»; only names approved in a signed meeting are referred.")
            % {"name": application.applicant, "status": application.get_status_display()}
        )
    check_inquiries(required=required, inquiries=inquiries, today=today)
    check_licence(application, needed=licence_needed, today=today)


def check_order(application: Application, *, ready_before: Collection[Application], reason: str) -> None:
    """Say no to passing over a ready supporter or pioneer without a written reason (A4). Raises PassedOverError."""
    if application.is_priority or not ready_before or reason.strip():
        return
    names = "، ".join(str(waiting.applicant) for waiting in list(ready_before)[:3])
    raise PassedOverError(
        _("%(count)s supporters or pioneers are ready and wait, among them %(names)s. Write why they are passed over.")
        % {"count": to_persian_digits(str(len(ready_before))), "names": names}
    )


def check_branch(branch: Branch, *, agent_bank_ids: Collection[int], county_id: int) -> None:
    """Say no to a branch that does not serve the county or whose bank is no agent bank this year. Raises BranchUnfitError."""
    if branch.bank_id not in agent_bank_ids:
        raise BranchUnfitError(_("%(bank)s is not an agent bank of this year.") % {"bank": branch.bank})
    if branch.county_id != county_id or not branch.is_open:
        raise BranchUnfitError(_("The branch «%(branch)s» receives no referrals of this county.") % {"branch": branch})


def check_letter_day(letter_on: date, *, validity_days: int, today: date) -> None:
    """Say no to a letter of the future, or one so old that it would be void at once. Raises LetterDayError."""
    if letter_on > today:
        raise LetterDayError(_("The date of the letter cannot lie in the future."))
    if letter_on + timedelta(days=validity_days) < today:
        raise LetterDayError(
            _("A letter is valid for %(days)s days; with this date it would be void already.")
            % {"days": to_persian_digits(str(validity_days))}
        )


def check_move(referral: Referral, *, to: str) -> None:
    """Say no to an arrow that a referral's life does not have. Raises WrongStateError."""
    if to not in TRANSITIONS[referral.status]:
        raise WrongStateError(
            _("Referral %(number)s is «%(present)s» now and cannot become «%(to)s».")
            % {"number": referral.letter_number, "present": referral.get_status_display(), "to": Status(to).label}
        )


def check_unanswered(referral: Referral, *, when: str, seen: str = Status.ISSUED) -> None:
    """Say no to a second answer, and by whom and when the first was given (B2). Raises AlreadyAnsweredError.

    ``seen`` is the state that the officer had before him: who declines a waiting referral does not thereby undo the
    confirmation that a colleague gave a moment ago.
    """
    if referral.status == seen:
        return
    if referral.answered_by_id is None:
        raise AlreadyAnsweredError(
            _("Referral %(number)s is «%(status)s» and takes no answer any more.")
            % {"number": referral.letter_number, "status": referral.get_status_display()}
        )
    raise AlreadyAnsweredError(
        _("Referral %(number)s was answered by %(who)s on %(when)s: «%(status)s».")
        % {
            "number": referral.letter_number,
            "who": referral.answered_by,
            "when": when,
            "status": referral.get_status_display(),
        }
    )


def check_payable(referral: Referral, *, payable_rial: int, reason: str) -> None:
    """Say no to confirming more than approved, or less without a reason. Raises AmountNotPayableError, ReasonNeededError."""
    if not 0 < payable_rial <= referral.amount_rial:
        raise AmountNotPayableError(
            _("The bank may confirm at most the approved %(amount)s.") % {"amount": rial(referral.amount_rial)}
        )
    if payable_rial < referral.amount_rial and not reason.strip():
        raise ReasonNeededError(_("Write why less than the approved amount is confirmed."))


def check_refusal(*, reason: str, note: str) -> None:
    """Say no to a refusal without its coded reason, or «other» without words. Raises ReasonNeededError."""
    if reason not in RefusalReason.values:
        raise ReasonNeededError(_("Choose the reason of the refusal."))
    if reason == RefusalReason.OTHER and not note.strip():
        raise ReasonNeededError(_("Write in words what the other reason is."), field="note")


def check_take_back(referral: Referral, *, now: datetime) -> None:
    """Say no to taking back an answer other than a fresh confirmation. Raises WrongStateError, TooLateToTakeBackError."""
    check_move(referral, to=Status.ISSUED)
    if referral.answered_at is None or now - referral.answered_at > TAKE_BACK_WITHIN:
        raise TooLateToTakeBackError(
            _("A confirmation can be taken back within %(minutes)s minutes; after that, decline it with a reason.")
            % {"minutes": to_persian_digits(str(TAKE_BACK_WITHIN.seconds // 60))}
        )


def check_payable_state(referral: Referral) -> None:
    """Say no to a payment on a file that is not confirmed, or is paid or ended. Raises WrongStateError."""
    if referral.status not in PAYABLE:
        raise WrongStateError(
            _("Referral %(number)s is «%(present)s»; no payment can be recorded on it.")
            % {"number": referral.letter_number, "present": referral.get_status_display()}
        )


def check_not_repeated(is_repeated: bool) -> None:
    """Say no to recording one payment twice. Raises PaymentRepeatedError."""
    if is_repeated:
        raise PaymentRepeatedError


def check_payment_day(paid_on: date, *, letter_on: date, today: date) -> None:
    """Say no to a payment before the letter or in the future. Raises DayNotPossibleError."""
    if paid_on < letter_on:
        raise DayNotPossibleError(_("The payment cannot be earlier than the letter of referral."))
    if paid_on > today:
        raise DayNotPossibleError(_("The payment cannot lie in the future."))


def check_payment_within(referral: Referral, *, paid_rial: int, amount_rial: int) -> None:
    """Say no to paying more in sum than the bank confirmed. Raises AmountNotPayableError."""
    most = referral.payable_rial or referral.amount_rial
    if amount_rial <= 0 or paid_rial + amount_rial > most:
        raise AmountNotPayableError(
            _("%(most)s may be paid and %(paid)s is paid already; at most %(left)s can be recorded.")
            % {"most": rial(most), "paid": rial(paid_rial), "left": rial(most - paid_rial)},
            field="amount_rial",
        )


def check_reversible(payment: Disbursement, commitment: Commitment) -> None:
    """Say no to taking back a payment twice, or one of a file that was closed below its amount. Raises WrongStateError."""
    if payment.reversed_at is not None:
        raise WrongStateError(_("This payment was taken back already."))
    if commitment.stage == Commitment.Stage.PAID and commitment.paid_rial < commitment.amount_rial:
        raise WrongStateError(_("The file was closed below its amount and the rest given to others."))
