"""The operators' desk: one person at a time, never a list to choose from."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from abarkuh_loans.errors import RuleError
from banks.sending import once
from employment_tracking import call_queue
from employment_tracking.call_forms import ANSWERED, CallForm
from employment_tracking.models import Attempt, VerificationCase
from employment_tracking.rules import script
from employment_tracking.rules.calls import ANSWERED as SAID_BY_THE_PERSON
from employment_tracking.rules.calls import CallRules, NotInHandError, Outcome
from employment_tracking.shown_calls import events_of, registered_rows
from employment_tracking.workflow import calls
from iran.calendar import TEHRAN, programme_now, tehran_day
from iran.text import to_persian_digits

makes_calls = permission_required("employment_tracking.make_calls", raise_exception=True)
TICKET = "employment_tracking.call"


def in_hand(request: HttpRequest) -> VerificationCase | None:
    """The person whom the operator holds now, if any."""
    cases = VerificationCase.objects.filter(lease_by=request.user, status__in=calls.OPEN).select_related(
        "campaign", "record__agency", "record__programme__county", "record__line"
    )
    return cases.first()


@require_GET
@makes_calls
@never_cache
def call_desk(request: HttpRequest) -> HttpResponse:
    """The person in hand with the form, or the door to the next one."""
    case = in_hand(request)
    if case is not None:
        return show_person(request, case)
    context = {"progress": call_queue.progress(request.user, now=programme_now()), "recent": recent_of(request)}
    return render(request, "employment_tracking/calls_door.html", context)


def show_person(
    request: HttpRequest, case: VerificationCase, *, form: CallForm | None = None, status: int = 200
) -> HttpResponse:
    record, now = case.record, programme_now()
    year = CallRules.of(record.programme)
    attempts = list(Attempt.objects.filter(case=case).select_related("inbound", "happened_by").order_by("-id"))
    ticket = {"case": case.pk, "by": request.user.pk, "seen": attempts[0].pk if attempts else 0}
    context = {
        "case": case,
        "record": record,
        "rows": registered_rows(record),
        "events": events_of(attempts),
        "form": form or call_form(record, initial={"call_later_on": now.date()}),
        "ticket": signing.dumps(ticket, salt=TICKET),
        "progress": call_queue.progress(request.user, now=now),
        "published_number": call_queue.published_number(record.programme),
        "check_address": request.get_host() + reverse("call-verify"),
        "outside_hours": None if year.are_hours(now) else (year.first_hour, year.last_hour),
        "recent": recent_of(request),
        "until": to_persian_digits(f"{case.lease_until.astimezone(TEHRAN):%H:%M}"),
    }
    return render(request, "employment_tracking/call.html", context, status=status)


def call_form(record, *args, **kwargs) -> CallForm:
    year = CallRules.of(record.programme)
    hours = range(year.first_hour, year.last_hour)
    return CallForm(*args, questions=script.script_for(record), hours=hours, **kwargs)


def recent_of(request: HttpRequest) -> list[Attempt]:
    """The operator's own results that he may still correct."""
    now = programme_now()
    own = Attempt.objects.filter(
        channel=Attempt.Channel.PHONE, happened_by=request.user, superseded_by=None, happened_at__gt=now - calls.LONGEST
    ).select_related("case__record__programme", "supersedes")
    return [attempt for attempt in own.order_by("-id")[:5] if calls.is_correctable(attempt, by=request.user, now=now)]


@require_POST
@makes_calls
def call_next(request: HttpRequest) -> HttpResponse:
    if calls.take_next(by=request.user, now=programme_now()) is None:
        messages.info(request, _("Nobody waits to be called at this moment."))
    return redirect("call-desk")


def ticket_of(request: HttpRequest, pk: int) -> dict | None:
    """Proof that this person was in the operator's hands when the page was shown."""
    try:
        ticket = signing.loads(request.POST.get("ticket", ""), salt=TICKET)
    except signing.BadSignature:
        return None
    return ticket if (ticket["case"], ticket["by"]) == (pk, request.user.pk) else None


