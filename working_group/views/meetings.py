"""The list of meetings, a meeting, and everything before its session."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from abarkuh_loans.errors import RuleError
from iran.calendar import programme_today
from iran.money import grouped_fa
from quotas.models import Programme
from working_group import workflow
from working_group.access import READ, any_permission, may
from working_group.board import board
from working_group.forms import AttendanceForm, DescriptionForm, MeetingForm, TakeUpForm, attach
from working_group.minutes import carried_resolutions
from working_group.models import AgendaItem, Meeting, Resolution

PAGE = 50


def find(pk: int) -> Meeting:
    """A meeting of the reader's county; another's is not there."""
    return get_object_or_404(Meeting.objects.select_related("programme__county", "signed_by"), pk=pk)


@require_safe
@any_permission(*READ)
def meeting_list(request: HttpRequest) -> HttpResponse:
    meetings = Meeting.objects.select_related("programme__county", "signed_by").defer("minutes")
    page = Paginator(meetings, PAGE).get_page(request.GET.get("page"))
    return render(request, "working_group/meeting_list.html", {"page_obj": page, "may": may(request.user)})


@permission_required("working_group.prepare_meeting", raise_exception=True)
def meeting_new(request: HttpRequest) -> HttpResponse:
    programme = Programme.objects.filter(county__in=request.user.scope.office_counties).first()  # the newest year
    if programme is None:
        messages.error(request, _("There is no programme yet; open the year's programme first."))
        return redirect("meeting-list")
    last = Meeting.objects.filter(programme=programme).order_by("-number").first()
    first_values = {"number": 1}
    if last is not None:
        first_values = {"number": last.number + 1, "place": last.place, "agenda": last.agenda}
    form = MeetingForm(request.POST or None, initial=first_values)
    if request.method == "POST" and form.is_valid():
        try:
            meeting = workflow.plan_meeting(programme_id=programme.pk, **form.cleaned_data)
        except RuleError as error:
            attach(form, error)
        else:
            messages.success(request, _("The meeting is planned. Draw up its agenda now."))
            return redirect("meeting-detail", pk=meeting.pk)
    context = {"form": form, "programme": programme}
    return render(request, "working_group/meeting_new.html", context, status=422 if form.errors else 200)


@require_safe
@any_permission(*READ)
def meeting_detail(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = find(pk)
    context = {
        "meeting": meeting,
        "board": board(meeting),
        "steps": steps(meeting),
        "carried": carried_resolutions(meeting),
        "resolutions": Resolution.objects.filter(meeting=meeting),
        "may": may(request.user),
    }
    return render(request, "working_group/meeting_detail.html", context)


def steps(meeting: Meeting) -> list[dict]:
    """Where the meeting stands, as the page's line of steps."""
    order = list(Meeting.Status)
    now = order.index(Meeting.Status(meeting.status))
    signed = meeting.status == Meeting.Status.SIGNED
    return [
        {"label": status.label, "state": "done" if place < now or signed else "now" if place == now else ""}
        for place, status in enumerate(order)
    ]


@permission_required("working_group.prepare_meeting", raise_exception=True)
def meeting_describe(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = find(pk)
    present = {name: getattr(meeting, name) for name in ("held_on", "place", "agenda", "discussion")}
    form = DescriptionForm(request.POST or None, initial=present)
    if request.method == "POST" and form.is_valid():
        try:
            workflow.describe_meeting(meeting_id=meeting.pk, **form.cleaned_data)
        except RuleError as error:
            attach(form, error)
        else:
            messages.success(request, _("The meeting's particulars are recorded."))
            return redirect("meeting-detail", pk=meeting.pk)
    context = {"form": form, "meeting": meeting}
    return render(request, "working_group/meeting_describe.html", context, status=422 if form.errors else 200)


@require_POST
@permission_required("working_group.prepare_meeting", raise_exception=True)
def meeting_prepare(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = find(pk)
    try:
        names = workflow.prepare_agenda(meeting_id=meeting.pk, by=request.user, today=programme_today())
    except RuleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The agenda is drawn up: %(names)s names.") % {"names": grouped_fa(names)})
    return redirect("meeting-detail", pk=meeting.pk)


@require_POST
@permission_required("working_group.prepare_meeting", raise_exception=True)
def name_remove(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    item = get_object_or_404(AgendaItem.objects.select_related("application__applicant"), pk=item_pk, meeting=pk)
    try:
        workflow.remove_name(item_id=item.pk, by=request.user, today=programme_today())
    except RuleError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            _("%(name)s is off the agenda, and the rest is fitted to the credit again.")
            % {"name": item.application.applicant},
        )
    return redirect("meeting-detail", pk=pk)


@permission_required("working_group.prepare_meeting", raise_exception=True)
def name_take_up(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = find(pk)
    form = TakeUpForm(request.POST or None, programme=meeting.programme)
    if request.method == "POST" and form.is_valid():
        try:
            workflow.take_up(
                meeting_id=meeting.pk,
                application_id=form.cleaned_data["application"].pk,
                reason=form.cleaned_data["reason"],
                by=request.user,
                today=programme_today(),
            )
        except RuleError as error:
            attach(form, error)
        else:
            messages.success(request, _("The name is on the agenda again; what it holds stays held until the signing."))
            return redirect("meeting-detail", pk=meeting.pk)
    context = {"form": form, "meeting": meeting}
    return render(request, "working_group/name_take_up.html", context, status=422 if form.errors else 200)


@permission_required("working_group.decide", raise_exception=True)
def meeting_attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is there. The same list is posted here to be kept, and to ``meeting-open`` to begin with it."""
    meeting = find(pk)
    form = AttendanceForm(request.POST or None, meeting=meeting)
    if request.method == "POST" and form.is_valid():
        return _with_those_present(request, meeting, form, workflow.record_attendance, _("Those present are recorded."))
    return _attendance_page(request, meeting, form)


@require_POST
@permission_required("working_group.decide", raise_exception=True)
def meeting_open(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = find(pk)
    form = AttendanceForm(request.POST, meeting=meeting)
    if not form.is_valid():
        return _attendance_page(request, meeting, form)
    return _with_those_present(request, meeting, form, workflow.open_session, _("The meeting is in session."))


def _with_those_present(request: HttpRequest, meeting: Meeting, form: AttendanceForm, verb, done: str) -> HttpResponse:
    try:
        verb(meeting_id=meeting.pk, present=form.present)
    except RuleError as error:
        attach(form, error)
        return _attendance_page(request, meeting, form)
    messages.success(request, done)
    return redirect("meeting-detail", pk=meeting.pk)


def _attendance_page(request: HttpRequest, meeting: Meeting, form: AttendanceForm) -> HttpResponse:
    context = {"form": form, "meeting": meeting, "quorum": workflow.quorum_of(meeting)}
    return render(request, "working_group/meeting_attendance.html", context, status=422 if form.errors else 200)
