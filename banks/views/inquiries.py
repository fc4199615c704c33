"""The office's inquiries: who lacks what, asking for all that is missing in one act, one name with its history."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from abarkuh_loans.errors import RuleError
from applicants import workflow as applications
from applicants.models import Application, Inquiry
from banks import inquiries
from banks.inquiry_forms import RejectForm
from banks.views.files import download
from banks.views.year import programme_of
from iran.calendar import programme_today
from iran.text import to_persian_digits

PAGE_ROWS = 50
MOST_AT_ONCE = 200
reads = permission_required("applicants.view_inquiry", raise_exception=True)
records = permission_required("applicants.change_inquiry", raise_exception=True)


@require_GET
@reads
def inquiry_list(request: HttpRequest) -> HttpResponse:
    programme, today = programme_of(request), programme_today()
    rows = inquiries.work_list(programme, today=today)
    chosen, text = request.GET.get("filter", ""), request.GET.get("q", "")
    found = inquiries.listed(rows, chosen=chosen, text=text)
    context = {
        "programme": programme,
        "page_obj": Paginator(found, PAGE_ROWS).get_page(request.GET.get("page")),
        "chips": _chips(inquiries.counts(rows), chosen, total=len(rows)),
        "text": text,
        "chosen": chosen,
        "may_record": request.user.has_perm("applicants.change_inquiry"),
        "all_chosen": chosen in (inquiries.State.NOT_ASKED, inquiries.State.EXPIRED),
    }
    return render(request, "banks/inquiries.html", context)


def _chips(numbers: dict, chosen: str, *, total: int) -> list[dict]:
    here = reverse("inquiry-list")
    chips = [{"label": _("all"), "url": here, "count": total, "current": chosen not in numbers}]
    return chips + [
        {"label": state.label, "url": f"{here}?filter={state}", "count": numbers[state], "current": chosen == state}
        for state in inquiries.State
    ]


def chosen_names(request: HttpRequest) -> list[Application]:
    """The chosen approved names that are in the reader's county."""
    ids = [int(pk) for pk in request.POST.getlist("ids") if pk.isascii() and pk.isdigit() and len(pk) < 19]
    rows = Application.objects.filter(pk__in=ids[:MOST_AT_ONCE], status=Application.Status.APPROVED)
    return list(rows.select_related("applicant", "programme").order_by("rank", "id"))


@require_POST
@records
def inquiry_ask(request: HttpRequest) -> HttpResponse:
    """Ask whatever the chosen names still need; done again, nothing is asked twice."""
    names = chosen_names(request)
    if not names:
        messages.error(request, _("Choose at least one name"))
        return redirect("inquiry-list")
    asked = applications.ask_required(
        application_ids=[name.pk for name in names], asked_on=programme_today(), by=request.user
    )
    count, of = to_persian_digits(str(asked)), to_persian_digits(str(len(names)))
    if asked:
        messages.success(
            request, _("%(count)s inquiries for %(names)s names were sent.") % {"count": count, "names": of}
        )
    else:
        messages.info(request, _("All inquiries of the chosen names are asked already."))
    return redirect("inquiry-list")


@require_GET
@reads
def inquiry_detail(request: HttpRequest, application_pk: int) -> HttpResponse:
    return show_name(request, application_pk, RejectForm())


def show_name(request: HttpRequest, application_pk: int, form: RejectForm, status: int = 200) -> HttpResponse:
    """One name: each required inquiry, everything that was asked before, and the way out when there is an obstacle."""
    rows = Application.objects.select_related("applicant", "programme", "line", "agency")
    application = get_object_or_404(rows, pk=application_pk)
    listed = inquiries.work_list(application.programme, today=programme_today())
    row = next((one for one in listed if one.application.pk == application.pk), None)
    has_obstacle = row is not None and row.state == inquiries.State.OBSTACLE and not row.note
    context = {
        "application": application,
        "row": row,
        "asked": application.inquiries.select_related("recorded_by").order_by("-asked_on", "-id"),
        "form": form if has_obstacle and request.user.has_perm("banks.issue_referral") else None,
        "may_record": request.user.has_perm("applicants.change_inquiry"),
    }
    return render(request, "banks/inquiry_detail.html", context, status=status)


@require_POST
@records
def inquiry_reject(request: HttpRequest, application_pk: int) -> HttpResponse:
    """An obstacle that was not cured: the name is rejected, its credit is free, the reserve moves up."""
    application, form = get_object_or_404(Application.objects, pk=application_pk), RejectForm(request.POST)
    if not form.is_valid():
        return show_name(request, application_pk, form, 422)
    try:
        applications.reject_after_inquiry(
            application_id=application.pk, reason=form.cleaned_data["reason"], by=request.user, today=programme_today()
        )
    except RuleError as error:
        form.add_error("reason" if error.field == "reason" else None, str(error))
        return show_name(request, application_pk, form, 422)
    messages.success(request, _("The name is rejected and its credit is free for the next name of the reserve."))
    return redirect("reserve-list")


@require_GET
@reads
def inquiry_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """The scan of an answer, to be saved; only for whoever may read the inquiry."""
    inquiry = get_object_or_404(Inquiry.objects.select_related("evidence"), pk=pk, evidence__isnull=False)
    file = inquiry.evidence
    return download(bytes(file.content), name=file.name, content_type=file.content_type)
