"""The record of an application as its page shows it: summary, connections with counts, and what happened."""

from django.urls import reverse
from django.utils.translation import gettext as _

from abarkuh_loans.shown import shown
from applicants.models import Application
from iran.money import rial, toman_words
from iran.templatetags.iran import group_fa, jalali_datetime
from iran.text import to_persian_digits

Status = Application.Status


def panel(application: Application) -> dict:
    """Everything above the form. Higher floors are reached by their relations' names alone."""
    return {
        "person": application.applicant,
        "summary": _summary(application),
        "connections": _connections(application),
        "events": _events(application),
        "next_steps": _next_steps(application),
    }


def _next_steps(application: Application) -> list[dict]:
    """The colleagues' pages where this application goes on. Higher floors are reached by their addresses' names."""
    steps = {
        Status.ELIGIBLE: [(_("Meetings of the working group"), "meeting-list", [])],
        Status.DEFERRED: [(_("Meetings of the working group"), "meeting-list", [])],
        Status.CONDITIONAL: [(_("Reserve list"), "reserve-list", [])],
        Status.RESERVE: [(_("Reserve list"), "reserve-list", [])],
        Status.APPROVED: [
            (_("Inquiries"), "inquiry-detail", [application.pk]),
            (_("Referral to banks"), "referral-ready", []),
        ],
    }
    if application.status == Status.ON_AGENDA:
        items = application.agenda_items.order_by("-pk")[:1]
        steps[Status.ON_AGENDA] = [(_("Meeting of the working group"), "meeting-detail", [i.meeting_id]) for i in items]
    if application.status == Status.REFERRED:
        live = application.referrals.order_by("-pk")[:1]
        steps[Status.REFERRED] = [(_("Referral to banks"), "referral-detail", [r.pk]) for r in live]
    return [
        {"label": label, "url": reverse(name, args=args)} for label, name, args in steps.get(application.status, [])
    ]


def _summary(application: Application) -> list[dict]:
    person = application.applicant
    page = reverse("admin:applicants_applicant_change", args=[person.pk])
    kind = [application.get_track_display(), *([_("pioneer")] if application.is_pioneer else [])]
    return [
        {
            "label": _("national or legal ID"),
            "value": person.identifier,
            "code": True,
            "url": page,
            "link": _("Edit the person"),
        },
        {"label": _("mobile"), "value": person.mobile, "code": True},
        {"label": _("tracking code"), "value": application.tracking_code, "code": True},
        {"label": _("introducing agency"), "value": shown(application.agency)},
        {"label": _("kind of applicant"), "value": "، ".join(map(str, kind))},
        {"label": _("business line"), "value": shown(application.line_name)},
        {"label": _("promised jobs"), "value": group_fa(application.promised_jobs)},
        {"label": _("requested"), "lines": _amount(application.requested_rial)},
        {"label": _("approved"), "lines": _amount(application.approved_rial)},
        {"label": _("wished bank"), "value": shown(application.wished_bank)},
        {"label": _("rank in the signed list"), "value": shown(application.rank, name="rank")},
        {"label": _("registered at"), "value": jalali_datetime(application.registered_at)},
    ]


def _amount(amount: int | None) -> list[str]:
    return ["—"] if amount is None else [rial(amount), f"({toman_words(amount)})"]


def _connections(application: Application) -> list[dict]:
    """What hangs on the application: one short list for each kind."""
    return [
        {
            "title": _("Inquiries"),
            "url": _list("applicants_inquiry", application),
            "items": [
                {"text": shown(i.get_kind_display()), "record": i, "day": i.asked_on}
                for i in application.inquiries.all()
            ],
        },
        {
            "title": _("Working group"),
            "items": [
                {
                    "text": _("%(meeting)s, rank %(rank)s")
                    % {"meeting": shown(i.meeting), "rank": to_persian_digits(str(i.rank))},
                    "record": i.meeting,
                    "day": i.meeting.held_on,
                    "url": reverse("admin:working_group_meeting_change", args=[i.meeting_id]),
                }
                for i in application.agenda_items.select_related("meeting__programme__county").order_by("-meeting_id")
            ],
        },
        {
            "title": _("Referrals"),
            "url": _list("banks_referral", application),
            "items": [
                {
                    "text": shown(r.branch),
                    "record": r,
                    "day": r.letter_on,
                    "url": reverse("admin:banks_referral_change", args=[r.pk]),
                }
                for r in application.referrals.select_related("branch__bank").order_by("-pk")
            ],
        },
        {
            "title": _("Job records"),
            "url": _list("employment_tracking_jobrecord", application),
            "items": [
                {
                    "text": shown(j),
                    "record": j,
                    "day": j.registered_on,
                    "url": reverse("admin:employment_tracking_jobrecord_change", args=[j.pk]),
                }
                for j in application.job_records.order_by("-pk")
            ],
        },
    ]


def _list(model: str, application: Application) -> str:
    return f"{reverse(f'admin:{model}_changelist')}?application__id__exact={application.pk}"


def _events(application: Application) -> list[dict]:
    return [
        {
            "title": event.get_to_status_display(),
            "at": jalali_datetime(event.happened_at),
            "by": event.happened_by,
            "note": _note(event),
        }
        for event in application.events.select_related("happened_by")
    ]


def _note(event) -> str:
    letter = _("letter %(number)s") % {"number": to_persian_digits(event.letter_number)} if event.letter_number else ""
    return "؛ ".join(part for part in (event.reason, letter) if part)
