"""The first page of the office's desk: the credit, the way of the applicants, the agencies' pace and today's work.

Every figure carries the address of the list that it counts, so that nobody has to believe it. The figures themselves
are those of :mod:`oversight.summary`; a constant number of queries, however large the programme is.
"""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from applicants.models import Application, ImportedList, Inquiry
from applicants.stages import STAGES
from banks.models import Referral
from banks.readiness import readiness
from employment_tracking.models import PaceReminder
from employment_tracking.pace import AgencyPace, Pace, in_all
from employment_tracking.rules.reminders import month_of_reminder
from iran.calendar import programme_today, year_range
from iran.money import percent, round_half_up, toman_words
from iran.templatetags.iran import fa, jalali_long
from iran.text import to_persian_digits
from messaging.models import InboundMessage
from oversight.summary import summary_by_agency
from quotas.models import Programme
from working_group.reserve import waiting_for_credit

Status = Application.Status


def dashboard(request: HttpRequest) -> dict:
    """Context of ``admin/_dashboard.html``; ``programme`` is empty before the first year is set up."""
    programmes = list(Programme.objects.select_related("county"))
    programme = _chosen(programmes, request.GET.get("year", ""))
    if programme is None or not request.user.has_perm("applicants.view_application"):
        return {"programme": None, "years": []}
    today = programme_today()
    figures, agencies = summary_by_agency(programme, today)
    found = _counts(programme, today)
    return {
        "programme": programme,
        "years": _years(programmes, programme),
        "day": jalali_long(today),
        "credit": _credit(programme, figures, today),
        "funnel": _funnel(programme, figures, confirmed=found["referrals_confirmed"]),
        "agencies": _agencies(programme, agencies),
        "agencies_total": _pace_row(in_all(programme, agencies, as_of=today))
        | {"name": _("Total"), "percent_words": _whole(figures["jobs_registered_percent"])},
        "work": [
            task
            for task in [
                *_work(programme, figures, found, today),
                *_reminders(programme, agencies, today),
                *_messages(request),
            ]
            if task.count
        ],
    }


def _chosen(programmes: list[Programme], year: str) -> Programme | None:
    """The programme of the year in the address, else the one that runs today, else the newest."""
    today = programme_today()
    asked = [p for p in programmes if str(p.year) == year]
    running = [p for p in programmes if p.opens_on <= today <= p.closes_on]
    return next(iter([*asked, *running, *programmes]), None)


def _years(programmes: list[Programme], shown: Programme) -> list[dict]:
    if len(programmes) < 2:
        return []
    return [{"label": str(p), "url": f"?year={p.year}", "current": p == shown} for p in programmes]


def listing(model: str, **conditions: object) -> str:
    """The address of an office list under conditions: ``listing("banks_referral", answer="overdue")``."""
    address = reverse(f"admin:{model}_changelist")
    return f"{address}?{urlencode(conditions)}" if conditions else address


# --- credit ---------------------------------------------------------------------------------------------------------
def billion(amount_rial: int) -> str:
    """Rial as billion rial with at most two decimals, Persian digits, without the unit."""
    whole, hundredths = divmod(round_half_up(amount_rial, 10**7), 100)
    decimals = f"{hundredths:02d}".rstrip("0")
    return to_persian_digits(f"{whole:,}".replace(",", "٬") + (f"٫{decimals}" if decimals else ""))


def _credit(programme: Programme, figures: dict, today: date) -> dict:
    announced = figures["credit_announced_rial"]
    url = listing("quotas_creditpool", programme__id__exact=programme.pk)
    parts = [
        _part(_("Paid"), figures["paid_rial"], announced, fill="g1", url=url),
        _part(_("Referred to banks"), figures["referred_rial"], announced, fill="g2", url=url),
        _part(_("Approved, not referred"), figures["approved_rial"], announced, fill="g3", url=url),
    ]
    gone = _year_gone(programme, today)
    words = _(
        "Of %(announced)s billion rial: paid %(paid)s, referred %(referred)s, approved %(approved)s, left %(left)s; %(gone)s percent of the year is gone."
    )
    return {
        "announced": billion(announced),
        "announced_toman": toman_words(announced),
        "paid": billion(figures["paid_rial"]),
        "left": billion(figures["left_rial"]),
        "requested": billion(figures["requested_rial"]),
        "url": url,
        "notices_url": listing("quotas_creditnotice", programme__id__exact=programme.pk),
        "parts": parts,
        "time_percent": gone,
        "time_words": fa(gone),
        "sentence": words
        % {
            "announced": billion(announced),
            "paid": billion(figures["paid_rial"]),
            "referred": billion(figures["referred_rial"]),
            "approved": billion(figures["approved_rial"]),
            "left": billion(figures["left_rial"]),
            "gone": fa(gone),
        },
    }


