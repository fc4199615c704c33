"""What an operator reads about a person: what the agency registered, and what happened so far."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from employment_tracking.models import Attempt, JobRecord
from iran.templatetags.iran import jalali_datetime, jalali_long
from iran.text import to_persian_digits


def registered_rows(record: JobRecord) -> list[dict]:
    """The record in the words of the script: only what is needed to ask."""
    place = "، ".join(part for part in (record.village or record.city, record.address) if part)
    return [
        {"label": _("Job"), "value": record.job_title},
        {"label": _("Agency"), "value": str(record.agency)},
        {"label": _("Workplace"), "value": to_persian_digits(place)},
        {"label": _("Work began"), "value": jalali_long(record.starts_on)},
        {"label": _("Hours a week"), "value": to_persian_digits(str(record.hours_per_week or ""))},
        {"label": _("Source"), "value": record.get_funding_display()},
        {"label": _("Registered"), "value": jalali_long(record.registered_on)},
    ]


def events_of(attempts: Iterable[Attempt]) -> list[dict]:
    """The steps of a case, newest first; an answer by SMS is shown as it was written."""
    attempts = list(attempts)
    corrected = {attempt.supersedes_id for attempt in attempts}
    return [
        {
            "title": _("%(channel)s: %(outcome)s")
            % {"channel": attempt.get_channel_display(), "outcome": attempt.get_outcome_display()}
            + (_(" (corrected later)") if attempt.pk in corrected else ""),
            "at": jalali_datetime(attempt.happened_at),
            "by": str(attempt.happened_by) if attempt.happened_by_id else "",
            "note": _note(attempt),
        }
        for attempt in attempts
    ]


def _note(attempt: Attempt) -> str:
    reply = _("Reply: «%(text)s»") % {"text": to_persian_digits(attempt.inbound.text[:200])} if attempt.inbound else ""
    return " ".join(part for part in (reply, attempt.note) if part)
