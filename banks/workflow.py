"""The only code that changes a referral's state. Locks: pools, application, referral – always in that order."""

import secrets
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Branch
from applicants import workflow as applications
from applicants.models import Application, Inquiry
from banks import rules
from banks.models import Disbursement, Referral, ReferralEvent
from banks.readiness import ready_priority
from iran.calendar import format_jalali
from iran.text import to_persian_digits
from quotas import ledger
from quotas.models import AgentBank, Commitment, RequiredInquiry

Status = Referral.Status
_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def move(referral: Referral, *, to: str, by, reason: str = "", **changes) -> None:
    """Take one arrow: check it, write the state, what changed with it, and the event. Raises WrongStateError."""
    rules.check_move(referral, to=to)
    came_from, referral.status = referral.status, to
    for name, value in changes.items():
        setattr(referral, name, value)
    referral.save(update_fields=["status", *changes])
    ReferralEvent.everything.create(
        referral=referral, from_status=came_from, to_status=to, reason=reason, happened_by=by
    )


def lock(referral_id: int) -> Referral:
    """The referral, locked, after its pools and its application."""
    row = Referral.everything.values("application_id", "application__programme_id").get(pk=referral_id)
    ledger.lock_pools(programme_id=row["application__programme_id"])
    application = applications.lock(row["application_id"])
    rows = Referral.everything.locked().select_related("commitment__pool__bank", "branch__bank", "answered_by")
    referral = rows.get(pk=referral_id)
    referral.application = application
    return referral


def refer(
    *,
    application_id: int,
    branch_id: int,
    letter_number: str,
    letter_on: date,
    by,
    today: date,
    passed_over_reason: str = "",
) -> Referral:
    """Introduce an approved applicant to a branch: APPROVED → REFERRED, and his credit goes to that bank's share.

    A name whose earlier referral ended unpaid takes credit anew; where none is left it stands first in the reserve.
    Raises LetterNumberMissingError, LetterDayError, NotApprovedError, InquiryMissingError, InquiryNotClearError,
    InquiryExpiredError, LicenceExpiredError, BranchUnfitError, PassedOverError, CreditExhaustedError.
    """
    try:
        return _refer(
            application_id=application_id,
            branch_id=branch_id,
            letter_number=letter_number,
            letter_on=letter_on,
            by=by,
            today=today,
            passed_over_reason=passed_over_reason,
        )
    except ledger.CreditExhaustedError:
        _stand_in_reserve(application_id=application_id, by=by)
        raise


@transaction.atomic
def _stand_in_reserve(*, application_id: int, by) -> None:
    """An approved name without credit, for which no pool has enough, waits at the head of the reserve."""
    programme_id = Application.everything.values_list("programme_id", flat=True).get(pk=application_id)
    pools = ledger.lock_pools(programme_id=programme_id)
    application = applications.lock(application_id)
    waits = application.status == Application.Status.APPROVED and ledger.live_commitment(application.pk) is None
    if waits and all(pool.left_rial < application.approved_rial for pool in pools.values()):
        reason = _("no credit was left for referring him again")
        applications.move(application, to=Application.Status.RESERVE, by=by, reason=reason)


@transaction.atomic
def _refer(
    *,
    application_id: int,
    branch_id: int,
    letter_number: str,
    letter_on: date,
    by,
    today: date,
    passed_over_reason: str,
) -> Referral:
    if not letter_number.strip():
        raise rules.LetterNumberMissingError
    programme_id = Application.everything.values_list("programme_id", flat=True).get(pk=application_id)
    pools = ledger.lock_pools(programme_id=programme_id)
    application = applications.lock(application_id)
    branch = Branch.objects.select_related("bank").get(pk=branch_id)
    waiting = [] if application.is_priority else ready_priority(application.programme, today=today)
    _check_refer(application, branch, letter_on=letter_on, today=today)
    rules.check_order(application, ready_before=waiting, reason=passed_over_reason)
    commitment = _commit_at(branch, application, pools=pools, by=by)
    ledger.refer(commitment, by=by)
    referral = Referral.everything.create(
        application=application,
        branch=branch,
        commitment=commitment,
        letter_number=letter_number.strip(),
        letter_on=letter_on,
        amount_rial=commitment.amount_rial,
        answer_due_on=letter_on + timedelta(days=application.programme.rule("bank_decision_days")),
        valid_until=letter_on + timedelta(days=application.programme.rule("referral_validity_days")),
        passed_over_reason=passed_over_reason.strip() if waiting else "",
        verification_code="".join(secrets.choice(_CODE_LETTERS) for _ in range(12)),
        issued_by=by,
    )
    reason = referral.passed_over_reason
    ReferralEvent.everything.create(referral=referral, to_status=Status.ISSUED, happened_by=by, reason=reason)
    to = Application.Status.REFERRED
    applications.move(application, to=to, by=by, reason=reason, letter_number=referral.letter_number)
    return referral


