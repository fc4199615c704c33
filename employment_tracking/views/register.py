"""Registering a job at the agency's desk: what is asked, the look again, the claim of a person whom another has."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from abarkuh_loans.errors import RuleError
from applicants.models import Application
from employment_tracking import workflow
from employment_tracking.expectations import loans_without_jobs
from employment_tracking.forms import PAPERS, ClaimForm, JobForm
from employment_tracking.models import JobRecord
from employment_tracking.rules import PersonOfOtherAgencyError
from employment_tracking.views.agency import of_programme
from employment_tracking.views.summary import rows_of
from iran.calendar import programme_today

registers = permission_required("employment_tracking.register_own_job", raise_exception=True)


@require_http_methods(["GET", "POST"])
@registers
def job_register(request: HttpRequest) -> HttpResponse:
    """Ask about one job; a POST, from the look again, registers it."""
    loan = _loan(request)
    programme = loan.programme if loan else of_programme(request)
    known = _known(loan)
    if request.method == "GET":
        return _ask(request, JobForm(user=request.user, known=known, initial=_likely(loan, known)), loan)
    form = JobForm(request.POST, request.FILES, user=request.user, known=known)
    if not form.is_valid():
        return _ask(request, form, loan, status=422)
    record = form.record(programme, loan)
    try:
        workflow.register(
            record=record, by=request.user, today=programme_today(), evidence=form.papers(by=request.user)
        )
    except RuleError as refusal:
        return _refused(request, form, loan, refusal)
    messages.success(request, _("The job of %(name)s is registered.") % {"name": record.full_name})
    return redirect("agency-home")


@require_POST
@registers
def job_check(request: HttpRequest) -> HttpResponse:
    """Look again before registering: what was typed and what was known, on one page."""
    loan = _loan(request)
    programme = loan.programme if loan else of_programme(request)
    form = JobForm(request.POST, request.FILES, user=request.user, known=_known(loan))
    if not form.is_valid():
        return _ask(request, form, loan, status=422)
    record, papers = form.record(programme, loan), form.papers(by=request.user)
    try:
        workflow.check_new(record=record, today=programme_today())
    except RuleError as refusal:
        return _refused(request, form, loan, refusal)
    context = {
        "rows": rows_of(record, papers),
        "hidden": _typed(request, papers),
        "query": request.GET.urlencode(),
    }
    return render(request, "employment_tracking/job_check.html", context)


@require_POST
@registers
def job_edit(request: HttpRequest) -> HttpResponse:
    """Back from the look again, with everything that was typed."""
    loan = _loan(request)
    of_programme(request)
    return _ask(request, JobForm(user=request.user, known=_known(loan), initial=_typed(request, [])), loan)


@require_POST
@registers
def job_claim(request: HttpRequest) -> HttpResponse:
    """Claim a person whom another agency has registered; the office decides."""
    loan = _loan(request)
    programme = loan.programme if loan else of_programme(request)
    form, claim = JobForm(request.POST, request.FILES, user=request.user, known=_known(loan)), ClaimForm(request.POST)
    if not form.is_valid() or not claim.is_valid():
        return _ask(request, form, loan, claim=claim, status=422)
    try:
        dispute = workflow.claim(
            record=form.record(programme, loan),
            reason=claim.cleaned_data["claim_reason"],
            by=request.user,
            today=programme_today(),
            evidence=form.papers(by=request.user),
        )
    except RuleError as refusal:
        return _refused(request, form, loan, refusal)
    messages.success(
        request, _("Your claim to %(name)s is with the office. You see its decision here.") % {"name": dispute.claim}
    )
    return redirect("claim-list")


def _ask(request: HttpRequest, form: JobForm, loan, *, claim: ClaimForm | None = None, status: int = 200):
    person = loan is not None and "national_id" in form.known
    context = {
        "form": form,
        "loan": loan,
        "known": rows_of(JobRecord(**form.known), [], only=form.known) if person else [],
        "claim": claim,
        "query": request.GET.urlencode(),
    }
    return render(request, "employment_tracking/job_register.html", context, status=status)


def _refused(request: HttpRequest, form: JobForm, loan, refusal: RuleError) -> HttpResponse:
    """A refusal stands at its field; a person of another agency may be claimed at once, with all that was typed."""
    kept = {f"kept_{kind}": file.pk for kind, file in form.papers(by=request.user)}
    form.data = form.data.copy()
    form.data.update(kept)
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    claim = ClaimForm(initial={}) if isinstance(refusal, PersonOfOtherAgencyError) else None
    return _ask(request, form, loan, claim=claim, status=422)


def _typed(request: HttpRequest, papers: list) -> dict[str, str]:
    """What goes on to the next step: everything typed, and the numbers of the stored papers."""
    typed = {name: value for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
    return typed | {f"kept_{kind}": str(file.pk) for kind, file in papers if kind in PAPERS}


def _loan(request: HttpRequest) -> Application | None:
    """The paid loan that the job comes of, where the page was opened from it."""
    number = request.GET.get("application", "")
    if not number:
        return None
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404
    own = request.user.scope.agencies
    paid = Application.objects.filter(status=Application.Status.PAID, agency__in=own, pk=int(number))
    loan = paid.select_related("applicant", "line", "agency", "programme").first()
    if loan is None:
        raise Http404
    lacking = loans_without_jobs(loan.programme, agencies=own).filter(pk=loan.pk).first()
    loan.jobs_registered = lacking.jobs_registered if lacking else loan.promised_jobs
    return loan


def _known(loan: Application | None) -> dict:
    """What is known of a paid loan is not asked again. Where a job of it is registered, the next is another person's."""
    if loan is None:
        return {}
    known = {"agency": loan.agency, "funding": JobRecord.Funding.LOAN}
    person = loan.applicant
    if person.national_id is None or loan.jobs_registered:
        return known
    for name in ("first_name", "last_name", "national_id", "mobile", "father_name", "birth_on", "gender"):
        if getattr(person, name):
            known[name] = getattr(person, name)
    return known | ({"job_title": loan.line_name} if loan.line_name else {})


def _likely(loan: Application | None, known: dict) -> dict:
    """What is probably so, and may be changed: the work is done where the borrower lives."""
    if loan is None:
        return {}
    if "national_id" not in known:
        return {"job_title": loan.line_name}
    return {"address": loan.applicant.address, "postal_code": loan.applicant.postal_code}