def _part(name: str, amount: int, announced: int, *, fill: str, url: str) -> dict:
    return {
        "name": name,
        "amount": billion(amount),
        "percent": percent(amount, announced, 0) or 0,
        "fill": fill,
        "url": url,
    }


def _year_gone(programme: Programme, today: date) -> int:
    first, last = year_range(programme.year)
    gone = percent((today - first).days + 1, (last - first).days + 1, 0)
    return min(max(int(gone or 0), 0), 100)


# --- the way of the applicants -------------------------------------------------------------------------------------
def _funnel(programme: Programme, figures: dict, *, confirmed: int) -> list[dict]:
    """Each step counts those who reached it, whatever became of them later."""
    by_status = {row["status"]: row["applicants"] for row in figures["applications_by_status"]}
    steps = [
        {
            "label": stage.label,
            "count": sum(by_status.get(state, 0) for state in stage.states),
            "url": listing("applicants_application", stage=stage.name, programme__id__exact=programme.pk),
        }
        for stage in STAGES
    ]
    bank = {
        "label": _("confirmed by the bank"),
        "count": confirmed,
        "url": listing("banks_referral", answer="confirmed", application__programme__id__exact=programme.pk),
    }
    steps.insert(-1, bank)
    before = None
    for step in steps:
        step["percent"] = percent(step["count"], steps[0]["count"], 0) or 0
        step["share"] = percent(step["count"], before, 0) if before else None
        before = step["count"]
    return steps


# --- agencies -------------------------------------------------------------------------------------------------------
def _agencies(programme: Programme, agencies: list[AgencyPace]) -> list[dict]:
    return [
        _pace_row(found)
        | {
            "name": found.agency.name,
            "url": listing(
                "employment_tracking_jobrecord",
                agency__id__exact=found.agency.pk,
                programme__id__exact=programme.pk,
                counted="yes",
            ),
        }
        for found in agencies
    ]


def _pace_row(found: Pace) -> dict:
    """Registered against quota and plan, with the distance in words: «۳ نفر عقب»."""
    return {
        "quota": found.quota,
        "planned": found.planned,
        "registered": found.registered,
        "percent": found.quota_percent,
        "due_percent": found.due_percent,
        "distance": found.distance,
        "colour": found.colour,
        "sentence": found.sentence,
    }


def _whole(share: float | None) -> str:
    return "—" if share is None else _("%(percent)s percent") % {"percent": fa(round_half_up(int(share * 10), 10))}


# --- today's work ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Task:
    """One thing that waits for the office: how many, what, where to do it and the list that it counts."""

    count: int
    text: str
    url: str
    tag: str
    colour: str
    note: str = ""
    act_url: str = ""
    act: str = ""


def _counts(programme: Programme, today: date) -> dict:
    """All that is only counted, in one query."""
    lists = ImportedList.objects.filter(programme=OuterRef("pk"))
    inquiries = Inquiry.objects.filter(application__programme=OuterRef("pk"))
    referrals = Referral.objects.filter(application__programme=OuterRef("pk"))
    wanted = {
        "lists_checked": _number(lists.filter(status=ImportedList.Status.CHECKED), "programme"),
        "lists_faulty": _number(lists.filter(rows_faulty__gt=0), "programme"),
        "inquiries_pending": _number(inquiries.filter(result=Inquiry.Result.PENDING)),
        "referrals_overdue": _number(referrals.overdue(today)),
        "referrals_confirmed": _number(referrals.confirmed()),
    }
    return Programme.objects.filter(pk=programme.pk).annotate(**wanted).values(*wanted).get()


def _number(rows: QuerySet, key: str = "application__programme") -> Coalesce:
    counted = rows.order_by().values(key).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _work(programme: Programme, figures: dict, found: dict, today: date) -> list[Task]:
    by_status = {row["status"]: row["applicants"] for row in figures["applications_by_status"]}
    return [
        *_lists(programme, found),
        *_names(programme, by_status),
        *_referrals(programme, found, by_status, today),
        *_reserve(programme, figures, by_status),
    ]