def _check_refer(application: Application, branch: Branch, *, letter_on: date, today: date) -> None:
    """What the year asks of the letter's day, of the name and of the branch."""
    programme = application.programme
    rules.check_letter_day(letter_on, validity_days=programme.rule("referral_validity_days"), today=today)
    rules.check_referable(
        application,
        required=RequiredInquiry.objects.filter(programme=programme, track=application.track),
        inquiries=Inquiry.everything.filter(application=application).newest_of_each_kind(),
        licence_needed=programme.rule("licence_needed"),
        today=today,
    )
    agent_banks = set(AgentBank.objects.filter(programme=programme).values_list("bank_id", flat=True))
    rules.check_branch(branch, agent_bank_ids=agent_banks, county_id=programme.county_id)


def _commit_at(branch: Branch, application: Application, *, pools: dict, by) -> Commitment:
    """The application's commitment in the branch's bank's pool (or the general one), moved or made anew if need be."""
    pool = pools.get(branch.bank_id) or pools.get(None)
    if pool is None:
        raise rules.BranchUnfitError(_("%(bank)s has no share of this year's credit.") % {"bank": branch.bank})
    commitment = ledger.live_commitment(application.pk)
    if commitment is not None and commitment.pool_id == pool.pk:
        return commitment
    if commitment is not None:
        ledger.release(commitment, by=by, reason=_("moved to the bank of the referral"))
    return ledger.approve(pool, application_id=application.pk, amount_rial=application.approved_rial, by=by)


@transaction.atomic
def confirm(*, referral_id: int, payable_rial: int, by, reason: str = "", file_number: str = "") -> Referral:
    """The bank takes the file. Raises AlreadyAnsweredError, AmountNotPayableError, ReasonNeededError."""
    referral = lock(referral_id)
    _check_unanswered(referral)
    rules.check_payable(referral, payable_rial=payable_rial, reason=reason)
    move(referral, to=Status.CONFIRMED, by=by, reason=reason, payable_rial=payable_rial, **_answered(by))
    if file_number.strip():
        move(referral, to=Status.FILE_OPENED, by=by, file_number=file_number.strip())
    return referral


@transaction.atomic
def decline(*, referral_id: int, refusal_reason: str, by, note: str = "", seen: str = Status.ISSUED) -> Referral:
    """The bank does not pay. The credit is free at once.

    ``seen`` is the state that the officer saw: a file confirmed earlier is declined only by whoever knows that it is.
    Raises AlreadyAnsweredError, WrongStateError, ReasonNeededError.
    """
    rules.check_refusal(reason=refusal_reason, note=note)
    referral = lock(referral_id)
    _check_unanswered(referral, seen=seen)
    label = str(Referral(refusal_reason=refusal_reason).get_refusal_reason_display())
    reason = f"{label}: {note.strip()}" if note.strip() else label
    _end_unpaid(referral, to=Status.REFUSED, by=by, reason=reason, refusal_reason=refusal_reason, **_answered(by))
    return referral


@transaction.atomic
def return_to_office(*, referral_id: int, note: str, by, seen: str = Status.ISSUED) -> Referral:
    """The bank sends the letter back, to be completed. The credit is free at once. Raises as :func:`decline`."""
    if not note.strip():
        raise rules.ReasonNeededError(_("Write what is missing."), field="note")
    referral = lock(referral_id)
    _check_unanswered(referral, seen=seen)
    _end_unpaid(referral, to=Status.RETURNED, by=by, reason=note.strip(), **_answered(by))
    return referral


@transaction.atomic
def cancel(*, referral_id: int, reason: str, by) -> Referral:
    """The office takes a referral back before money is paid. Raises WrongStateError, ReasonNeededError."""
    if not reason.strip():
        raise rules.ReasonNeededError(_("Write why the referral is taken back."))
    referral = lock(referral_id)
    _end_unpaid(referral, to=Status.CANCELLED, by=by, reason=reason.strip())
    return referral


@transaction.atomic
def expire(*, referral_id: int, today: date) -> bool:
    """End an unanswered referral whose letter is past its validity. Does nothing, and says so, if it moved on."""
    referral = lock(referral_id)
    if referral.status != Status.ISSUED or referral.valid_until >= today:
        return False
    _end_unpaid(referral, to=Status.EXPIRED, by=None, reason=_("the letter's validity ended"))
    return True


@transaction.atomic
def open_file(*, referral_id: int, file_number: str, by) -> Referral:
    """The bank opened a file. Raises WrongStateError, ReasonNeededError."""
    if not file_number.strip():
        raise rules.ReasonNeededError(_("Write the number of the file."), field="file_number")
    referral = lock(referral_id)
    move(referral, to=Status.FILE_OPENED, by=by, file_number=file_number.strip())
    return referral


