"""Paid loans whose promised jobs are not all registered: the office's list and each agency's own."""

from collections.abc import Collection

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from abarkuh_loans.spreadsheet import workbook
from accounts.models import ExecutiveAgency
from applicants.models import Application
from banks.views.files import XLSX, download
from banks.views.year import programme_of
from employment_tracking.expectations import RULE, expectations, found, late, loans_without_jobs
from employment_tracking.pace_export import loan_cells, loan_columns
from iran.calendar import format_jalali, programme_today
from iran.text import clean
from quotas.models import Programme

PAGE_SIZE = 50
of_office = permission_required("employment_tracking.view_jobrecord", raise_exception=True)
of_agency = permission_required("employment_tracking.view_own_jobs", raise_exception=True)


@require_GET
@of_office
def office_loans(request: HttpRequest) -> HttpResponse:
    agencies = ExecutiveAgency.objects.filter(county=programme_of(request).county_id)
    return loan_list(request, programme_of(request), export=reverse("loans-without-job-export"), choices=agencies)


@require_GET
@of_office
def office_loans_export(request: HttpRequest) -> HttpResponse:
    programme = programme_of(request)
    return loan_file(request, programme, rows_for(request, programme))


@require_GET
@of_agency
def agency_loans(request: HttpRequest) -> HttpResponse:
    own = request.user.scope.agencies
    return loan_list(
        request, programme_of(request), own=own, export=reverse("agency-loans-export"), register="job-register"
    )


@require_GET
@of_agency
def agency_loans_export(request: HttpRequest) -> HttpResponse:
    programme = programme_of(request)
    return loan_file(request, programme, rows_for(request, programme, own=request.user.scope.agencies))


def rows_for(
    request: HttpRequest, programme: Programme, *, own: Collection[int] | None = None, only_late: bool = True
) -> QuerySet[Application]:
    """The list under what the address asks: ``agency`` (its code), ``q``, and ``show=late``."""
    rows = loans_without_jobs(programme, agencies=own)
    if code := clean(request.GET.get("agency", "")):
        rows = rows.filter(agency__code=code)
    rows = found(rows, request.GET.get("q", ""))
    if only_late and request.GET.get("show") == "late":
        rows = late(rows, programme, today=programme_today())
    return rows


def loan_list(
    request: HttpRequest,
    programme: Programme,
    *,
    export: str = "",
    own: Collection[int] | None = None,
    choices: QuerySet[ExecutiveAgency] | None = None,
    register: str = "",
    back: str = "",
) -> HttpResponse:
    """The page for any of its readers; ``register``: the address where the reader registers the missing job."""
    today = programme_today()
    every = rows_for(request, programme, own=own, only_late=False)
    shown = late(every, programme, today=today) if request.GET.get("show") == "late" else every
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    number = page.paginator.count
    context = {
        "programme": programme,
        "page_obj": page,
        "loans": expectations(page, programme, today=today),
        "term": programme.rule(RULE),
        "typed": request.GET.get("q", "")[:100],
        "kept": {name: value for name in ("agency", "show", "year", "programme") if (value := request.GET.get(name))},
        "agency": request.GET.get("agency", ""),
        "agencies": choices,
        "chips": _chips(
            request,
            number if shown is every else every.count(),
            number if shown is not every else late(every, programme, today=today).count(),
        ),
        "export": f"{export}?{request.GET.urlencode()}" if export else "",
        "register": register,
        "back": back,
        "one_agency": own is not None and len(own) == 1,
    }
    return render(request, "employment_tracking/loans.html", context)


def _chips(request: HttpRequest, every: int, past: int) -> list[dict]:
    chosen = request.GET.get("show") == "late"
    return [
        {"label": _("all"), "url": _with(request, ""), "count": every, "current": not chosen},
        {"label": _("past the deadline"), "url": _with(request, "late"), "count": past, "current": chosen},
    ]


def _with(request: HttpRequest, show: str) -> str:
    query = request.GET.copy()
    for name in ("page", "show"):
        query.pop(name, None)
    if show:
        query["show"] = show
    return f"{request.path}?{query.urlencode()}"


def loan_file(request: HttpRequest, programme: Programme, rows: QuerySet[Application]) -> HttpResponse:
    """Exactly what is filtered, all pages."""
    today = programme_today()
    lines = map(loan_cells, expectations(rows.iterator(chunk_size=500), programme, today=today))
    content = workbook(_("Loans without jobs"), loan_columns(), lines)
    name = _("Paid loans without their jobs %(day)s") % {"day": format_jalali(today).replace("/", "-")}
    return download(content, name=f"{name}.xlsx", content_type=XLSX)
