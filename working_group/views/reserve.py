"""After the meetings: who moves up when credit is freed, and whose condition is met."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from abarkuh_loans.errors import RuleError
from applicants.models import Application
from quotas.models import Programme
from working_group import workflow
from working_group.access import READ, any_permission, may
from working_group.forms import ReasonForm
from working_group.reserve import reserve_of

PAGE = 50


@require_safe
@any_permission(*READ)
def reserve_list(request: HttpRequest) -> HttpResponse:
    programmes = Programme.objects.select_related("county")
    year = request.GET.get("year", "")
    if year.isascii() and year.isdigit():
        programmes = programmes.filter(year=int(year))
    programme = programmes.first()
    reserve = reserve_of(programme) if programme is not None else None
    context = {"programme": programme, "reserve": reserve, "may": may(request.user)}
    if reserve is not None:
        context["page_obj"] = Paginator(reserve.waiting, PAGE).get_page(request.GET.get("page"))
    return render(request, "working_group/reserve_list.html", context)


@require_POST
@permission_required("working_group.promote_reserve", raise_exception=True)
def reserve_promote(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, workflow.promote_reserve, _("%(name)s is approved from the reserve."))


@require_POST
@permission_required("working_group.decide", raise_exception=True)
def condition_meet(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, workflow.meet_condition, _("The condition of %(name)s is met; the name is approved."))


def _act(request: HttpRequest, pk: int, verb, done: str) -> HttpResponse:
    application = get_object_or_404(Application.objects.select_related("applicant"), pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["reason"]))
        return redirect("reserve-list")
    try:
        verb(application_id=application.pk, by=request.user, reason=form.cleaned_data["reason"])
    except RuleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done % {"name": application.applicant})
    return redirect("reserve-list")
