"""The parts of the site, in the order of the menu, and who is shown which. ``/`` leads to the first one a person has."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Entry:
    """One item of the menu: shown to whoever has ``permission``; ``url_name`` takes no arguments."""

    url_name: str
    label: str
    permission: str


ENTRIES = (
    Entry("admin:index", _("The office's desk"), "accounts.view_county"),
    Entry("bank-inbox", _("Waiting for an answer"), "banks.answer_referral"),
    Entry("bank-payable", _("Ready for payment"), "banks.answer_referral"),
    Entry("bank-paid", _("Paid"), "banks.answer_referral"),
    Entry("bank-ended", _("Not accepted"), "banks.answer_referral"),
    Entry("agency-home", _("My jobs"), "employment_tracking.view_own_jobs"),
    Entry("agency-pace", _("Quota and reminders"), "employment_tracking.view_own_jobs"),
    Entry("agency-loans", _("Paid loans without their jobs"), "employment_tracking.view_own_jobs"),
    Entry("claim-list", _("Claims"), "employment_tracking.register_own_job"),
    Entry("agency-applications", _("People I introduced"), "applicants.view_own_applications"),
    Entry("call-desk", _("My calls"), "employment_tracking.make_calls"),
    Entry("list-index", _("Lists from Excel"), "employment_tracking.import_own_jobs"),
    Entry("list-index", _("Lists from Excel"), "applicants.import_list"),
    Entry("inquiry-list", _("Inquiries"), "applicants.add_inquiry"),
    Entry("oversight-home", _("Oversight"), "oversight.supervise"),
    Entry("campaign-list", _("Verification"), "employment_tracking.view_campaign"),
    Entry("meeting-list", _("Meetings"), "working_group.attend_meeting"),
    Entry("referral-list", _("Referral to banks"), "banks.issue_referral"),
)


def entries_for(user) -> list[Entry]:
    return [entry for entry in ENTRIES if user.is_authenticated and user.has_perm(entry.permission)]


def menu(user, path: str) -> list[dict]:
    """The menu as the page prints it; the longest address that the path begins with is the current one."""
    entries = {reverse(entry.url_name): entry for entry in reversed(entries_for(user))}  # a page once
    items = [{"url": url, "label": entry.label, "current": False} for url, entry in reversed(entries.items())]
    under = [item for item in items if path.startswith(item["url"])]
    if under:
        max(under, key=lambda item: len(item["url"]))["current"] = True
    return items
