"""The supervisor's pages: the programme in figures, the lists behind every figure, the history of each record. To read."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from applicants.models import Application
from audit.history import steps
from audit.models import AuditEntry
from banks.models import Referral
from employment_tracking.expectations import loans_without_jobs_by_agency
from employment_tracking.models import JobRecord
from employment_tracking.pace import COUNTS, AgencyPace, counted_as, in_all, most_behind_first, pace_of_agencies
from employment_tracking.views.loans import loan_list
from employment_tracking.views.pace_table import Links, table
from iran.calendar import programme_today
from iran.text import clean, search_key, to_persian_digits
from oversight.summary import summary
from quotas.models import Commitment, CreditNoticeShare, Programme

READER = "reader"  # the database role that can write nothing
PAGE_SIZE = 50
MOST_WORDS = 6
MOST_STEPS = 200


def _page(view):
    return require_GET(permission_required("oversight.supervise", raise_exception=True)(view))


@_page
def home(request: HttpRequest) -> HttpResponse:
    programmes = list(Programme.objects.select_related("county"))
    programme = _chosen(request, programmes)
    context = {"programmes": programmes, "programme": programme}
    if programme is not None:
        figures = summary(programme, programme_today())
        context |= {
            "figures": figures,
            "statuses": [(Application.Status(row["status"]).label, row) for row in figures["applications_by_status"]],
            "persons_url": f"{reverse('oversight-applications')}?programme={programme.pk}&persons=1",
            "counted_url": f"{reverse('oversight-jobs')}?programme={programme.pk}&counted=1",
            "shares": CreditNoticeShare.objects.filter(notice__programme=programme).select_related(
                "notice", "pool__bank"
            ),
        }
    return render(request, "oversight/home.html", context)


def _chosen(request: HttpRequest, programmes: list[Programme]) -> Programme | None:
    """The programme that the address names, else the newest that the reader may see. Http404 for one he may not."""
    asked = request.GET.get("programme", "")
    if not asked:
        return programmes[0] if programmes else None
    found = [programme for programme in programmes if str(programme.pk) == asked]
    if not found:
        raise Http404
    return found[0]


@_page
def applications(request: HttpRequest) -> HttpResponse:
    """``held``: a bank whose pool holds credit for names not yet referred; ``persons``: each person once."""
    programme = _programme(request)
    rows = Application.objects.using(READER).filter(programme=programme).exclude(status=Application.Status.DRAFT)
    rows = _narrowed(request, rows, status="status", agency="agency__code")
    if request.GET.get("persons"):
        rows = rows.identified()
    if held := clean(request.GET.get("held", "")):
        pools = Commitment.objects.filter(pool__programme=programme, pool__bank__code=held)
        rows = rows.filter(pk__in=pools.filter(stage=Commitment.Stage.APPROVED).values("application_id"))
    for word in _words(request):
        rows = rows.filter(Q(applicant__search_text__contains=word) | Q(tracking_code__icontains=word))
    rows = rows.select_related("applicant", "agency").order_by("applicant__sort_name", "pk")
    return _list(request, "oversight/applications.html", programme, rows, statuses=Application.Status.choices[1:])


@_page
def referrals(request: HttpRequest) -> HttpResponse:
    """``live``: those at a bank now."""
    programme = _programme(request)
    rows = Referral.objects.using(READER).filter(application__programme=programme)
    rows = _narrowed(request, rows, status="status", bank="branch__bank__code")
    if request.GET.get("live"):
        rows = rows.live()
    for word in _words(request):
        rows = rows.filter(Q(application__applicant__search_text__contains=word) | Q(letter_number__icontains=word))
    rows = rows.select_related("application__applicant", "branch__bank", "commitment").order_by("-pk")
    return _list(request, "oversight/referrals.html", programme, rows, statuses=Referral.Status.choices)


@_page
def jobs(request: HttpRequest) -> HttpResponse:
    """``counted``, or ``registered``: neither void nor duplicate; ``verified``: found to be real; ``net``: not refuted."""
    programme = _programme(request)
    rows = JobRecord.objects.using(READER).filter(programme=programme)
    rows = _narrowed(request, rows, status="status", agency="agency__code")
    if request.GET.get("counted"):
        rows = rows.counted().filter(registered_on__lte=programme_today())
    for name in COUNTS:
        if request.GET.get(name):
            rows = counted_as(rows, name, as_of=programme_today())
    for word in _words(request):
        rows = rows.filter(search_text__contains=word)
    rows = rows.select_related("agency").order_by("sort_name", "pk")
    return _list(request, "oversight/jobs.html", programme, rows, statuses=JobRecord.Status.choices)


@_page
def pace(request: HttpRequest) -> HttpResponse:
    """The office's page of quotas and pace, with the same figures."""
    programme, today = _programme(request), programme_today()
    paces, loans = pace_of_agencies(programme, as_of=today), loans_without_jobs_by_agency(programme)
    context = {
        "programme": programme,
        "today": today,
        "rows": table(most_behind_first(paces), _links(programme), loans=loans),
        "total": in_all(programme, paces, as_of=today),
        "total_loans": sum(loans.values()),
    }
    return render(request, "oversight/pace.html", context)


