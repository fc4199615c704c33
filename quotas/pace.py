"""What each agency owes by a day: quota in force and plan to date, in a constant number of queries."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from quotas.models import JobPlanMonth, JobQuota, JobQuotaNotice, Programme
from quotas.rules import planned_to_date


@dataclass(frozen=True)
class Owed:
    """Jobs that an agency owes in the year and those planned up to a day."""

    quota: JobQuota
    jobs: int
    planned: int


def owed(programme: Programme, *, as_of: date, quotas: QuerySet[JobQuota] | None = None) -> list[Owed]:
    """Every agency's quota in force on ``as_of`` and its plan to that day, in the order of the agencies' names.

    Of the agencies that the reader may see, or of ``quotas``.
    """
    quotas = JobQuota.objects.all() if quotas is None else quotas
    in_force: dict[int, int] = {}
    for notice in JobQuotaNotice.objects.filter(quota__programme=programme, effective_on__lte=as_of):
        in_force[notice.quota_id] = notice.jobs  # ordered by day: the last one counts
    plans: dict[int, dict[int, int]] = {}
    for row in JobPlanMonth.objects.filter(quota__programme=programme):
        plans.setdefault(row.quota_id, {})[row.month] = row.jobs
    return [
        Owed(
            quota=quota,
            jobs=in_force.get(quota.pk, 0),
            planned=planned_to_date(plans.get(quota.pk, {}), year=programme.year, today=as_of),
        )
        for quota in quotas.filter(programme=programme).select_related("agency")
    ]
