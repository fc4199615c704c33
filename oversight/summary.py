"""The programme in figures on a day: one answer for the command, the API, the dashboard and the supervisor's page.

A constant number of queries, however large the programme is. Whoever calls has found the programme among those that
its reader may see; the figures below are of the whole county, whoever reads them.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q, Sum

from applicants.models import Application
from employment_tracking.pace import AgencyPace, pace_of_agencies
from iran.calendar import format_jalali
from iran.money import percent
from quotas.models import CreditPool, Programme, Track

Status = Application.Status
_CREDIT = ("announced_rial", "approved_rial", "referred_rial", "paid_rial", "left_rial")
_APPLIED = ("applicants", "requested_rial", "supporters", "pioneers")
_JOBS = ("job_quota", "job_plan_to_date", "jobs_registered", "jobs_verified", "jobs_net")


def summary(programme: Programme, as_of: date) -> dict:
    """The programme's figures, ready for JSON: whole rial, shares in per cent with one decimal, ISO days.

    ``approved_rial``, ``referred_rial`` and ``paid_rial`` are disjoint (approved and not yet referred; referred and not
    yet paid; paid) and with ``left_rial`` make up ``credit_announced_rial``. Applicants are the persons identified,
    each with his newest application. Jobs, quotas and plans are those of ``as_of``; credit and applications are as they
    stand now, because their moments are taken from the clock and not from the programme's calendar.
    """
    return summary_by_agency(programme, as_of)[0]


def summary_by_agency(programme: Programme, as_of: date) -> tuple[dict, list[AgencyPace]]:
    """The same, and each agency's pace in the order of its rows."""
    pools = [_pool(pool) for pool in CreditPool.everything.filter(programme=programme).select_related("bank")]
    applied = _applications(programme)
    statuses = _by(applied, "status")
    by_agency = _by(applied, "agency_id")
    agencies = pace_of_agencies(programme, as_of=as_of, also=by_agency)
    rows = [_agency(found, by_agency.get(found.agency.pk, {})) for found in agencies]
    credit = _sums(pools, _CREDIT)
    return {
        "county": programme.county.code,
        "year": programme.year,
        "as_of": as_of.isoformat(),
        "as_of_jalali": format_jalali(as_of),
        "credit_announced_rial": credit.pop("announced_rial"),
        **credit,
        **_sums(applied, _APPLIED),
        **_pace(_sums(rows, _JOBS)),
        "applications_by_status": [
            {"status": status.value, **_only(statuses[status], ("applicants", "requested_rial"))}
            for status in Status
            if status in statuses
        ],
        "pools": pools,
        "agencies": rows,
    }, agencies


def _pool(pool: CreditPool) -> dict:
    bank = {"bank": pool.bank.code if pool.bank_id else None, "title": str(pool)}
    return bank | {figure: getattr(pool, figure) for figure in _CREDIT}


def _applications(programme: Programme) -> list[dict]:
    """Persons and the sums that they ask for, for every agency and status of their applications."""
    rows = Application.everything.for_programme(programme).identified().order_by().values("status", "agency_id")
    return list(
        rows.annotate(
            applicants=Count("pk"),
            requested_rial=Sum("requested_rial"),
            supporters=Count("pk", filter=Q(track=Track.SUPPORTER)),
            pioneers=Count("pk", filter=Q(is_pioneer=True)),
        )
    )


def _by(rows: list[dict], key: str) -> dict[object, dict]:
    """The rows added up by one of the two things they are split by."""
    return {value: _sums((row for row in rows if row[key] == value), _APPLIED) for value in {r[key] for r in rows}}


def _agency(found: AgencyPace, applied: dict) -> dict:
    """A row for every agency of the county that owes a job, registered one or introduced somebody."""
    figures = (found.quota, found.planned, found.registered, found.verified, found.net)
    return {
        "agency": found.agency.code,
        "name": found.agency.name,
        **_only(applied, ("applicants", "requested_rial")),
        **_pace(dict(zip(_JOBS, figures, strict=True))),
    }


def _pace(figures: dict) -> dict:
    """Adds the shares: registered of the year's quota, registered of the plan to the day, verified of registered."""
    return figures | {
        "jobs_registered_percent": _share(figures["jobs_registered"], figures["job_quota"]),
        "pace_percent": _share(figures["jobs_registered"], figures["job_plan_to_date"]),
        "jobs_verified_percent": _share(figures["jobs_verified"], figures["jobs_registered"]),
    }


def _share(part: int, whole: int) -> float | None:
    """One decimal; nothing where there is nothing to share. A float is for showing: no amount comes of it."""
    found = percent(part, whole)
    return None if found is None else float(found)


def _sums(rows: Iterable[dict], figures: Iterable[str]) -> dict:
    rows = list(rows)
    return {figure: sum(row[figure] for row in rows) for figure in figures}


def _only(row: dict, figures: Iterable[str]) -> dict:
    return {figure: row.get(figure, 0) for figure in figures}
