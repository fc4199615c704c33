"""Tags and filters of the shared components: status colours, page numbers, fields.

The colour of a status says who must move: yellow = the reader, blue = someone else, teal = a gate was passed,
green = done, orange = late or needs attention, red = stopped, violet = on the meeting's table, grey = not begun or
withdrawn. ``plain`` is a final state: words without colour.
"""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.contrib.admin import AdminSite
from django.contrib.admin.helpers import AdminReadonlyField
from django.contrib.admin.utils import lookup_field
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.contrib.auth import get_user_model
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Page
from django.db.models import Model
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from abarkuh_loans.shown import shown, shown_field
from iran.templatetags.iran import jalali_long

register = template.Library()

# (model label, stored status) -> colour. A pair that is missing is grey: never begun, or of no consequence.
STATUS_COLOURS: dict[tuple[str, str], str] = {
    (model, status): colour
    for model, colours in {
        "applicants.application": {
            "draft": "grey",
            "registered": "blue",
            "returned": "yellow",
            "eligible": "teal",
            "ineligible": "red",
            "on_agenda": "violet",
            "approved": "teal",
            "conditional": "yellow",
            "deferred": "yellow",
            "reserve": "blue",
            "rejected": "red",
            "referred": "blue",
            "paid": "green",
            "closed_unpaid": "grey",
            "withdrawn": "grey",
            "carried_over": "grey",
        },
        "applicants.inquiry": {"pending": "blue", "clear": "teal", "curable": "yellow", "blocked": "red"},
        "applicants.importedlist": {
            "checking": "blue",
            "checked": "yellow",
            "registered": "plain",
            "unreadable": "orange",
            "cancelled": "grey",
        },
        "working_group.meeting": {"planned": "blue", "in_session": "violet", "signed": "plain"},
        "working_group.decision": {
            "approve": "teal",
            "conditional": "yellow",
            "defer": "yellow",
            "reserve": "blue",
            "reject": "red",
        },
        "working_group.resolution": {"open": "blue", "done": "plain", "dropped": "grey"},
        "banks.referral": {
            "issued": "blue",
            "confirmed": "teal",
            "file_opened": "teal",
            "paid_partial": "teal",
            "paid": "green",
            "refused": "red",
            "returned": "orange",
            "expired": "orange",
            "cancelled": "grey",
        },
        "employment_tracking.jobrecord": {
            "registered": "blue",
            "in_verification": "blue",
            "verified": "plain",
            "not_verified": "red",
            "corrected": "blue",
            "objected": "yellow",
            "void": "grey",
            "duplicate": "orange",
            "sustained": "plain",
            "ended": "grey",
        },
        "employment_tracking.claimdispute": {"open": "yellow", "kept": "plain", "moved": "plain"},
        "employment_tracking.verificationcase": {
            "open": "blue",
            "closed": "plain",
            "reopened": "yellow",
            "closed_finally": "plain",
        },
        "employment_tracking.campaign": {"planned": "yellow", "running": "blue", "paused": "orange", "ended": "plain"},
        "employment_tracking.diversioncase": {
            "open": "orange",
            "suspected": "orange",
            "in_hand": "blue",
            "confirmed": "red",
            "recovered": "plain",
            "dismissed": "plain",
            "closed": "plain",
        },
        "background.backgroundtask": {"waiting": "grey", "running": "blue", "done": "plain", "failed": "orange"},
        "messaging.outboundmessage": {
            "queued": "grey",
            "sending": "blue",
            "sent": "blue",
            "delivered": "plain",
            "undelivered": "orange",
            "blocked": "orange",
            "failed": "orange",
            "unknown": "orange",
            "cancelled": "grey",
        },
        "messaging.inboundmessage": {
            "received": "blue",
            "handled": "plain",
            "for_a_person": "yellow",
            "closed": "plain",
        },
    }.items()
    for status, colour in colours.items()
}

# The field that holds the status, where it has another name.
STATUS_FIELDS = {"applicants.inquiry": "result", "working_group.decision": "outcome"}

