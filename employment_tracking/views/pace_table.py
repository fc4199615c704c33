"""The table of the agencies' pace, for whoever reads it: each figure with the address of the list that it counts."""

from collections.abc import Callable, Iterable
from urllib.parse import urlencode

from django.urls import reverse

from employment_tracking.pace import AgencyPace
from quotas.models import Programme

Links = Callable[[AgencyPace], dict[str, str]]


def office_links(programme: Programme, *, may_see_quota: bool) -> Links:
    """Lists of the office's desk."""

    def jobs(found: AgencyPace, counted: str) -> str:
        asked = {
            "agency__id__exact": found.agency.pk,
            "programme__id__exact": programme.pk,
            "counted": counted,
        }
        return f"{reverse('admin:employment_tracking_jobrecord_changelist')}?{urlencode(asked)}"

    def links(found: AgencyPace) -> dict[str, str]:
        urls = {name: jobs(found, name) for name in ("registered", "verified", "net")}
        urls["loans"] = (
            f"{reverse('loans-without-job')}?{urlencode({'agency': found.agency.code, 'year': programme.year})}"
        )
        if found.quota_id and may_see_quota:
            urls["quota"] = reverse("admin:quotas_jobquota_change", args=[found.quota_id])
        return urls

    return links


def table(paces: Iterable[AgencyPace], links: Links, *, loans: dict[int, int]) -> list[dict]:
    """Rows of ``employment_tracking/_pace_table.html``, the one most behind its plan first."""
    return [{"pace": found, "urls": links(found), "loans": loans.get(found.agency.pk, 0)} for found in paces]
