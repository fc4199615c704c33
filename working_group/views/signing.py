"""The last look before signing, the signature, and the minutes as they were frozen."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from abarkuh_loans.errors import RuleError
from background.typesetting import typeset
from working_group import workflow
from working_group.access import READ, any_permission, may
from working_group.board import board
from working_group.minutes_document import document
from working_group.models import Meeting
from working_group.views.meetings import find


@require_safe
@any_permission("working_group.decide", "working_group.sign_minutes")
def sign_check(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = find(pk)
    if meeting.status != Meeting.Status.IN_SESSION:
        return redirect("meeting-detail", pk=pk)
    return render(
        request,
        "working_group/sign_check.html",
        {"meeting": meeting, "board": board(meeting), "may": may(request.user)},
    )


@require_POST
@permission_required("working_group.sign_minutes", raise_exception=True)
def meeting_sign(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = find(pk)
    try:
        workflow.sign(meeting_id=meeting.pk, by=request.user)
    except RuleError as error:
        messages.error(request, str(error))
        return redirect("sign-check" if meeting.status == Meeting.Status.IN_SESSION else "meeting-detail", pk=pk)
    messages.success(
        request, _("The minutes are signed and the credit is committed. Nothing in them changes any more.")
    )
    return redirect("meeting-detail", pk=pk)


def _signed(pk: int) -> Meeting:
    meeting = find(pk)
    if meeting.status != Meeting.Status.SIGNED:
        raise Http404
    return meeting


@require_safe
@any_permission(*READ)
def minutes_print(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _signed(pk)
    return render(request, "working_group/minutes.html", {"meeting": meeting, "document": document(meeting)})


@require_safe
@any_permission(*READ)
def minutes_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _signed(pk)
    content = typeset("working_group/minutes.typ", document(meeting))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="minutes-{meeting.programme.year}-{meeting.number}.pdf"'
    return response
