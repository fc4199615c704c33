"""The office's campaigns: planned, looked at once more, started, paused, resumed, ended; how far each one is."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from abarkuh_loans.errors import RuleError
from accounts.models import ExecutiveAgency
from banks.views.year import programme_of
from employment_tracking import campaign_figures, case_list
from employment_tracking.campaign_forms import CampaignForm
from employment_tracking.models import Campaign, VerificationCase
from employment_tracking.workflow import campaigns
from employment_tracking.workflow.cases import QUESTION
from iran.calendar import format_jalali_long, programme_now, programme_today, tehran_day
from messaging import texts
from messaging.length import count
from quotas.models import Programme

PAGE_ROWS = 50
reads = permission_required("employment_tracking.view_campaign", raise_exception=True)
runs = permission_required("employment_tracking.run_campaign", raise_exception=True)


@require_GET
@reads
def campaign_list(request: HttpRequest) -> HttpResponse:
    programme = programme_of(request)
    rows = Campaign.objects.for_programme(programme).annotate(
        opened=Count("cases"), closed=Count("cases", filter=Q(cases__closed_at__isnull=False))
    )
    page = Paginator(rows.order_by("-pk"), PAGE_ROWS).get_page(request.GET.get("page"))
    return render(request, "employment_tracking/campaign_list.html", {"programme": programme, "page_obj": page})


@require_http_methods(["GET", "POST"])
@runs
def campaign_new(request: HttpRequest) -> HttpResponse:
    """Who shall be asked. Nothing is sent before the next page, where the people are counted."""
    programme = programme_of(request)
    usual = {
        "title": _("Campaign of %(day)s") % {"day": format_jalali_long(programme_today())},
        "share_percent": programme.rule("verify_share_percent"),
    }
    form = CampaignForm(request.POST or None, initial=usual | _those_after(request, programme), programme=programme)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        agencies = [agency.pk for agency in asked.pop("agencies")]
        campaign = campaigns.plan(programme=programme, agencies=agencies, by=request.user, now=programme_now(), **asked)
        return redirect("campaign-detail", pk=campaign.pk)
    status = 422 if form.is_bound else 200
    context = {"programme": programme, "form": form}
    return render(request, "employment_tracking/campaign_new.html", context, status=status)


def _those_after(request: HttpRequest, programme: Programme) -> dict:
    """``?after=`` an earlier campaign: the same agencies; of a draw only whoever was registered since it began."""
    number = request.GET.get("after", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return {}
    earlier = Campaign.objects.for_programme(programme).filter(pk=number, started_at__isnull=False).first()
    if earlier is None:
        return {}
    began_on = tehran_day(earlier.started_at) if earlier.selection.get("rank_up_to") else earlier.since_on
    return {"agencies": earlier.selection["agencies"], "since": began_on}


@require_GET
@reads
def campaign_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Of a planned campaign the last look before it starts; of every other one, how far it is."""
    campaign = _one(pk)
    if campaign.status == Campaign.Status.PLANNED:
        return render(request, "employment_tracking/campaign_check.html", _check(campaign))
    return render(request, "employment_tracking/campaign.html", _progress(request, campaign))


def _one(pk: int) -> Campaign:
    return get_object_or_404(Campaign.objects.select_related("programme__county", "planned_by"), pk=pk)


def _check(campaign: Campaign) -> dict:
    county = campaign.programme.county
    sample = texts.render(QUESTION, county.pk, office=county.name, name="", job="")
    selection = campaign.selection
    characters, parts = count(sample)
    return {
        "campaign": campaign,
        "figures": campaign_figures.of_plan(campaign),
        "agencies": ExecutiveAgency.objects.filter(pk__in=selection["agencies"]),
        "share_percent": selection["share_percent"],
        "text": sample,
        "characters": characters,
        "parts": parts,
    }


def _progress(request: HttpRequest, campaign: Campaign) -> dict:
    cases = VerificationCase.objects.filter(campaign=campaign)
    numbers = case_list.counts(cases)
    address = reverse("case-list", args=[campaign.pk])
    judged = numbers["confirmed"] + numbers["denied"]
    status, Status = campaign.status, Campaign.Status
    return {
        "campaign": campaign,
        "numbers": numbers,
        "address": address,
        "figures": [
            {"name": name, "label": case_list.FILTERS[name][0], "count": numbers[name]}
            for name in ("sms", "phone", "number", "field", "silent", "reopened", "withdrawn")
        ],
        "judged": judged,
        "confirmed_percent": round(100 * numbers["confirmed"] / judged) if judged else None,
        "stages": campaign_figures.stages(campaign),
        "sent": campaign_figures.messages_of(campaign),
        "agencies": campaign_figures.by_agency(campaign),
        "may_run": request.user.has_perm("employment_tracking.run_campaign"),
        "can_pause": status == Status.RUNNING,
        "can_resume": status == Status.PAUSED,
        "can_end": status in (Status.RUNNING, Status.PAUSED),
        "not_asked": 0 if status == Status.ENDED else campaign_figures.not_asked(campaign),
        "opening": status == Status.RUNNING and campaign.all_opened_at is None,
    }


def _turned(request: HttpRequest, pk: int, verb, words: str) -> HttpResponse:
    campaign = _one(pk)
    try:
        verb(campaign_id=campaign.pk, by=request.user, now=programme_now())
    except RuleError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect("campaign-detail", pk=pk)


@require_POST
@runs
def campaign_start(request: HttpRequest, pk: int) -> HttpResponse:
    return _turned(request, pk, campaigns.start, _("The campaign has started. The questions are on their way."))


@require_POST
@runs
def campaign_pause(request: HttpRequest, pk: int) -> HttpResponse:
    words = _("The campaign is paused. Nothing more is sent and nobody is called; answers that come still count.")
    return _turned(request, pk, campaigns.pause, words)


@require_POST
@runs
def campaign_resume(request: HttpRequest, pk: int) -> HttpResponse:
    return _turned(request, pk, campaigns.resume, _("The campaign goes on. What was held back is sent now."))


@require_http_methods(["GET", "POST"])
@runs
def campaign_end(request: HttpRequest, pk: int) -> HttpResponse:
    """One more look: whoever is not verified until now is written down as not reached."""
    campaign = _one(pk)
    if request.method == "POST":
        return _turned(request, pk, campaigns.end, _("The campaign is ended. Its open cases are being closed."))
    still_open = VerificationCase.objects.filter(case_list.OPEN, campaign=campaign).count()
    return render(request, "employment_tracking/campaign_end.html", {"campaign": campaign, "still_open": still_open})
