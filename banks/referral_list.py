"""The office's list of referrals: its ready-made filters and what they pick. Every choice stands in the address."""

from collections.abc import Callable
from datetime import date

from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from banks.models import Referral, ReferralQuerySet
from quotas.models import Programme

Status = Referral.Status
PAYABLE = Q(status__in=[Status.CONFIRMED, Status.FILE_OPENED, Status.PAID_PARTIAL])

FILTERS: dict[str, tuple[str, Callable[[date], Q]]] = {
    "waiting": (_("waiting for the bank"), lambda today: Q(status=Status.ISSUED)),
    "late": (_("late"), lambda today: Q(status=Status.ISSUED, answer_due_on__lt=today)),
    "payable": (_("confirmed, not paid"), lambda today: PAYABLE),
    "paid": (_("paid"), lambda today: Q(status=Status.PAID)),
    "refused": (_("refused"), lambda today: Q(status=Status.REFUSED)),
    "returned": (_("returned"), lambda today: Q(status=Status.RETURNED)),
    "expired": (_("expired"), lambda today: Q(status=Status.EXPIRED)),
    "cancelled": (_("cancelled by the office"), lambda today: Q(status=Status.CANCELLED)),
}


def listed(rows: ReferralQuerySet, asked: QueryDict, *, programme: Programme, today: date) -> ReferralQuerySet:
    """The rows that ``?filter=``, ``?bank=`` and ``?q=`` ask for; an unknown filter or bank picks all."""
    rows = rows.filter(application__programme=programme)
    if asked.get("filter") in FILTERS:
        rows = rows.filter(FILTERS[asked["filter"]][1](today))
    bank = asked.get("bank", "")
    if bank.isascii() and bank.isdigit() and len(bank) < 19:
        rows = rows.filter(branch__bank_id=int(bank))
    if asked.get("q", "").strip():
        rows = rows.matching(asked["q"])
    return rows.order_by("-letter_on", "-id")


def counts(rows: ReferralQuerySet, *, programme: Programme, today: date) -> dict[str, int]:
    """How many referrals there are in all and under each filter; one query."""
    numbers = {name: Count("pk", filter=condition(today)) for name, (_label, condition) in FILTERS.items()}
    return rows.filter(application__programme=programme).aggregate(all=Count("pk"), **numbers)
