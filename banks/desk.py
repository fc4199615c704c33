"""What a bank officer's desk shows: four tabs, ready-made filters, deadlines in words. His own bank's rows alone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from banks.models import Referral, ReferralQuerySet

Status = Referral.Status


@dataclass(frozen=True)
class Tab:
    """One list of the desk: its address, its words, which rows and in what order."""

    url_name: str
    title: str
    empty: str
    rows: Q
    order: tuple
    by_deadline: bool = False

    @property
    def export_name(self) -> str:
        return self.url_name.replace("bank-", "bank-export-")


TABS = {
    "inbox": Tab(
        "bank-inbox",
        _("Waiting for an answer"),
        _("You have no new referral. All are answered."),
        Q(status=Status.ISSUED),
        ("answer_due_on", "id"),
        by_deadline=True,
    ),
    "payable": Tab(
        "bank-payable",
        _("Ready for payment"),
        _("No confirmed referral waits for payment."),
        Q(status__in=[Status.CONFIRMED, Status.FILE_OPENED, Status.PAID_PARTIAL]),
        ("answered_at", "id"),
    ),
    "paid": Tab("bank-paid", _("Paid"), _("Nothing has been paid yet."), Q(status=Status.PAID), ("-id",)),
    "ended": Tab(
        "bank-ended",
        _("Not accepted"),
        _("No referral has ended without payment."),
        Q(status__in=[Status.REFUSED, Status.RETURNED, Status.EXPIRED, Status.CANCELLED]),
        ("-id",),
    ),
}


def end_of_week(today: date) -> date:
    """The Friday that ends the running week."""
    return today + timedelta(days=(4 - today.weekday()) % 7)


FILTERS: dict[str, dict[str, tuple[str, Callable[[date], Q]]]] = {
    "inbox": {
        "late": (_("late"), lambda today: Q(answer_due_on__lt=today)),
        "week": (_("due this week"), lambda today: Q(answer_due_on__range=(today, end_of_week(today)))),
    },
    "payable": {
        "no_file": (_("without a file"), lambda today: Q(status=Status.CONFIRMED)),
        "file": (_("file opened"), lambda today: Q(status=Status.FILE_OPENED)),
        "partial": (_("partly paid"), lambda today: Q(status=Status.PAID_PARTIAL)),
    },
    "paid": {},
    "ended": {
        status: (Status(status).label, lambda today, status=status: Q(status=status))
        for status in (Status.REFUSED, Status.RETURNED, Status.EXPIRED, Status.CANCELLED)
    },
}


def counts(rows: QuerySet, *, tab: str, today: date) -> dict[str, int]:
    """How many rows each tab and each filter of the open tab has, and how many wait past their day; one query."""
    numbers = {name: Count("pk", filter=one.rows) for name, one in TABS.items()}
    numbers["late_in_all"] = Count("pk", filter=TABS["inbox"].rows & Q(answer_due_on__lt=today))
    for name, (_label, condition) in FILTERS[tab].items():
        numbers[f"filter_{name}"] = Count("pk", filter=TABS[tab].rows & condition(today))
    return rows.aggregate(**numbers)


def listed(rows: ReferralQuerySet, *, tab: str, chosen: str, text: str, today: date) -> ReferralQuerySet:
    """The rows of a tab under a filter and a search, in the tab's order."""
    rows = rows.filter(TABS[tab].rows)
    if chosen in FILTERS[tab]:
        rows = rows.filter(FILTERS[tab][chosen][1](today))
    if text.strip():
        rows = rows.matching(text)
    return rows.order_by(*TABS[tab].order)