def _links(programme: Programme) -> Links:
    """Lists of the supervisor's own."""

    def address(name: str, **asked: object) -> str:
        return f"{reverse(name)}?{urlencode({'programme': programme.pk, **asked})}"

    def links(found: AgencyPace) -> dict[str, str]:
        code = found.agency.code
        urls = {name: address("oversight-jobs", agency=code, **{name: 1}) for name in COUNTS}
        return urls | {"loans": address("oversight-loans", agency=code)}

    return links


@_page
def loans(request: HttpRequest) -> HttpResponse:
    programme = _programme(request)
    return loan_list(request, programme, back=f"{reverse('oversight-pace')}?programme={programme.pk}")


@_page
def application(request: HttpRequest, pk: int) -> HttpResponse:
    record = get_object_or_404(Application.objects.select_related("applicant", "agency", "line", "programme"), pk=pk)
    return _history(request, record, title=record.applicant.full_name, back="oversight-applications")


@_page
def referral(request: HttpRequest, pk: int) -> HttpResponse:
    record = get_object_or_404(Referral.objects.select_related("application__applicant", "branch__bank"), pk=pk)
    number = to_persian_digits(record.letter_number)
    title = _("Referral %(number)s of %(name)s") % {"number": number, "name": record.application.applicant}
    return _history(request, record, title=title, back="oversight-referrals")


@_page
def job(request: HttpRequest, pk: int) -> HttpResponse:
    record = get_object_or_404(JobRecord.objects.select_related("agency", "programme"), pk=pk)
    return _history(request, record, title=record.full_name, back="oversight-jobs")


def _history(request: HttpRequest, record: Model, *, title: str, back: str) -> HttpResponse:
    found = steps(AuditEntry.objects.of(record)[:MOST_STEPS])
    return render(
        request, "oversight/history.html", {"record": record, "page_title": title, "steps": found, "back": back}
    )


def _programme(request: HttpRequest) -> Programme:
    programme = _chosen(request, list(Programme.objects.select_related("county")))
    if programme is None:
        raise Http404
    return programme


def _narrowed(request: HttpRequest, rows: QuerySet, **filters: str) -> QuerySet:
    """Rows for what the address asks: its name → the field that it is compared with."""
    asked = {field: clean(request.GET.get(name, "")) for name, field in filters.items()}
    return rows.filter(**{field: value for field, value in asked.items() if value})


def _words(request: HttpRequest) -> list[str]:
    return search_key(request.GET.get("q", "")[:100]).split()[:MOST_WORDS]


def _list(
    request: HttpRequest, template: str, programme: Programme, rows: QuerySet, *, statuses: list[tuple[str, str]]
) -> HttpResponse:
    return render(
        request,
        template,
        {
            "programme": programme,
            "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
            "typed": request.GET.get("q", "")[:100],
            "kept": {name: value for name, value in request.GET.items() if name not in ("q", "page")},
            "statuses": statuses,
            "status": request.GET.get("status", ""),
        },
    )
