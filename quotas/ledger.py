"""The credit ledger's verbs. Each appends one movement; the database moves the figures and refuses an overdraft.

Whoever calls takes the pools' locks first, with :func:`lock_pools`, and stays inside one transaction.
"""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from abarkuh_loans.errors import RuleError
from iran.money import rial
from quotas.models import Commitment, CreditMovement, CreditNotice, CreditPool

Kind = CreditMovement.Kind


class CreditExhaustedError(RuleError):
    """The pool has less left than is asked of it."""

    code = "credit_exhausted"

    def __init__(self, pool: CreditPool, amount_rial: int) -> None:
        self.pool, self.amount_rial = pool, amount_rial
        super().__init__(
            _("%(pool)s has %(left)s left and %(amount)s is needed: %(short)s too little.")
            % {
                "pool": pool,
                "left": rial(pool.left_rial),
                "amount": rial(amount_rial),
                "short": rial(amount_rial - pool.left_rial),
            }
        )


class PaymentTooLargeError(RuleError):
    """The payments of an application would exceed its approved amount (C3)."""

    code = "payment_over_approved"
    field = "amount_rial"


def lock_pools(*, programme_id: int) -> dict[int | None, CreditPool]:
    """Lock the programme's pools, in the order of their ids, and give them by bank id (``None``: the general pool).

    Pools come first in the lock order everywhere; the figures read here hold until the transaction ends.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("pools are locked inside a transaction only")
    return {pool.bank_id: pool for pool in CreditPool.everything.filter(programme_id=programme_id).locked()}


def announce(pool: CreditPool, amount_rial: int, *, notice: CreditNotice, by) -> CreditMovement:
    """Credit that a notice gives to a pool (rial)."""
    return _append(pool, Kind.ANNOUNCE, amount_rial, by=by, notice=notice)


def take_back(pool: CreditPool, amount_rial: int, *, notice: CreditNotice, by) -> CreditMovement:
    """Credit that a notice takes from a pool (rial). Raises CreditExhaustedError below what is in use."""
    _check_left(pool, amount_rial)
    return _append(pool, Kind.REDUCE, amount_rial, by=by, notice=notice)


def approve(pool: CreditPool, *, application_id: int, amount_rial: int, by, reason: str = "") -> Commitment:
    """Hold credit for an approved application (rial). Raises CreditExhaustedError."""
    _check_left(pool, amount_rial)
    commitment = Commitment.everything.create(pool=pool, application_id=application_id, amount_rial=amount_rial)
    _append(pool, Kind.APPROVE, amount_rial, by=by, commitment=commitment, reason=reason)
    return commitment


def refer(commitment: Commitment, *, by) -> None:
    """The held credit goes with the applicant to the bank."""
    _append(commitment.pool, Kind.REFER, commitment.amount_rial, by=by, commitment=commitment)


def release(commitment: Commitment, *, by, reason: str) -> None:
    """Give back what of a commitment is not paid."""
    _append(commitment.pool, Kind.RELEASE, commitment.unpaid_rial, by=by, commitment=commitment, reason=reason)


def pay(commitment: Commitment, amount_rial: int, *, by) -> CreditMovement:
    """Record money paid out of a referred commitment (rial). Raises PaymentTooLargeError."""
    if amount_rial > commitment.unpaid_rial:
        raise PaymentTooLargeError(
            _("Of the approved %(approved)s, %(unpaid)s is still unpaid; %(amount)s cannot be recorded.")
            % {
                "approved": rial(commitment.amount_rial),
                "unpaid": rial(commitment.unpaid_rial),
                "amount": rial(amount_rial),
            }
        )
    return _append(commitment.pool, Kind.PAY, amount_rial, by=by, commitment=commitment)


def reverse_payment(movement: CreditMovement, *, by, reason: str) -> None:
    """Take back a payment that was recorded by mistake: the credit is referred again."""
    _append(
        movement.pool,
        Kind.REVERSE_PAYMENT,
        movement.amount_rial,
        by=by,
        commitment=movement.commitment,
        reverses=movement,
        reason=reason,
    )


def live_commitment(application_id: int) -> Commitment | None:
    """The commitment that an application holds now, or none."""
    rows = Commitment.everything.filter(application_id=application_id, stage__in=Commitment.LIVE)
    return rows.select_related("pool__bank").first()


def _check_left(pool: CreditPool, amount_rial: int) -> None:
    if amount_rial > pool.left_rial:
        raise CreditExhaustedError(pool, amount_rial)


def _append(pool: CreditPool, kind: str, amount_rial: int, *, by, **cause) -> CreditMovement:
    movement = CreditMovement.everything.create(pool=pool, kind=kind, amount_rial=amount_rial, moved_by=by, **cause)
    pool.refresh_from_db()
    if movement.commitment is not None:
        movement.commitment.refresh_from_db(fields=["stage", "paid_rial"])
    return movement