# What waits for another body is blue for the office; the body itself must move, and sees it yellow.
READER_COLOURS: dict[tuple[str, str, str], str] = {
    ("bank", "banks.referral", "issued"): "yellow",
    ("bank", "banks.referral", "confirmed"): "yellow",
    ("bank", "banks.referral", "file_opened"): "yellow",
    ("agency", "applicants.application", "returned"): "yellow",
    ("agency", "employment_tracking.jobrecord", "not_verified"): "yellow",
    ("office", "employment_tracking.jobrecord", "objected"): "yellow",
    ("agency", "employment_tracking.claimdispute", "open"): "blue",
    ("operator", "employment_tracking.verificationcase", "open"): "yellow",
}


def status_colour(label: str, status: str, reader: str = "") -> str:
    """The colour of a status for a reader ("bank", "agency", "office", "operator" or nobody in particular)."""
    default = STATUS_COLOURS.get((label, status), "grey")
    return READER_COLOURS.get((reader, label, status), default)


@register.filter
def status_tag(record: Model, reader: str = "") -> SafeString:
    """The status of a record in its own words and colour: ``{{ referral|status_tag }}``, ``…|status_tag:"bank"``."""
    label = record._meta.label_lower
    name = STATUS_FIELDS.get(label, "status")
    colour = status_colour(label, getattr(record, name), reader)
    return format_html('<span class="tag t-{}">{}</span>', colour, getattr(record, f"get_{name}_display")())


register.filter("shown", shown)


@register.filter
def whole_percent(value: object) -> int:
    """A share between 0 and 100 as the whole number that a class name needs (``v-45``)."""
    rounded = Decimal(str(value or 0)).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return int(min(max(rounded, Decimal(0)), Decimal(100)))


@register.filter
def page_numbers(page: Page) -> Iterator[int | None]:
    """Numbers to show under a list; ``None`` stands for a gap."""
    for number in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1):
        yield number if isinstance(number, int) else None


@register.simple_tag(takes_context=True)
def page_query(context: template.Context) -> str:
    """The request's parameters without ``page``, ready to be followed by ``page=2``."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    return f"{query.urlencode()}&" if query else ""


@register.simple_tag(takes_context=True)
def with_query(context: template.Context, **changes: object) -> str:
    """The present address with some parameters changed; an empty value takes the parameter off."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.filter
def field_kind(field: BoundField) -> str:
    """How a field is laid out: "group" (radios, several boxes), "check" (one box), "jalali" or "plain"."""
    widget = field.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "group"
    if isinstance(widget, CheckboxInput):
        return "check"
    return "jalali" if "data-jalali" in widget.attrs else "plain"


@register.simple_tag
def changelist_page(changelist: ChangeList, number: int) -> str:
    """The address of a page of an admin list."""
    return changelist.get_query_string({PAGE_VAR: number})


@register.filter
def readonly_contents(field: AdminReadonlyField) -> str:
    """What an admin form shows of a field that is only read; days in the Jalali calendar, amounts grouped."""
    name = field.field["name"]
    try:
        stored, _, value = lookup_field(name, field.form.instance, field.model_admin)
    except (AttributeError, ValueError, ObjectDoesNotExist):
        return field.contents()
    if isinstance(value, date) and not isinstance(value, datetime):
        return jalali_long(value)
    if stored is not None and stored.is_relation and isinstance(value, Model):
        return _linked(value, field.model_admin.admin_site)
    if stored is None or stored.is_relation or isinstance(value, dict | list):
        return field.contents()
    return shown_field(field.form.instance, stored)


def _linked(record: Model, site: AdminSite) -> SafeString:
    """Another record by its name, with the way to it where it has a page; people have pages for the administrator alone."""
    opts = record._meta
    if type(record) not in site._registry or isinstance(record, get_user_model()):
        return shown(str(record))
    return format_html(
        '<a href="{}">{}</a>',
        reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[record.pk]),
        shown(str(record)),
    )
