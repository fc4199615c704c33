"""One referral at the bank: the answer, the file, and taking a confirmation back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from abarkuh_loans.errors import RuleError
from banks import rules, workflow
from banks.forms import CONFIRM, DECLINE, DOCUMENTS, AnswerForm, FileForm
from banks.models import Referral
from banks.sending import once
from banks.views.bank_desk import answers
from banks.views.timelines import referral_events
from iran.calendar import programme_today

Status = Referral.Status


def show_referral(request: HttpRequest, referral: Referral, *, status: int = 200, **forms) -> HttpResponse:
    open_for_answer = referral.status in (Status.ISSUED, Status.CONFIRMED, Status.FILE_OPENED)
    context = {
        "referral": referral,
        "form": AnswerForm(referral=referral, auto_id="answer_%s") if open_for_answer else None,
        "file_form": FileForm(auto_id="file_%s") if referral.status == Status.CONFIRMED else None,
        "is_waiting": referral.status == Status.ISSUED,
        "is_payable": referral.status in rules.PAYABLE,
        "can_take_back": _can_take_back(referral),
        "payments": referral.disbursements.select_related("recorded_by"),
        "events": referral_events(referral),
        "today": programme_today(),
        **forms,
    }
    return render(request, "banks/desk_referral.html", context, status=status)


def _can_take_back(referral: Referral) -> bool:
    try:
        rules.check_take_back(referral, now=timezone.now())
    except RuleError:
        return False
    return True


def own(pk: int) -> Referral:
    """The referral, if it is the officer's bank's; else nothing is there."""
    return get_object_or_404(Referral.objects.for_desk().select_related("answered_by"), pk=pk)


@require_GET
@answers
def referral(request: HttpRequest, pk: int) -> HttpResponse:
    return show_referral(request, own(pk))


ACTS = {
    CONFIRM: lambda pk, by, given, seen: workflow.confirm(
        referral_id=pk,
        payable_rial=given["payable_rial"],
        reason=given["reason"],
        file_number=given["file_number"],
        by=by,
    ),
    DECLINE: lambda pk, by, given, seen: workflow.decline(
        referral_id=pk, refusal_reason=given["refusal_reason"], note=given["note"], by=by, seen=seen
    ),
    DOCUMENTS: lambda pk, by, given, seen: workflow.return_to_office(
        referral_id=pk, note=given["note"], by=by, seen=seen
    ),
}


@require_POST
@answers
def referral_answer(request: HttpRequest, pk: int) -> HttpResponse:
    referral = own(pk)
    seen = request.POST.get("seen", Status.ISSUED)
    form = AnswerForm(
        request.POST, referral=Referral(status=seen, amount_rial=referral.amount_rial), auto_id="answer_%s"
    )
    if not form.is_valid():
        return show_referral(request, referral, form=form, status=422)
    given = dict(form.cleaned_data)
    try:
        once(
            user=request.user,
            key=given.pop("key"),
            endpoint=f"referral-answer:{pk}",
            content=given,
            act=lambda: {"referral": ACTS[given["answer"]](pk, request.user, given, seen).pk},
        )
    except RuleError as error:
        return _refused(request, pk, form, error)
    return redirect("bank-answered", pk=pk)


def _refused(request: HttpRequest, pk: int, form: AnswerForm, error: RuleError) -> HttpResponse:
    """The refusal at its field; when somebody was first, the referral as it stands now, with who and when above it."""
    referral = own(pk)
    if isinstance(error, rules.WrongStateError):
        messages.error(request, str(error))
        return redirect("bank-referral", pk=pk)
    field = "refusal_reason" if form.cleaned_data["answer"] == DECLINE and error.field == "reason" else error.field
    form.add_error(field if field in form.fields else None, str(error))
    return show_referral(request, referral, form=form, status=422)


@require_GET
@answers
def answered(request: HttpRequest, pk: int) -> HttpResponse:
    """The page after an answer: its number, what follows, the next referral."""
    referral = own(pk)
    waiting = Referral.objects.waiting()
    context = {
        "referral": referral,
        "reference": f"{referral.letter_number}-{referral.events.count():02d}",
        "can_take_back": _can_take_back(referral),
        "next": waiting.exclude(pk=pk).first(),
        "left": waiting.count(),
    }
    return render(request, "banks/answered.html", context)


@require_POST
@answers
def referral_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    own(pk)
    try:
        workflow.take_back_answer(referral_id=pk, by=request.user)
    except RuleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The answer is taken back; the referral waits for an answer again."))
    return redirect("bank-referral", pk=pk)


@require_POST
@answers
def referral_file(request: HttpRequest, pk: int) -> HttpResponse:
    referral = own(pk)
    form = FileForm(request.POST, auto_id="file_%s")
    if not form.is_valid():
        return show_referral(request, referral, file_form=form, status=422)
    try:
        workflow.open_file(referral_id=pk, file_number=form.cleaned_data["file_number"], by=request.user)
    except RuleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The file is recorded."))
    return redirect("bank-referral", pk=pk)
