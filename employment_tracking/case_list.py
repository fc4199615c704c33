"""A campaign's cases as lists: the ready-made filters, what they pick, and the Excel file. Every figure opens one."""

from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from abarkuh_loans import spreadsheet
from employment_tracking.models import Attempt, Campaign, VerificationCase
from employment_tracking.rules.ladder import REASONS
from iran.templatetags.iran import jalali_datetime
from iran.text import search_key

Case, Outcome = VerificationCase, Attempt.Outcome
OPEN = Q(status__in=[Case.Status.OPEN, Case.Status.REOPENED])
CLOSED = Q(status__in=[Case.Status.CLOSED, Case.Status.CLOSED_FINALLY])
# What a person said himself, in whatever way.
SAID = (
    Outcome.YES, Outcome.NO, Outcome.UNCLEAR, Outcome.OPTED_OUT, Outcome.CONFIRMED, Outcome.DENIED, Outcome.CALL_LATER,
    Outcome.REFUSED,
)  # fmt: skip
SILENT = OPEN & ~Q(Exists(Attempt.everything.filter(case=OuterRef("pk"), outcome__in=SAID)))
WAITS_FOR_NUMBER = OPEN & Q(level=Case.Level.PHONE, next_at=None)

FILTERS: dict[str, tuple[str, Q]] = {
    "sms": (_lazy("waiting for an answer by SMS"), OPEN & Q(level=Case.Level.SMS)),
    "phone": (_lazy("to be called"), OPEN & Q(level=Case.Level.PHONE)),
    "number": (_lazy("waiting for a new number"), WAITS_FOR_NUMBER),
    "field": (_lazy("to be visited"), OPEN & Q(level=Case.Level.FIELD)),
    "silent": (_lazy("silent until now"), SILENT),
    "confirmed": (_lazy("confirmed"), CLOSED & Q(result=Case.Result.CONFIRMED)),
    "denied": (_lazy("not confirmed"), CLOSED & Q(result=Case.Result.DENIED)),
    "unreached": (_lazy("not reached until the end"), CLOSED & Q(result=Case.Result.UNREACHED)),
    "withdrawn": (_lazy("withdrawn, the record no longer counts"), CLOSED & Q(result=Case.Result.WITHDRAWN)),
    "reopened": (_lazy("opened again"), Q(status__in=[Case.Status.REOPENED, Case.Status.CLOSED_FINALLY])),
}


def listed(rows, asked: QueryDict):
    """The rows that ``?filter=``, ``?agency=`` and ``?q=`` ask for; an unknown filter or agency picks all."""
    if asked.get("filter") in FILTERS:
        rows = rows.filter(FILTERS[asked["filter"]][1])
    agency = asked.get("agency", "")
    if agency.isascii() and agency.isdigit() and len(agency) < 19:
        rows = rows.filter(record__agency=int(agency))
    for word in search_key(asked.get("q", "")[:100]).split()[:6]:
        rows = rows.filter(record__search_text__contains=word)
    return rows.select_related("record__agency").order_by("record__sort_name", "pk")


def counts(rows) -> dict[str, int]:
    """How many cases there are in all and under each filter; one query."""
    return rows.aggregate(
        all=Count("pk"), **{name: Count("pk", filter=picks) for name, (_label, picks) in FILTERS.items()}
    )


def reasons_of(case: Case) -> list[str]:
    return [str(REASONS.get(code, code)) for code in case.reasons]


def workbook(campaign: Campaign, cases: Iterable[Case]) -> bytes:
    return spreadsheet.workbook(_("Verification"), _columns(), map(_cells, cases))


def _columns() -> list[tuple[str, int]]:
    return [
        (_("name"), 26),
        (_("national ID"), 14),
        (_("mobile"), 14),
        (_("Agency"), 30),
        (_("Job"), 22),
        (_("level"), 14),
        (_("status"), 14),
        (_("result"), 14),
        (_("must reach"), 14),
        (_("why this level"), 40),
        (_("at this level since"), 20),
        (_("closed at"), 20),
    ]


def _cells(case: Case) -> list[str]:
    record = case.record
    return [
        record.full_name,
        record.national_id,
        record.mobile,
        record.agency.name,
        record.job_title,
        str(case.get_level_display()),
        str(case.get_status_display()),
        str(case.get_result_display()) if case.result else "",
        str(case.get_must_reach_display()),
        "، ".join(reasons_of(case)),
        jalali_datetime(case.level_since),
        jalali_datetime(case.closed_at) if case.closed_at else "",
    ]
