"""An agency's own pace, by the same rule as the office's page, and the reminders that it got."""

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from banks.views.year import programme_of
from employment_tracking.expectations import loans_without_jobs
from employment_tracking.models import PaceReminder
from employment_tracking.pace import AgencyPace, pace_of_agencies
from employment_tracking.views.pace_table import table
from iran.calendar import programme_today
from quotas.models import JobQuotaNotice

PAGE_SIZE = 24


@require_GET
@permission_required("employment_tracking.view_own_jobs", raise_exception=True)
def agency_pace(request: HttpRequest) -> HttpResponse:
    programme, today, own = programme_of(request), programme_today(), request.user.scope.agencies
    paces = pace_of_agencies(programme, as_of=today, agencies=own, also=own)
    lacking: dict[int, int] = {}
    for agency in loans_without_jobs(programme, agencies=own).values_list("agency_id", flat=True):
        lacking[agency] = lacking.get(agency, 0) + 1
    notices = JobQuotaNotice.objects.filter(quota__in=[found.quota_id for found in paces if found.quota_id])
    letters = PaceReminder.objects.for_programme(programme).without_files()
    context = {
        "programme": programme,
        "today": today,
        "rows": table(paces, _links, loans=lacking),
        "notices": notices.select_related("quota__agency").order_by("-effective_on", "-id")[:PAGE_SIZE],
        "page_obj": Paginator(letters, PAGE_SIZE).get_page(request.GET.get("page")),
        "several_agencies": len(own) > 1,
    }
    return render(request, "employment_tracking/agency_pace.html", context)


def _links(found: AgencyPace) -> dict[str, str]:
    home = reverse("agency-home")
    return {name: f"{home}?counted={name}" for name in ("registered", "verified", "net")} | {
        "loans": reverse("agency-loans")
    }
