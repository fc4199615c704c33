"""Each agency's jobs against its quota and plan: the one place where these figures are made.

The office's page, the supervisor's, the agency's own, the dashboard, the API and the reminder all read them here. Three
queries, however many records there are; ``docs/glossary.md`` says what each word counts.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts.models import ExecutiveAgency
from employment_tracking.models import JobRecord
from employment_tracking.models.record import JobRecordQuerySet
from iran.money import grouped_fa, percent
from quotas.models import JobQuota, JobQuotaNotice, Programme
from quotas.pace import Owed, owed
from quotas.rules import needed_per_month


@dataclass(frozen=True)
class Pace:
    """Figures of a day. ``needed``: jobs a month with which the quota is reached by the end of the year."""

    quota: int
    planned: int
    registered: int
    verified: int
    net: int
    needed: int

    @property
    def ahead(self) -> int:
        """Registered jobs over the plan to the day; negative when behind it."""
        return self.registered - self.planned

    @property
    def behind(self) -> int:
        return max(-self.ahead, 0)

    @property
    def left(self) -> int:
        """What the quota still lacks; a job that verification did not find does not fill it."""
        return max(self.quota - self.net, 0)

    @property
    def pace_percent(self):
        return percent(self.registered, self.planned)

    @property
    def quota_percent(self):
        return percent(self.registered, self.quota) or 0

    @property
    def due_percent(self):
        return percent(self.planned, self.quota) or 0

    @property
    def distance(self) -> str:
        """«۳ نفر عقب»: a distance is said in words, never by a sign."""
        if self.ahead == 0:
            return _("on plan")
        words = _("%(jobs)s ahead") if self.ahead > 0 else _("%(jobs)s behind")
        return words % {"jobs": grouped_fa(abs(self.ahead))}

    @property
    def colour(self) -> str:
        return "orange" if self.behind else "green"

    @property
    def sentence(self) -> str:
        words = _("%(registered)s of %(quota)s jobs are registered; %(planned)s were due by today.")
        return words % {
            "registered": grouped_fa(self.registered),
            "quota": grouped_fa(self.quota),
            "planned": grouped_fa(self.planned),
        }


@dataclass(frozen=True)
class AgencyPace(Pace):
    agency: ExecutiveAgency
    quota_id: int | None = None
    dispute: str = ""

    @property
    def objection(self) -> str:
        """The words of an objection to the quota in force; empty where there is none."""
        if self.dispute in ("", JobQuotaNotice.Dispute.NONE):
            return ""
        return str(JobQuotaNotice.Dispute(self.dispute).label)


def pace_of_agencies(
    programme: Programme,
    *,
    as_of: date,
    agencies: Collection[int] | None = None,
    also: Iterable[int] = (),
) -> list[AgencyPace]:
    """Every agency of the programme that owes a job or registered one, or is named in ``also``, by name.

    ``agencies``: only these, for a reader who may see no others. Whoever calls has found the programme among those that
    its reader may see; nothing is filtered by the reader here.
    """
    owes = _owed(programme, as_of=as_of, agencies=agencies)
    jobs = _counted(programme, as_of=as_of, agencies=agencies)
    shown = ExecutiveAgency.objects.filter(pk__in=owes.keys() | jobs.keys() | set(also))
    return [_pace(programme, agency, owes.get(agency.pk), jobs.get(agency.pk, {}), as_of=as_of) for agency in shown]


def most_behind_first(rows: Iterable[AgencyPace]) -> list[AgencyPace]:
    return sorted(rows, key=lambda row: (row.ahead, row.agency.name))


def in_all(programme: Programme, rows: Iterable[Pace], *, as_of: date) -> Pace:
    """The sum of agencies, with the jobs a month that the whole still needs."""
    rows = list(rows)
    sums = {
        name: sum(getattr(row, name) for row in rows) for name in ("quota", "planned", "registered", "verified", "net")
    }
    left = max(sums["quota"] - sums["net"], 0)
    return Pace(**sums, needed=needed_per_month(left, year=programme.year, today=as_of))


def _pace(programme: Programme, agency: ExecutiveAgency, owes: Owed | None, jobs: dict, *, as_of: date) -> AgencyPace:
    quota, net = owes.jobs if owes else 0, jobs.get("net", 0)
    return AgencyPace(
        agency=agency,
        quota=quota,
        planned=owes.planned if owes else 0,
        registered=jobs.get("registered", 0),
        verified=jobs.get("verified", 0),
        net=net,
        needed=needed_per_month(max(quota - net, 0), year=programme.year, today=as_of),
        quota_id=owes.quota.pk if owes else None,
        dispute=owes.dispute if owes else "",
    )


def _owed(programme: Programme, *, as_of: date, agencies: Collection[int] | None) -> dict[int, Owed]:
    quotas = JobQuota.everything.all()
    if agencies is not None:
        quotas = quotas.filter(agency__in=agencies)
    return {row.quota.agency_id: row for row in owed(programme, as_of=as_of, quotas=quotas)}


def _counted(programme: Programme, *, as_of: date, agencies: Collection[int] | None) -> dict[int, dict]:
    rows = JobRecord.everything.for_programme(programme).registered_by(as_of)
    if agencies is not None:
        rows = rows.filter(agency__in=agencies)
    found = rows.order_by().values("agency_id")
    found = found.annotate(
        registered=Count("pk"),
        verified=Count("pk", filter=Q(status__in=rows.VERIFIED)),
        net=Count("pk", filter=~Q(status__in=rows.REFUTED)),
    )
    return {row["agency_id"]: row for row in found}


COUNTS = ("registered", "verified", "net")


def counted_as(rows: JobRecordQuerySet, name: str, *, as_of: date) -> JobRecordQuerySet:
    """The records behind a figure of this page: ``registered``, ``verified`` or ``net``; all rows for another name."""
    if name not in COUNTS:
        return rows
    rows = rows.registered_by(as_of)
    return {"verified": rows.verified, "net": rows.net}.get(name, rows.all)()