def _lists(programme: Programme, found: dict) -> list[Task]:
    page = {"act_url": reverse("list-index"), "act": _("Lists from Excel")}
    here = {"programme__id__exact": programme.pk}
    checked = listing("applicants_importedlist", status__exact="checked", **here)
    faulty = listing("applicants_importedlist", faulty="yes", **here)
    return [
        Task(found["lists_checked"], _("lists ready to be registered"), checked, _("ready"), "yellow", **page),
        Task(found["lists_faulty"], _("lists with faulty rows"), faulty, _("to be corrected"), "yellow", **page),
    ]


def _names(programme: Programme, by_status: dict) -> list[Task]:
    def task(status: str, text: str, tag: str, colour: str, url_name: str = "", act: str = "") -> Task:
        url = listing("applicants_application", status__exact=status, programme__id__exact=programme.pk)
        return Task(
            by_status.get(status, 0), text, url, tag, colour, act_url=reverse(url_name) if url_name else "", act=act
        )

    return [
        task(Status.REGISTERED, _("names to be assessed"), _("waiting for you"), "yellow"),
        task(Status.RETURNED, _("names returned for completion"), _("at the agency"), "blue"),
        task(Status.ELIGIBLE, _("eligible names without a meeting"), _("ready"), "blue", "meeting-list", _("Meetings")),
        task(Status.ON_AGENDA, _("names on the agenda"), _("on the table"), "violet", "meeting-list", _("Meetings")),
        task(Status.CONDITIONAL, _("names approved on a condition"), _("waiting for you"), "yellow"),
    ]


def _referrals(programme: Programme, found: dict, by_status: dict, today: date) -> list[Task]:
    approved = readiness(programme, today=today) if by_status.get(Status.APPROVED) else []
    ready = sum(place.is_ready for place in approved)
    here = {"programme__id__exact": programme.pk}
    pending = listing("applicants_inquiry", result__exact="pending", application__programme__id__exact=programme.pk)
    overdue = listing("banks_referral", answer="overdue", application__programme__id__exact=programme.pk)
    desk = {"act_url": reverse("referral-list"), "act": _("Referral to banks")}
    asking = {"act_url": reverse("inquiry-list"), "act": _("Inquiries")}
    return [
        Task(found["inquiries_pending"], _("inquiries without an answer"), pending, _("waiting"), "blue", **asking),
        Task(
            len(approved) - ready,
            _("approved names that something holds back"),
            listing("applicants_application", referable="no", **here),
            _("inquiries"),
            "yellow",
            **asking,
        ),
        Task(
            ready,
            _("names ready for referral"),
            listing("applicants_application", referable="yes", **here),
            _("ready"),
            "teal",
            **desk,
        ),
        Task(found["referrals_overdue"], _("referrals past the bank's deadline"), overdue, _("late"), "orange", **desk),
    ]


def _reminders(programme: Programme, agencies: list[AgencyPace], today: date) -> list[Task]:
    """Agencies behind their plan that have no reminder of the running month yet."""
    issued = PaceReminder.objects.for_programme(programme).filter(month=month_of_reminder(today))
    reminded = set(issued.values_list("agency_id", flat=True))
    waiting = [found for found in agencies if found.behind and found.agency.pk not in reminded]
    url = f"{reverse('reminder-new')}?year={programme.year}"
    page = {"act_url": f"{reverse('pace-board')}?year={programme.year}", "act": _("Pace of the agencies")}
    return [Task(len(waiting), _("agencies behind their plan"), url, _("reminder of the month"), "orange", **page)]


def _messages(request: HttpRequest) -> list[Task]:
    """What people wrote to us that no rule could place."""
    if not request.user.has_perm("messaging.view_inboundmessage"):
        return []
    waiting = InboundMessage.objects.filter(status=InboundMessage.Status.FOR_A_PERSON).count()
    url = listing("messaging_inboundmessage", status__exact=InboundMessage.Status.FOR_A_PERSON)
    return [Task(waiting, _("incoming messages to be read"), url, _("waiting for you"), "yellow")]


def _reserve(programme: Programme, figures: dict, by_status: dict) -> list[Task]:
    """Freed credit and who is next, once the meeting has made a reserve."""
    if not by_status.get(Status.RESERVE):
        return []
    words = _("%(left)s billion rial are free; next in order: %(name)s")
    next_up = waiting_for_credit(programme.pk).first()
    note = words % {"left": billion(figures["left_rial"]), "name": next_up.applicant} if next_up else ""
    url = listing("applicants_application", reserve="waiting", programme__id__exact=programme.pk)
    page = {"act_url": reverse("reserve-list"), "act": _("Reserve")}
    return [Task(by_status[Status.RESERVE], _("names waiting for credit"), url, _("in order"), "blue", note, **page)]
