"""The year's arithmetic: pure decisions about amounts and jobs. Amounts in rial."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from abarkuh_loans.errors import RuleError
from iran.calendar import jalali_year, month_of, month_range, year_range
from iran.money import rial
from quotas.models import LoanTerm


class AmountOverCeilingError(RuleError):
    code = "amount_over_ceiling"
    field = "requested_rial"


class JobsOutOfRangeError(RuleError):
    code = "jobs_out_of_range"
    field = "promised_jobs"


class NoticeBelowUseError(RuleError):
    """A notice would lower a pool below what is in use (C4)."""

    code = "notice_below_use"


class EmptyNoticeError(RuleError):
    code = "notice_empty"
    default_message = _("Write the change of at least one pool.")


class LetterAlreadyRecordedError(RuleError):
    code = "letter_already_recorded"
    field = "letter_number"
    default_message = _("A notice with this letter number is already recorded.")


def share_field(bank_id: int | None) -> str:
    """The form field in which a bank's share of a notice is typed."""
    return f"share_{bank_id or 'general'}"


def ceiling_rial(term: LoanTerm, promised_jobs: int) -> int:
    """The most that may be asked: the track's ceiling or the per-job ceiling times the jobs, whichever is less (A2)."""
    return min(term.ceiling_rial, term.per_job_rial * promised_jobs)


def check_amount(term: LoanTerm, *, promised_jobs: int, amount_rial: int) -> None:
    """Say no to an amount over the year's ceiling. Raises AmountOverCeilingError."""
    most = ceiling_rial(term, promised_jobs)
    if amount_rial > most:
        raise AmountOverCeilingError(
            _("The amount is over the ceiling of %(ceiling)s for %(jobs)s promised jobs.")
            % {"ceiling": rial(most), "jobs": promised_jobs}
        )


def check_jobs(term: LoanTerm, *, promised_jobs: int) -> None:
    """Say no to fewer or more promised jobs than the track allows. Raises JobsOutOfRangeError."""
    if not term.min_jobs <= promised_jobs <= term.max_jobs:
        raise JobsOutOfRangeError(
            _("The kind «%(track)s» promises between %(min)s and %(max)s jobs.")
            % {"track": term.get_track_display(), "min": term.min_jobs, "max": term.max_jobs}
        )


def planned_to_date(months: dict[int, int], *, year: int, today: date) -> int:
    """Jobs that a monthly plan expects up to and including ``today``: whole months, and the running one by its days.

    ``months`` gives the jobs of each month (1–12) of the Solar Hijri ``year``. Before the year it is nothing, after it
    the whole plan.
    """
    if jalali_year(today) != year:
        return sum(months.values()) if jalali_year(today) > year else 0
    running = month_of(today)[1]
    first, last = month_range(year, running)
    days, length = (today - first).days + 1, (last - first).days + 1
    return sum(jobs for month, jobs in months.items() if month < running) + months.get(running, 0) * days // length


def even_plan(jobs: int) -> dict[int, int]:
    """A year's jobs over its twelve months as evenly as whole numbers allow: the plan of whoever wrote none."""
    return {month: jobs * month // 12 - jobs * (month - 1) // 12 for month in range(1, 13)}


def needed_per_month(left: int, *, year: int, today: date) -> int:
    """Jobs a month with which ``left`` jobs are reached by the end of the year; all of them in its last month.

    The running month counts by the days that are left of it: 832 jobs at the end of the fifth month are 119 a month.
    """
    first, last = year_range(year)
    if left <= 0:
        return 0
    if today >= last:
        return left
    running = month_of(max(today, first))[1]
    begins, ends = month_range(year, running)
    length = (ends - begins).days + 1
    gone = 0 if today < first else (today - begins).days + 1
    days = (12 - running) * length + length - gone  # in days of the running month
    return left if days <= length else -(-left * length // days)
