"""The menu of the office's desk: its lists and pages in the order of the work, under the office's own words."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

# A group, and what stands in it: the label of a model, or the name of a page with its words and the permission it needs.
GROUPS: tuple[tuple[str, str, tuple], ...] = (
    (
        "people",
        _("Applicants"),
        ("applicants.application", "applicants.applicant"),
    ),
    (
        "lists",
        _("Lists of the agencies"),
        (("list-index", _("Import a list"), "applicants.import_list"), "applicants.importedlist"),
    ),
    (
        "inquiries",
        _("Inquiries"),
        (("inquiry-list", _("Ask and answer"), "applicants.add_inquiry"), "applicants.inquiry"),
    ),
    (
        "group",
        _("Working group"),
        (
            ("meeting-list", _("Meetings and decisions"), "working_group.prepare_meeting"),
            ("reserve-list", _("Reserve"), "working_group.prepare_meeting"),
            "working_group.meeting",
            "working_group.member",
        ),
    ),
    (
        "banks",
        _("Referral to banks"),
        (("referral-list", _("Issue and follow up"), "banks.issue_referral"), "banks.referral", "banks.disbursement"),
    ),
    (
        "jobs",
        _("Jobs and what is owed"),
        (
            ("campaign-list", _("Verification campaigns"), "employment_tracking.view_campaign"),
            ("field-queue", _("People to visit"), "employment_tracking.view_verificationcase"),
            ("pace-board", _("Pace of the agencies"), "employment_tracking.view_jobrecord"),
            ("loans-without-job", _("Paid loans without their jobs"), "employment_tracking.view_jobrecord"),
            "employment_tracking.jobrecord",
            "employment_tracking.recordflag",
            "employment_tracking.claimdispute",
            "quotas.jobquota",
        ),
    ),
    (
        "messages",
        _("Messages"),
        (
            "messaging.inboundmessage",
            "messaging.outboundmessage",
            "messaging.messagetemplate",
            "messaging.sendingrules",
            "messaging.sendingpause",
            "messaging.optout",
        ),
    ),
    ("credit", _("Credit"), ("quotas.creditnotice", "quotas.creditpool", "quotas.creditmovement")),
    (
        "year",
        _("Settings of the year"),
        (
            "quotas.programme",
            "applicants.businessline",
            "accounts.executiveagency",
            "accounts.bank",
            "accounts.branch",
            "accounts.county",
            "accounts.user",
        ),
    ),
    ("trail", _("Trail and long work"), ("audit.auditentry", "background.backgroundtask")),
)


def grouped(app_list: list[dict[str, Any]], user: Any) -> list[dict[str, Any]]:
    """The admin's own list, which knows what the reader may open, in our groups."""
    known = {f"{app['app_label']}.{entry['object_name'].lower()}": entry for app in app_list for entry in app["models"]}
    groups = []
    for code, name, contents in GROUPS:
        entries = [found for item in contents if (found := _entry(item, known, user))]
        if entries:
            groups.append(_group(code, name, entries))
    rest = [entry for label, entry in known.items() if label not in _placed()]
    return [*groups, *([_group("other", _("Other"), rest)] if rest else [])]


def _entry(item: Any, known: dict[str, dict], user: Any) -> dict[str, Any] | None:
    if isinstance(item, str):
        return known.get(item)
    url_name, label, permission = item
    if not user.has_perm(permission):
        return None
    return {
        "name": label,
        "object_name": url_name,
        "admin_url": reverse(url_name),
        "add_url": None,
        "view_only": True,
        "perms": {},
    }


def _group(code: str, name: str, entries: list[dict]) -> dict[str, Any]:
    return {
        "name": name,
        "app_label": code,
        "app_url": entries[0]["admin_url"],
        "has_module_perms": True,
        "models": entries,
    }


def _placed() -> set[str]:
    return {item for _code, _name, contents in GROUPS for item in contents if isinstance(item, str)}
