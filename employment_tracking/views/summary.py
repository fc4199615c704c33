"""A job record as names and values, for the look again and for its page."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from employment_tracking import checks
from employment_tracking.models import ClaimDispute, JobEvidence, JobRecord
from iran.calendar import format_jalali_long
from iran.text import to_persian_digits

_ORDER = (
    "first_name", "last_name", "national_id", "mobile", "mobile_owner_relation", "father_name", "birth_on", "gender", "phone_landline",
    "job_title", "starts_on", "kind", "funding", "hours_per_week", "insurance", "address", "postal_code", "district",
    "city", "rural_district", "village", "latitude", "longitude", "isic4", "supporter", "monitoring_code",
)  # fmt: skip
_CODES = ("national_id", "mobile", "phone_landline", "postal_code", "isic4", "latitude", "longitude")


def rows_of(record: JobRecord, papers: Iterable[tuple], *, only: Iterable[str] | None = None) -> list[dict]:
    """What a record says, without what is empty; ``papers`` are pairs of kind and file."""
    names = [name for name in _ORDER if only is None or name in only]
    rows = [
        {"label": JobRecord._meta.get_field(name).verbose_name, "value": _shown(record, name), "code": name in _CODES}
        for name in names
        if getattr(record, name) not in (None, "")
    ]
    kinds = dict(JobEvidence.Kind.choices)
    return rows + [{"label": kinds[kind], "value": file.name} for kind, file in papers]


def evidence_rows(record: JobRecord) -> list[dict]:
    return [
        {
            "label": paper.get_kind_display(),
            "value": paper.file.name,
            "url": reverse("job-evidence", args=[record.pk, paper.pk]),
            "link": _("Open"),
        }
        for paper in record.evidence.select_related("file").defer("file__content")
    ]


def _shown(record: JobRecord, name: str) -> str:
    value = getattr(record, name)
    if JobRecord._meta.get_field(name).choices:
        return getattr(record, f"get_{name}_display")()
    if isinstance(value, date):
        return format_jalali_long(value)
    return to_persian_digits(str(value))


def findings_of(record: JobRecord) -> list[str]:
    """What the automatic checks say of a record, to this reader."""
    return [checks.said(flag.code, flag.detail) for flag in record.flags.live().order_by("pk")]


def disputes_of(record: JobRecord) -> list[dict]:
    """Claims of and against a record, with the office's page of each."""
    found = ClaimDispute.objects.filter(Q(claim=record) | Q(against=record))
    return [
        {
            "url": reverse("admin:employment_tracking_claimdispute_change", args=[dispute.pk]),
            "label": dispute.get_status_display(),
        }
        for dispute in found
    ]
