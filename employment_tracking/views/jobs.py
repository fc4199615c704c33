"""One record at its agency's desk: what it says, what was found, what the office asks, and mending it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required, user_passes_test
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from abarkuh_loans.errors import RuleError
from banks.views.files import download
from employment_tracking import rules, workflow
from employment_tracking.forms import CorrectionForm
from employment_tracking.models import ClaimDispute, JobEvidence, JobRecord, RecordReturn
from employment_tracking.views.summary import evidence_rows, findings_of, rows_of
from iran.calendar import programme_today
from iran.templatetags.iran import jalali_datetime
from iran.text import to_persian_digits

reads = permission_required("employment_tracking.view_own_jobs", raise_exception=True)


def _reads_papers(user) -> bool:
    """The agency's own people, and the office from its desk."""
    if not (user.has_perm("employment_tracking.view_own_jobs") or user.has_perm("employment_tracking.view_jobrecord")):
        raise PermissionDenied
    return True


@require_GET
@reads
def job_detail(request: HttpRequest, pk: int) -> HttpResponse:
    record = get_object_or_404(JobRecord.objects.select_related("agency", "supporter__applicant"), pk=pk)
    waiting = _waiting(record)
    context = {
        "record": record,
        "rows": rows_of(record, []) + evidence_rows(record),
        "waiting": waiting,
        "findings": findings_of(record),
        "events": _history(record),
        "may_correct": _may_correct(record, waiting),
    }
    return render(request, "employment_tracking/job_detail.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("employment_tracking.register_own_job", raise_exception=True)
def job_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend a record and, where the office sent it back, hand it in again."""
    record = get_object_or_404(JobRecord.objects.select_related("programme"), pk=pk)
    waiting = _waiting(record)
    if not _may_correct(record, waiting):
        messages.error(request, str(rules.NotCorrectableError()))
        return redirect("job-detail", pk=pk)
    context = {"record": record, "waiting": waiting, "findings": findings_of(record)}
    if request.method == "GET":
        return render(
            request, "employment_tracking/job_correct.html", context | {"form": CorrectionForm(instance=record)}
        )
    form = CorrectionForm(request.POST, request.FILES, instance=JobRecord.objects.get(pk=pk))
    if form.is_valid():
        try:
            workflow.correct(
                record_id=pk,
                changes={name: form.cleaned_data[name] for name in rules.CORRECTABLE_FIELDS},
                by=request.user,
                today=programme_today(),
                evidence=form.papers(by=request.user),
            )
        except RuleError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("The record of %(name)s is corrected and sent again.") % {"name": record})
            return redirect("agency-home")
    return render(request, "employment_tracking/job_correct.html", context | {"form": form}, status=422)


@require_GET
@user_passes_test(_reads_papers)
def job_evidence(request: HttpRequest, pk: int, evidence_pk: int) -> HttpResponse:
    """A paper or picture of a record, to be saved."""
    papers = JobEvidence.objects.select_related("file").filter(record__in=JobRecord.objects.filter(pk=pk))
    file = get_object_or_404(papers, pk=evidence_pk).file
    return download(bytes(file.content), name=file.name, content_type=file.content_type)


@require_GET
@reads
def claim_list(request: HttpRequest) -> HttpResponse:
    """Claims of the agency's own and against its records; neither side reads the other's."""
    own = request.user.scope.agencies
    rows = []
    for dispute in ClaimDispute.objects.select_related("claim__agency", "against__agency")[:200]:
        mine = dispute.claim.agency_id in own
        rows.append({"dispute": dispute, "mine": mine, "record": dispute.claim if mine else dispute.against})
    return render(request, "employment_tracking/claim_list.html", {"rows": rows})


def _waiting(record: JobRecord) -> RecordReturn | None:
    return RecordReturn.objects.waiting().filter(record=record).select_related("asked_by").first()


def _may_correct(record: JobRecord, waiting: RecordReturn | None) -> bool:
    try:
        rules.check_correctable(record, sent_back=waiting is not None)
    except rules.NotCorrectableError:
        return False
    return True


def _history(record: JobRecord) -> list[dict]:
    return [
        {
            "title": event.get_to_status_display(),
            "at": jalali_datetime(event.happened_at),
            "by": str(event.happened_by or ""),
            "note": to_persian_digits(event.reason),
        }
        for event in record.events.select_related("happened_by")
    ]
