"""What each agency owes by a day: quota in force and plan to date, in one query."""

from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from quotas.models import JobPlanMonth, JobQuota, JobQuotaNotice, Programme
from quotas.rules import even_plan, planned_to_date


@dataclass(frozen=True)
class Owed:
    """Jobs that an agency owes in the year and those planned up to a day; ``dispute`` of the notice in force."""

    quota: JobQuota
    jobs: int
    planned: int
    dispute: str = ""


def owed(programme: Programme, *, as_of: date, quotas: QuerySet[JobQuota] | None = None) -> list[Owed]:
    """Every agency's quota in force on ``as_of`` and its plan to that day, in the order of the agencies' names.

    Of the agencies that the reader may see, or of ``quotas``. Whoever has no monthly plan is measured by an even one.
    """
    quotas = JobQuota.objects.all() if quotas is None else quotas
    notices = JobQuotaNotice.objects.filter(quota=OuterRef("pk"), effective_on__lte=as_of)
    months = JobPlanMonth.objects.filter(quota=OuterRef("pk")).order_by()
    rows = quotas.filter(programme=programme).select_related("agency")
    rows = rows.annotate(
        in_force=Subquery(notices.order_by("-effective_on", "-pk").values("jobs")[:1]),
        dispute=Subquery(notices.order_by("-effective_on", "-pk").values("dispute")[:1]),
        plan=ArraySubquery(months.values_list(JSONObject(month="month", jobs="jobs"))),
    )
    return [
        Owed(
            quota=quota,
            jobs=quota.in_force or 0,
            planned=planned_to_date(_plan(quota), year=programme.year, today=as_of),
            dispute=quota.dispute or "",
        )
        for quota in rows
    ]


def _plan(quota: JobQuota) -> dict[int, int]:
    return {row["month"]: row["jobs"] for row in quota.plan} or even_plan(quota.in_force or 0)
