"""The executive agencies' own pages: their jobs against their quota, and the people whom they introduced."""

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from applicants.models import Application
from employment_tracking.expectations import loans_without_jobs
from employment_tracking.models import JobRecord, RecordFlag, RecordReturn
from employment_tracking.pace import counted_as, in_all, pace_of_agencies
from iran.calendar import programme_today
from iran.text import search_key
from quotas.models import Programme

PAGE_SIZE = 50
SHOWN_WITHOUT_JOB = 10


def of_programme(request: HttpRequest) -> Programme:
    """The year asked for, else the newest of those that the agency takes part in."""
    rows = Programme.objects.filter(county__agencies__in=request.user.scope.agencies).select_related("county")
    year = request.GET.get("year", "")
    programme = (rows.filter(year=int(year)) if year.isascii() and year.isdigit() and len(year) == 4 else rows).first()
    if programme is None:
        raise Http404
    return programme


def _found(rows: QuerySet, typed: str, column: str) -> QuerySet:
    """Rows whose folded text has every typed word, whatever letters and digits it was typed with."""
    for word in search_key(typed).split()[:8]:
        rows = rows.filter(**{f"{column}__contains": word})
    return rows


@require_GET
@permission_required("employment_tracking.view_own_jobs", raise_exception=True)
def agency_home(request: HttpRequest) -> HttpResponse:
    programme, today, typed = of_programme(request), programme_today(), request.GET.get("q", "")[:100]
    own = request.user.scope.agencies
    pace = in_all(programme, pace_of_agencies(programme, as_of=today, agencies=own), as_of=today)
    jobs = counted_as(JobRecord.objects.for_programme(programme), request.GET.get("counted", ""), as_of=today)
    without_job = loans_without_jobs(programme, agencies=own)
    sent_back = RecordReturn.objects.waiting().filter(record__programme=programme).select_related("record")
    found = _marked(_found(jobs, typed, "search_text").select_related("agency", "line"))
    return render(
        request,
        "employment_tracking/agency_home.html",
        {
            "programme": programme,
            "typed": typed,
            "page_obj": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
            "owed": pace.quota,
            "planned": pace.planned,
            "behind": pace.behind,
            "counted": pace.registered,
            "without_job": without_job[:SHOWN_WITHOUT_JOB],
            "without_job_count": without_job.count(),
            "sent_back": sent_back.order_by("asked_at")[:SHOWN_WITHOUT_JOB],
            "sent_back_count": sent_back.count(),
            "several_agencies": len(request.user.scope.agencies) > 1,
        },
    )


def _marked(rows: QuerySet) -> QuerySet:
    """Records with what an agency can mend: sent back, or flagged."""
    own = OuterRef("pk")
    return rows.annotate(
        is_sent_back=Exists(RecordReturn.objects.waiting().filter(record=own)),
        is_flagged=Exists(RecordFlag.objects.live().filter(record=own)),
    )


@require_GET
@permission_required("applicants.view_own_applications", raise_exception=True)
def agency_applications(request: HttpRequest) -> HttpResponse:
    programme, typed = of_programme(request), request.GET.get("q", "")[:100]
    rows = Application.objects.for_programme(programme).select_related("applicant", "line", "wished_bank", "agency")
    found = _found(rows, typed, "applicant__search_text").order_by("applicant__sort_name", "pk")
    return render(
        request,
        "employment_tracking/agency_applications.html",
        {
            "programme": programme,
            "typed": typed,
            "page_obj": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        },
    )