@require_POST
@makes_calls
def call_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the result down and go on to the next person by itself."""
    ticket, case = ticket_of(request, pk), in_hand(request)
    case = case if case is not None and case.pk == pk else None
    if case is None and ticket is None:
        raise Http404
    form = call_form(case.record, request.POST) if case else CallForm(request.POST)
    if not form.is_valid():
        return again(request, pk, ticket, form)
    now = programme_now()
    try:
        once(
            user=request.user,
            key=form.cleaned_data["key"],
            endpoint=f"call-record:{pk}",
            content=said(form.call()),
            act=lambda: recorded(
                calls.record_call(
                    case_id=pk, by=request.user, now=now, seen=ticket["seen"] if ticket else None, **form.call()
                )
            ),
        )
    except RuleError as refusal:
        return refused(request, pk, ticket, form, refusal)
    if calls.take_next(by=request.user, now=programme_now()) is None:
        messages.success(request, _("The result is recorded."))
    return redirect("call-desk")


def said(call: dict) -> dict:
    """The same call as JSON, to tell a repeated request from another one."""
    return call | {"call_later_at": call["call_later_at"] and call["call_later_at"].isoformat()}


def recorded(attempt: Attempt) -> dict:
    return {"attempt": attempt.pk}


def again(request: HttpRequest, pk: int, ticket: dict | None, form: CallForm) -> HttpResponse:
    """The form with what is wrong. The person is held for as long again, if nobody else took him meanwhile."""
    try:
        calls.renew(case_id=pk, by=request.user, now=programme_now(), seen=ticket["seen"] if ticket else None)
    except NotInHandError as refusal:
        return lost(request, form, str(refusal))
    case = in_hand(request)
    if case is None or case.pk != pk:
        return lost(request, form, str(NotInHandError()))
    return show_person(request, case, form=form, status=422)


def refused(request: HttpRequest, pk: int, ticket: dict | None, form: CallForm, refusal: RuleError) -> HttpResponse:
    if isinstance(refusal, NotInHandError):
        return lost(request, form, str(refusal))
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return again(request, pk, ticket, form)


def lost(request: HttpRequest, form: CallForm, words: str) -> HttpResponse:
    """Somebody else has the person: who and when, and all that was typed, to be told to him."""
    context = {"words": words, "typed": form.typed()}
    return render(request, "employment_tracking/call_lost.html", context, status=409)


@require_POST
@makes_calls
def call_renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Ten minutes more; what was typed so far stays."""
    ticket, case = ticket_of(request, pk), in_hand(request)
    if ticket is None and (case is None or case.pk != pk):
        raise Http404
    try:
        calls.renew(case_id=pk, by=request.user, now=programme_now(), seen=ticket["seen"] if ticket else None)
    except RuleError as refusal:
        return lost(request, CallForm(request.POST), str(refusal))
    case = in_hand(request)
    if case is None or case.pk != pk:
        return redirect("call-desk")
    typed = {name: request.POST.get(name) for name in call_form(case.record).fields if name in request.POST}
    return show_person(request, case, form=call_form(case.record, initial=typed))


@require_POST
@makes_calls
def call_release(request: HttpRequest, pk: int) -> HttpResponse:
    """A pause: the person goes back to the queue at once."""
    if (case := in_hand(request)) is not None and case.pk == pk:
        calls.release(case_id=pk, by=request.user)
        messages.info(request, _("The person is back in the queue."))
        return redirect("call-desk")
    if ticket_of(request, pk) is None:
        raise Http404
    return redirect("call-desk")


@require_http_methods(["GET", "POST"])
@makes_calls
@never_cache
def call_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own result of the last minutes, once more; the earlier one stays in the history."""
    own = Attempt.objects.filter(happened_by=request.user, channel=Attempt.Channel.PHONE)
    attempt = get_object_or_404(own.select_related("case__record__programme"), pk=pk)
    record = attempt.case.record
    if request.method == "GET":
        return show_correction(request, attempt, call_form(record, initial=initial_of(attempt)))
    form = call_form(record, request.POST)
    if not form.is_valid():
        return show_correction(request, attempt, form, status=422)
    try:
        calls.correct(attempt_id=pk, by=request.user, now=programme_now(), **form.call())
    except RuleError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return show_correction(request, attempt, form, status=422)
    messages.success(request, _("The result of %(name)s is corrected.") % {"name": record.full_name})
    return redirect("call-desk")


def show_correction(request: HttpRequest, attempt: Attempt, form: CallForm, *, status: int = 200) -> HttpResponse:
    year = CallRules.of(attempt.case.record.programme)
    context = {
        "attempt": attempt,
        "record": attempt.case.record,
        "form": form,
        "until": calls.called_at_of(attempt) + year.correction,
    }
    return render(request, "employment_tracking/call_correct.html", context, status=status)


def initial_of(attempt: Attempt) -> dict[str, Any]:
    later = attempt.next_try_at if attempt.outcome == Outcome.CALL_LATER else None
    return {
        "outcome": ANSWERED if attempt.outcome in SAID_BY_THE_PERSON else attempt.outcome,
        "note": attempt.note,
        "call_later_on": later and tehran_day(later),
        "call_later_hour": later and later.astimezone(TEHRAN).hour,
        **attempt.answers,
    }
