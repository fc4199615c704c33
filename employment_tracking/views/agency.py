"""The executive agencies' own pages: their jobs against their quota, and the people whom they introduced."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from abarkuh_loans.errors import RuleError
from applicants.models import Application
from employment_tracking import workflow
from employment_tracking.expectations import loans_without_jobs
from employment_tracking.forms import JobForm
from employment_tracking.models import JobRecord
from employment_tracking.pace import counted_as, in_all, pace_of_agencies
from iran.calendar import programme_today
from iran.text import search_key
from quotas.models import Programme

PAGE_SIZE = 50
SHOWN_WITHOUT_JOB = 10


def _programme(request: HttpRequest) -> Programme:
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
    programme, today, typed = _programme(request), programme_today(), request.GET.get("q", "")[:100]
    own = request.user.scope.agencies
    pace = in_all(programme, pace_of_agencies(programme, as_of=today, agencies=own), as_of=today)
    jobs = counted_as(JobRecord.objects.for_programme(programme), request.GET.get("counted", ""), as_of=today)
    without_job = loans_without_jobs(programme, agencies=own)
    found = _found(jobs, typed, "search_text").select_related("agency", "line")
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
            "several_agencies": len(request.user.scope.agencies) > 1,
        },
    )


@require_http_methods(["GET", "POST"])
@permission_required("employment_tracking.register_own_job", raise_exception=True)
def job_register(request: HttpRequest) -> HttpResponse:
    programme = _programme(request)
    loan = _loan(request, programme)
    if request.method == "GET":
        return render(
            request, "employment_tracking/job_register.html", {"form": _empty_form(request, loan), "loan": loan}
        )
    form = JobForm(request.POST, user=request.user)
    if form.is_valid():
        record = form.save(commit=False)
        record.programme, record.application, record.line = programme, loan, loan.line if loan else None
        try:
            workflow.register(record=record, by=request.user, today=programme_today())
        except RuleError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("The job of %(name)s is registered.") % {"name": record.full_name})
            return redirect("agency-home")
    return render(request, "employment_tracking/job_register.html", {"form": form, "loan": loan}, status=422)


def _loan(request: HttpRequest, programme: Programme) -> Application | None:
    """The paid loan that the job comes of, where the page was opened from it."""
    number = request.GET.get("application", "")
    if not number:
        return None
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404
    loan = loans_without_jobs(programme, agencies=request.user.scope.agencies).filter(pk=int(number)).first()
    if loan is None:
        raise Http404
    return loan


def _empty_form(request: HttpRequest, loan: Application | None) -> JobForm:
    """What is known already is not asked again."""
    if loan is None:
        return JobForm(user=request.user)
    person = loan.applicant
    of_job = {
        "agency": loan.agency_id,
        "job_title": loan.line_name,
        "address": person.address,
        "funding": JobRecord.Funding.LOAN,
    }
    if loan.jobs_registered:  # the borrower is registered or another of his jobs is: who comes next is not known
        return JobForm(user=request.user, initial=of_job)
    known = of_job | {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "national_id": person.national_id,
        "mobile": person.mobile,
    }
    return JobForm(user=request.user, initial=known)


@require_GET
@permission_required("applicants.view_own_applications", raise_exception=True)
def agency_applications(request: HttpRequest) -> HttpResponse:
    programme, typed = _programme(request), request.GET.get("q", "")[:100]
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
