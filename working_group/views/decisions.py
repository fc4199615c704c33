"""The session: one name, all names without obstacle, all names below the cut line."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from abarkuh_loans.errors import RuleError
from iran.money import grouped_fa
from working_group import workflow
from working_group.access import READ, any_permission, may
from working_group.board import Board, board
from working_group.forms import DecisionForm, InterestForm, attach
from working_group.models import AgendaItem, Decision, Interest, Meeting
from working_group.views.meetings import find


def _find_item(pk: int, item_pk: int) -> AgendaItem:
    items = AgendaItem.objects.select_related(
        "meeting__programme__county",
        "meeting__signed_by",
        "application__applicant",
        "application__line",
        "application__agency",
        "application__wished_bank",
        "proposed_bank",
    )
    return get_object_or_404(items, pk=item_pk, meeting=pk)


def _page(
    request: HttpRequest, item: AgendaItem, *, form: DecisionForm, interest_form=None, status: int = 200
) -> HttpResponse:
    history = Decision.objects.filter(item=item).select_related("bank", "recorded_by")
    context = {
        "item": item,
        "meeting": item.meeting,
        "history": history,
        "interests": Interest.objects.filter(item=item).select_related("member"),
        "form": form,
        "interest_form": interest_form or InterestForm(programme=item.meeting.programme),
        "in_session": item.meeting.status == Meeting.Status.IN_SESSION,
        "is_planned": item.meeting.status == Meeting.Status.PLANNED,
        "may": may(request.user),
    }
    return render(request, "working_group/name_detail.html", context, status=status)


@require_safe
@any_permission(*READ)
def name_detail(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    item = _find_item(pk, item_pk)
    last = Decision.objects.filter(item=item).first()
    values = {"amount_rial": item.proposed_rial, "bank": item.proposed_bank_id, "seen": 0}
    if last is not None:
        values = {
            "outcome": last.outcome,
            "amount_rial": last.amount_rial or item.proposed_rial,
            "bank": last.bank_id or item.proposed_bank_id,
            "reason": last.reason,
            "seen": last.pk,
        }
    return _page(request, item, form=DecisionForm(initial=values, programme=item.meeting.programme))


@require_POST
@permission_required("working_group.decide", raise_exception=True)
def name_decide(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    item = _find_item(pk, item_pk)
    form = DecisionForm(request.POST, programme=item.meeting.programme)
    if not form.is_valid():
        return _page(request, item, form=form, status=422)
    try:
        decision = workflow.decide(item_id=item.pk, by=request.user, **form.decision())
    except RuleError as error:
        attach(form, error)
        return _page(request, item, form=form, status=422)
    messages.success(request, f"{item.application.applicant}: {decision.get_outcome_display()}")
    return redirect(f"{reverse('meeting-detail', args=[pk])}#name-{item.pk}")


@require_POST
@permission_required("working_group.decide", raise_exception=True)
def interest_declare(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    item = _find_item(pk, item_pk)
    form = InterestForm(request.POST, programme=item.meeting.programme)
    if form.is_valid():
        try:
            workflow.declare_interest(item_id=item.pk, member_id=form.cleaned_data["member"].pk)
        except RuleError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The interest is recorded; a vote taken before it is to be taken again."))
    else:
        messages.error(request, " ".join(form.errors["member"]))
    return redirect("name-detail", pk=pk, item_pk=item_pk)


@permission_required("working_group.decide", raise_exception=True)
def unflagged_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """A look at whom it would approve, and the act itself on POST."""
    return _all_at_once(
        request,
        find(pk),
        verb=workflow.decide_unflagged,
        choose=lambda found: found.unflagged,
        template="working_group/unflagged_approve.html",
        done=_("%(names)s names are approved."),
    )


@permission_required("working_group.decide", raise_exception=True)
def below_line_reserve(request: HttpRequest, pk: int) -> HttpResponse:
    return _all_at_once(
        request,
        find(pk),
        verb=workflow.reserve_below_line,
        choose=lambda found: found.below_open,
        template="working_group/below_line_reserve.html",
        done=_("%(names)s names are in the reserve."),
    )


def _all_at_once(request: HttpRequest, meeting: Meeting, *, verb, choose, template: str, done: str) -> HttpResponse:
    if request.method != "POST":
        found: Board = board(meeting)
        lines = choose(found)
        total = sum(line.item.proposed_rial for line in lines)
        return render(request, template, {"meeting": meeting, "board": found, "lines": lines, "total_rial": total})
    typed = request.POST.get("expected", "")
    expected = int(typed) if typed.isascii() and typed.isdigit() else None
    try:
        names = verb(meeting_id=meeting.pk, by=request.user, expected=expected)
    except RuleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done % {"names": grouped_fa(names)})
    return redirect("meeting-detail", pk=meeting.pk)
