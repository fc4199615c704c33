"""A campaign's cases: the lists behind its figures, one case with everything that happened, the field queue."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from abarkuh_loans.errors import RuleError
from abarkuh_loans.spreadsheet import CONTENT_TYPE
from accounts.models import ExecutiveAgency
from banks.views.files import download
from banks.views.year import programme_of
from employment_tracking import case_list, field_queue
from employment_tracking.campaign_forms import InspectorForm, ReopenForm
from employment_tracking.models import Attempt, Campaign, RecordFlag, VerificationCase
from employment_tracking.workflow import cases
from iran.calendar import format_jalali, programme_now, programme_today
from iran.templatetags.iran import jalali_datetime
from iran.text import to_persian_digits

PAGE_ROWS = 50
MOST_AT_ONCE = 500
reads = permission_required("employment_tracking.view_verificationcase", raise_exception=True)


@require_GET
@reads
def cases_of_campaign(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = get_object_or_404(Campaign.objects.select_related("programme__county"), pk=pk)
    rows = VerificationCase.objects.filter(campaign=campaign)
    page = Paginator(case_list.listed(rows, request.GET), PAGE_ROWS).get_page(request.GET.get("page"))
    numbers = case_list.counts(rows)
    context = {
        "campaign": campaign,
        "page_obj": page,
        "chips": _chips(request, campaign, numbers),
        "agencies": ExecutiveAgency.objects.filter(county=campaign.programme.county_id),
        "agency": request.GET.get("agency", ""),
        "text": request.GET.get("q", ""),
        "kept": {name: request.GET[name] for name in ("filter", "agency") if request.GET.get(name)},
    }
    return render(request, "employment_tracking/case_list.html", context)


def _chips(request: HttpRequest, campaign: Campaign, numbers: dict) -> list[dict]:
    chosen, here = request.GET.get("filter", ""), reverse("case-list", args=[campaign.pk])
    kept = request.GET.copy()
    for name in ("page", "filter"):
        kept.pop(name, None)

    def chip(name: str, label: str) -> dict:
        query = kept.copy()
        if name:
            query["filter"] = name
        current = name == chosen if name else chosen not in case_list.FILTERS
        return {
            "label": label,
            "url": f"{here}?{query.urlencode()}",
            "count": numbers[name or "all"],
            "current": current,
        }

    shown = [name for name in case_list.FILTERS if numbers[name] or name == chosen]
    return [chip("", _("all")), *(chip(name, case_list.FILTERS[name][0]) for name in shown)]


@require_GET
@reads
def cases_export(request: HttpRequest, pk: int) -> HttpResponse:
    """Exactly what is filtered, all pages."""
    campaign = get_object_or_404(Campaign, pk=pk)
    rows = case_list.listed(VerificationCase.objects.filter(campaign=campaign), request.GET)
    day = format_jalali(programme_today()).replace("/", "-")
    content = case_list.workbook(campaign, rows.iterator(chunk_size=500))
    return download(content, name=f"{campaign.title}-{day}.xlsx", content_type=CONTENT_TYPE)


@require_GET
@reads
def case_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _case_page(request, _one(pk), ReopenForm())


def _one(pk: int) -> VerificationCase:
    rows = VerificationCase.objects.select_related(
        "record__agency", "record__line", "campaign", "inspector", "lease_by"
    )
    return get_object_or_404(rows, pk=pk)


def _case_page(request: HttpRequest, case: VerificationCase, form: ReopenForm, status: int = 200) -> HttpResponse:
    is_closed = case.status in (case.Status.CLOSED, case.Status.CLOSED_FINALLY)
    attempts = Attempt.objects.filter(case=case).select_related(
        "message", "inbound", "happened_by", "superseded_by", "supersedes"
    )
    context = {
        "case": case,
        "record": case.record,
        "reasons": case_list.reasons_of(case),
        "flags": RecordFlag.objects.live().filter(record=case.record_id),
        "events": [_event(attempt) for attempt in attempts.order_by("-happened_at", "-pk")],
        "form": form if is_closed and request.user.has_perm("employment_tracking.reopen_case") else None,
        "others": VerificationCase.objects.filter(record=case.record_id)
        .exclude(pk=case.pk)
        .select_related("record", "campaign"),
    }
    return render(request, "employment_tracking/case.html", context, status=status)


def _event(attempt: Attempt) -> dict:
    """One attempt in words: what it was, what became of its message, what was answered, what superseded it."""
    notes = [attempt.note]
    if attempt.message:
        state = attempt.message.get_status_display()
        notes.append(_("message: %(state)s") % {"state": state})
    if attempt.inbound:
        notes.append(_("answer: «%(text)s»") % {"text": to_persian_digits(attempt.inbound.text[:200])})
    if hasattr(attempt, "superseded_by"):
        notes.append(_("corrected later; counts no more"))
    return {
        "title": f"{attempt.get_channel_display()}: {attempt.get_outcome_display()}",
        "at": jalali_datetime(attempt.happened_at),
        "by": attempt.happened_by,
        "note": " – ".join(note for note in notes if note),
    }


@require_POST
@permission_required("employment_tracking.reopen_case", raise_exception=True)
def case_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    case, form = _one(pk), ReopenForm(request.POST)
    if form.is_valid():
        try:
            cases.reopen(case_id=case.pk, by=request.user, now=programme_now(), **form.cleaned_data)
        except RuleError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    if form.errors:
        return _case_page(request, case, form, status=422)
    messages.success(request, _("The case is open again. Its earlier result stays in the list below."))
    return redirect("case-detail", pk=pk)


@require_GET
@reads
def queue(request: HttpRequest) -> HttpResponse:
    programme = programme_of(request)
    may_assign = request.user.has_perm("employment_tracking.assign_inspector")
    return _queue_page(request, programme, InspectorForm(programme=programme) if may_assign else None)


def _queue_page(request: HttpRequest, programme, form: InspectorForm | None, status: int = 200) -> HttpResponse:
    rows = field_queue.waiting(VerificationCase.objects.all(), programme)
    if request.GET.get("show") == "free":
        rows = rows.filter(inspector=None)
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"programme": programme, "page_obj": page, "form": form}
    return render(request, "employment_tracking/field_queue.html", context, status=status)


@require_POST
@permission_required("employment_tracking.assign_inspector", raise_exception=True)
def queue_assign(request: HttpRequest) -> HttpResponse:
    programme = programme_of(request)
    form = InspectorForm(request.POST, programme=programme)
    typed = [int(pk) for pk in request.POST.getlist("id") if pk.isascii() and pk.isdigit() and len(pk) < 19]
    chosen = field_queue.waiting(VerificationCase.objects.all(), programme).filter(pk__in=typed[:MOST_AT_ONCE])
    ids = list(chosen.values_list("pk", flat=True))
    if form.is_valid() and not ids:
        form.add_error(None, _("Choose at least one person."))
    if form.is_valid():
        try:
            cases.assign(case_ids=ids, inspector=form.cleaned_data["inspector"], by=request.user)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
    if form.errors:
        return _queue_page(request, programme, form, status=422)
    messages.success(request, _("The inspector of the chosen people is recorded."))
    return redirect("field-queue")
