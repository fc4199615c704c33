"""Writing down answers to inquiries, one by one or one answer for many names."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from abarkuh_loans.errors import RuleError
from applicants import workflow as applications
from applicants.models import Application, Inquiry
from banks import scans
from banks.inquiry_forms import InquiryAnswerForm, ManyAnswersForm
from banks.views.inquiries import chosen_names, records
from iran.calendar import programme_today
from iran.text import to_persian_digits


@require_http_methods(["GET", "POST"])
@records
def inquiry_answer(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Inquiry.objects.select_related("application__applicant", "application__programme")
    inquiry = get_object_or_404(rows, pk=pk)
    form = InquiryAnswerForm(request.POST or None, request.FILES or None, today=programme_today())
    context = {"inquiry": inquiry, "form": form}
    if request.method == "GET" or not form.is_valid():
        return render(request, "banks/inquiry_answer.html", context, status=200 if request.method == "GET" else 422)
    given = dict(form.cleaned_data)
    evidence = scans.keep(given.pop("scan"), by=request.user)
    try:
        applications.answer_inquiry(inquiry_id=pk, by=request.user, evidence=evidence, **given)
    except RuleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The answer is recorded."))
    return redirect("inquiry-detail", application_pk=inquiry.application_id)


@require_POST
@records
def inquiry_answers(request: HttpRequest) -> HttpResponse:
    """The form for many: the chosen names and the inquiries of theirs that wait."""
    names = chosen_names(request)
    waiting = _waiting(names)
    if not waiting:
        messages.error(request, _("None of the chosen names waits for an answer; choose at least one that does."))
        return redirect("inquiry-list")
    form = ManyAnswersForm(kinds=_kinds(waiting), today=programme_today())
    return _many_page(request, names, waiting, form)


def _waiting(names: list[Application]) -> list[Inquiry]:
    rows = Inquiry.objects.filter(application__in=names).select_related("application__applicant").newest_of_each_kind()
    return [inquiry for inquiry in rows if inquiry.result == Inquiry.Result.PENDING]


def _kinds(waiting: list[Inquiry]) -> list[str]:
    return sorted({inquiry.kind for inquiry in waiting})


def _many_page(
    request: HttpRequest, names: list, waiting: list, form: ManyAnswersForm, status: int = 200
) -> HttpResponse:
    context = {"names": names, "waiting": waiting, "form": form}
    return render(request, "banks/inquiry_answers.html", context, status=status)


@require_POST
@records
def inquiry_answers_record(request: HttpRequest) -> HttpResponse:
    """Write one answer down for every waiting inquiry of the chosen kind; who moved on meanwhile is named."""
    names = chosen_names(request)
    waiting = _waiting(names)
    form = ManyAnswersForm(request.POST, request.FILES, kinds=_kinds(waiting), today=programme_today())
    if not form.is_valid():
        return _many_page(request, names, waiting, form, 422)
    given = dict(form.cleaned_data)
    kind = given.pop("kind")
    evidence = scans.keep(given.pop("scan"), by=request.user)
    done = 0
    for inquiry in waiting:
        if kind not in ("all", inquiry.kind):
            continue
        try:
            applications.answer_inquiry(inquiry_id=inquiry.pk, by=request.user, evidence=evidence, **given)
            done += 1
        except RuleError as error:
            messages.error(request, f"{inquiry.application.applicant}: {error}")
    messages.success(request, _("%(count)s answers are recorded.") % {"count": to_persian_digits(str(done))})
    return redirect("inquiry-list")
