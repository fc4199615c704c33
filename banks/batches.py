"""Many names in one act: each in its own transaction, and every one that was refused is named with its reason."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from abarkuh_loans.errors import RuleError
from applicants.models import Application
from banks import workflow
from banks.models import Referral


@dataclass(frozen=True)
class Order:
    """One name of a batch of referrals: where to, and under which letter number."""

    application_id: int
    branch_id: int
    letter_number: str


@dataclass
class Outcome:
    """What came of a batch. Goes into the kept answer of the request as plain values."""

    done: list[int] = field(default_factory=list)
    refused: list[dict[str, str]] = field(default_factory=list)

    def as_body(self) -> dict:
        return {"done": self.done, "refused": self.refused}


def _each(items: Iterable, *, named: Callable[[object], str], act: Callable[[object], Referral]) -> Outcome:
    outcome = Outcome()
    for item in items:
        try:
            outcome.done.append(act(item).pk)
        except RuleError as error:
            outcome.refused.append({"name": named(item), "code": error.code, "reason": str(error)})
    return outcome


def issue(orders: Iterable[Order], *, letter_on: date, passed_over_reason: str, by, today: date) -> Outcome:
    """Refer names in the order given (supporters and pioneers first), whatever becomes of the others."""
    orders = list(orders)
    applications = Application.everything.filter(pk__in=[order.application_id for order in orders])
    names = {application.pk: str(application.applicant) for application in applications.select_related("applicant")}
    return _each(
        orders,
        named=lambda order: names[order.application_id],
        act=lambda order: workflow.refer(
            application_id=order.application_id,
            branch_id=order.branch_id,
            letter_number=order.letter_number,
            letter_on=letter_on,
            passed_over_reason=passed_over_reason,
            by=by,
            today=today,
        ),
    )


def confirm(referrals: Iterable[Referral], *, by) -> Outcome:
    """Confirm referrals with the full approved amount."""
    return _each(
        list(referrals),
        named=lambda referral: f"{referral.application.applicant} ({referral.letter_number})",
        act=lambda referral: workflow.confirm(referral_id=referral.pk, payable_rial=referral.amount_rial, by=by),
    )