@transaction.atomic
def take_back_answer(*, referral_id: int, by) -> Referral:
    """Take a confirmation back, soon after it: the referral waits again. Raises WrongStateError, TooLateToTakeBackError."""
    referral = lock(referral_id)
    rules.check_take_back(referral, now=timezone.now())
    move(referral, to=Status.ISSUED, by=by, answered_at=None, answered_by=None, payable_rial=None, file_number="")
    return referral


@transaction.atomic
def record_payment(
    *, referral_id: int, amount_rial: int, paid_on: date, contract_number: str, by, today: date, is_final: bool = False
) -> Disbursement:
    """Record money that the bank paid, whole or in part; ``is_final`` closes a partly paid file and frees the rest.

    Raises WrongStateError, AmountNotPayableError, PaymentRepeatedError, DayNotPossibleError, ReasonNeededError.
    """
    if not contract_number.strip():
        raise rules.ReasonNeededError(_("Write the number of the contract."), field="contract_number")
    referral = lock(referral_id)
    rules.check_payment_day(paid_on, letter_on=referral.letter_on, today=today)
    commitment = referral.commitment
    rules.check_payable_state(referral)
    same = Disbursement.everything.filter(
        referral=referral,
        contract_number=contract_number.strip(),
        paid_on=paid_on,
        amount_rial=amount_rial,
        reversed_at=None,
    )
    rules.check_not_repeated(same.exists())
    rules.check_payment_within(referral, paid_rial=commitment.paid_rial, amount_rial=amount_rial)
    movement = ledger.pay(commitment, amount_rial, by=by)
    payment = Disbursement.everything.create(
        referral=referral,
        movement=movement,
        amount_rial=amount_rial,
        paid_on=paid_on,
        contract_number=contract_number.strip(),
        recorded_by=by,
    )
    _follow_payments(referral, by=by, is_final=is_final)
    return payment


def _follow_payments(referral: Referral, *, by, is_final: bool) -> None:
    commitment = referral.commitment
    if not is_final and commitment.paid_rial < (referral.payable_rial or referral.amount_rial):
        if referral.status != Status.PAID_PARTIAL:
            move(referral, to=Status.PAID_PARTIAL, by=by)
        return
    move(referral, to=Status.PAID, by=by)
    if commitment.unpaid_rial:
        ledger.release(commitment, by=by, reason=_("paid less than approved"))
    applications.move(referral.application, to=Application.Status.PAID, by=by)


@transaction.atomic
def reverse_payment(*, disbursement_id: int, reason: str, by) -> Disbursement:
    """Take back a payment that was recorded by mistake. Raises WrongStateError, ReasonNeededError.

    A file closed below its amount cannot be re-opened this way: its rest was freed.
    """
    if not reason.strip():
        raise rules.ReasonNeededError(_("Write why the payment is taken back."))
    referral_id = Disbursement.everything.values_list("referral_id", flat=True).get(pk=disbursement_id)
    referral = lock(referral_id)
    payment = Disbursement.everything.select_for_update(of=("self",), no_key=True).get(pk=disbursement_id)
    rules.check_reversible(payment, referral.commitment)
    movement = payment.movement
    movement.commitment, movement.pool = referral.commitment, referral.commitment.pool
    ledger.reverse_payment(movement, by=by, reason=reason[:300])
    payment.reversed_at, payment.reversed_by = timezone.now(), by
    payment.save(update_fields=["reversed_at", "reversed_by"])
    if referral.status == Status.PAID:
        applications.move(referral.application, to=Application.Status.REFERRED, by=by, reason=reason)
    to = Status.PAID_PARTIAL if referral.commitment.paid_rial else Status.FILE_OPENED
    if referral.status != to:
        move(referral, to=to, by=by, reason=reason)
    return payment


def _end_unpaid(referral: Referral, *, to: str, by, reason: str, **changes) -> None:
    move(referral, to=to, by=by, reason=reason[:500], **changes)
    # nobody acts when a letter expires; a movement needs a name, and it is that of whoever issued the letter
    ledger.release(referral.commitment, by=by or referral.issued_by, reason=reason[:300])
    applications.move(referral.application, to=Application.Status.APPROVED, by=by, reason=reason[:500])


def _answered(by) -> dict:
    return {"answered_at": timezone.now(), "answered_by": by}


def _check_unanswered(referral: Referral, *, seen: str = Status.ISSUED) -> None:
    when = ""
    if referral.answered_at:
        local = timezone.localtime(referral.answered_at)
        when = to_persian_digits(f"{format_jalali(local.date())} {local:%H:%M}")
    rules.check_unanswered(referral, when=when, seen=seen)
