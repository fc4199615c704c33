"""What a paid loan promised: its jobs must appear in the register, and those that do not are on a list.

A loan was paid for ``promised_jobs`` jobs. Registered for it are the counted records of its year that name it, or that
name no other loan and whose person is its borrower or one of his supported workers. The days run from its last payment;
the deadline is the year's rule ``loan_job_days``.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from applicants.models import Application, SupportedWorker
from banks.models import Disbursement
from employment_tracking.models import JobRecord
from iran.text import search_key
from quotas.models import Programme

RULE = "loan_job_days"
MOST_WORDS = 6


@dataclass(frozen=True)
class Expectation:
    """One paid loan whose promised jobs are not all registered. ``paid_on`` is empty where no payment is recorded."""

    loan: Application
    promised: int
    registered: int
    paid_on: date | None
    due_on: date | None
    days: int | None
    is_late: bool

    @property
    def missing(self) -> int:
        return self.promised - self.registered

    @property
    def days_late(self) -> int:
        return (self.days or 0) - (self.due_on - self.paid_on).days if self.is_late else 0


def loans_without_jobs(programme: Programme, *, agencies: Collection[int] | None = None) -> QuerySet[Application]:
    """Paid loans that lack promised jobs, the earliest payment first; ``agencies``: introduced by these alone.

    Each row has ``jobs_registered``, ``jobs_missing`` and ``paid_on``. Who may read them is the caller's to say: pass
    ``agencies``, or a programme of the reader's county.
    """
    rows = Application.everything.for_programme(programme).filter(status=Application.Status.PAID)
    if agencies is not None:
        rows = rows.filter(agency__in=agencies)
    registered = _named_by_records() + _of_borrower() + _of_workers()
    rows = rows.annotate(jobs_registered=registered, paid_on=_last_payment())
    rows = rows.annotate(jobs_missing=Greatest(F("promised_jobs") - F("jobs_registered"), 0))
    rows = rows.filter(jobs_missing__gt=0).select_related("applicant", "line", "agency")
    return rows.order_by(F("paid_on").asc(nulls_last=True), "pk")


def late(rows: QuerySet[Application], programme: Programme, *, today: date) -> QuerySet[Application]:
    """Those of :func:`loans_without_jobs` whose deadline is past."""
    return rows.filter(paid_on__lt=today - timedelta(days=programme.rule(RULE)))


def found(rows: QuerySet[Application], typed: str) -> QuerySet[Application]:
    for word in search_key(typed[:100]).split()[:MOST_WORDS]:
        rows = rows.filter(Q(applicant__search_text__contains=word) | Q(tracking_code__icontains=word))
    return rows


def expectations(rows: Iterable[Application], programme: Programme, *, today: date) -> list[Expectation]:
    """Rows of :func:`loans_without_jobs` with their deadline in days."""
    term = timedelta(days=programme.rule(RULE))
    return [
        Expectation(
            loan=row,
            promised=row.promised_jobs,
            registered=row.jobs_registered,
            paid_on=row.paid_on,
            due_on=row.paid_on + term if row.paid_on else None,
            days=(today - row.paid_on).days if row.paid_on else None,
            is_late=row.paid_on is not None and row.paid_on + term < today,
        )
        for row in rows
    ]


def loans_without_jobs_by_agency(programme: Programme) -> dict[int, int]:
    """How many such loans each agency has; one query."""
    lacking = loans_without_jobs(programme).order_by().values("pk")
    counted = Application.everything.filter(pk__in=lacking).order_by().values("agency_id")
    return {row["agency_id"]: row["loans"] for row in counted.annotate(loans=Count("pk"))}


def _number(records: QuerySet[JobRecord], by: str) -> Coalesce:
    counted = records.counted().order_by().values(by).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _of_year() -> QuerySet[JobRecord]:
    return JobRecord.everything.filter(programme=OuterRef("programme"))


def _named_by_records() -> Coalesce:
    return _number(_of_year().filter(application=OuterRef("pk")), "application")


def _of_borrower() -> Coalesce:
    person = _of_year().filter(application=None, national_id=OuterRef("applicant__national_id"))
    return _number(person, "programme")


def _of_workers() -> Coalesce:
    workers = SupportedWorker.everything.filter(application=OuterRef(OuterRef("pk"))).values("national_id")
    others = _of_year().filter(application=None, national_id__in=workers)
    return _number(others.exclude(national_id=OuterRef("applicant__national_id")), "programme")


def _last_payment() -> Subquery:
    paid = Disbursement.everything.filter(referral__application=OuterRef("pk"), reversed_at=None)
    return Subquery(paid.order_by().values("referral__application").annotate(day=Max("paid_on")).values("day"))
