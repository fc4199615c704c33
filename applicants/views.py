"""Lists from Excel: brought, checked, registered, and their faulty rows sent back."""

from functools import wraps
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from abarkuh_loans.errors import RuleError
from applicants.forms import ListUploadForm, kinds_for
from applicants.importing import workflow
from applicants.importing.findings import CORRECTED, FAULT, WARNING
from applicants.importing.returned import faulty_rows
from applicants.importing.wording import NAMES_OF_CORRECTIONS
from applicants.models import ImportedList
from background.models import BackgroundTask

Status = ImportedList.Status
PAGE_SIZE = 50
SHOWN_CORRECTIONS = 200


def brings_lists(view):
    """For whoever may bring a list of any kind; others get 403."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not kinds_for(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def _lists(request: HttpRequest) -> QuerySet[ImportedList]:
    """The lists of the kinds that this person may bring, among the rows that he may see."""
    rows = ImportedList.objects.filter(kind__in=kinds_for(request.user))
    return rows.select_related("programme__county", "agency", "file", "uploaded_by", "task").defer(
        "findings", "file__content"
    )


@require_GET
@brings_lists
def list_index(request: HttpRequest) -> HttpResponse:
    return _index(request, ListUploadForm(user=request.user))


def _index(request: HttpRequest, form: ListUploadForm, status: int = 200) -> HttpResponse:
    page = Paginator(_lists(request), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "applicants/list_index.html", {"form": form, "page_obj": page}, status=status)


@require_POST
@brings_lists
def list_upload(request: HttpRequest) -> HttpResponse:
    form = ListUploadForm(request.POST, request.FILES, user=request.user)
    if not form.is_valid():
        return _index(request, form, status=422)
    chosen = form.cleaned_data
    try:
        imported_list = workflow.keep(
            kind=chosen["kind"],
            programme=chosen["programme"],
            agency=chosen["agency"],
            name=chosen["file"].name,
            content=chosen["file"].read(),
            by=request.user,
        )
    except RuleError as refusal:
        form.add_error("file", str(refusal))
        return _index(request, form, status=422)
    return redirect("list-detail", pk=imported_list.pk)


@require_GET
@brings_lists
def list_detail(request: HttpRequest, pk: int) -> HttpResponse:
    imported_list = get_object_or_404(_lists(request), pk=pk)
    task = imported_list.task
    working = task is not None and task.status in (BackgroundTask.Status.WAITING, BackgroundTask.Status.RUNNING)
    context = {"list": imported_list, "task": task, "working": working}
    if request.htmx:
        response = render(request, "applicants/_list_progress.html", context)
        if not working:
            response["HX-Refresh"] = "true"
        return response
    return render(
        request, "applicants/list_detail.html", context if working else context | _findings(request, imported_list)
    )


def _findings(request: HttpRequest, imported_list: ImportedList) -> dict:
    by_level = {FAULT: [], WARNING: [], CORRECTED: []}
    for finding in imported_list.findings:
        by_level[finding["level"]].append(finding)
    corrections = imported_list.counts.get(CORRECTED, {})
    return {
        "faults": Paginator(by_level[FAULT], PAGE_SIZE).get_page(request.GET.get("page")),
        "warnings": by_level[WARNING][:SHOWN_CORRECTIONS],
        "corrections": by_level[CORRECTED][:SHOWN_CORRECTIONS],
        "corrected_cells": sum(corrections.values()),
        "kinds_of_corrections": [(NAMES_OF_CORRECTIONS[code], number) for code, number in corrections.items()],
    }


def _act(request: HttpRequest, pk: int, act) -> HttpResponse:
    """One act on a list; a refusal is said on its page."""
    imported_list = get_object_or_404(_lists(request), pk=pk)
    try:
        act(imported_list)
    except RuleError as refusal:
        messages.error(request, str(refusal))
    return redirect("list-detail", pk=pk)


@require_POST
@brings_lists
def list_register(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, lambda kept: workflow.ask_to_register(list_id=kept.pk, by=request.user))


@require_POST
@brings_lists
def list_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, lambda kept: workflow.cancel(list_id=kept.pk))


@require_POST
@brings_lists
def list_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    reason = _("The list was taken back.")
    return _act(request, pk, lambda kept: workflow.take_back(list_id=kept.pk, by=request.user, reason=reason))


@require_GET
@brings_lists
def list_faulty_rows(request: HttpRequest, pk: int) -> HttpResponse:
    readable = _lists(request).exclude(status__in=[ImportedList.Status.CHECKING, ImportedList.Status.UNREADABLE])
    imported_list = get_object_or_404(readable, pk=pk)
    response = HttpResponse(faulty_rows(imported_list), content_type=workflow.XLSX)
    name = quote(f"خطاها-{imported_list.file.name}")
    response["Content-Disposition"] = f"attachment; filename=\"faulty-rows.xlsx\"; filename*=UTF-8''{name}"
    response["X-Content-Type-Options"] = "nosniff"
    return response
