"""What may happen at the phone level: who can be called when, what a call leads to, what may be corrected.

Pure: no query, no clock. Moments are aware and in the programme's time; hours of the day are Tehran's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from abarkuh_loans.errors import RuleError
from employment_tracking.models import Attempt, VerificationCase
from iran.calendar import TEHRAN, tehran_day
from iran.templatetags.iran import jalali_datetime
from iran.text import to_persian_digits
from quotas.models import Programme

Level, Outcome, Result = VerificationCase.Level, Attempt.Outcome, VerificationCase.Result
LEVELS = (Level.SMS, Level.PHONE, Level.FIELD)
OUTCOMES = (
    Outcome.CONFIRMED,
    Outcome.DENIED,
    Outcome.NO_ANSWER,
    Outcome.OFF,
    Outcome.WRONG_NUMBER,
    Outcome.CALL_LATER,
    Outcome.REFUSED,
)
ANSWERED = (Outcome.CONFIRMED, Outcome.DENIED)
# A person who always puts off is called this many times as often as one who never answers, then visited.
PUT_OFF_FACTOR = 2
CALL_LATER_DAYS = 14


class NotInHandError(RuleError):
    """Somebody else has this person now, or has recorded his result."""

    code = "not_in_hand"
    default_message = _("This person is no longer in your hands.")


class CallTimeError(RuleError):
    code = "call_later_at"
    field = "call_later_on"


class ScriptError(RuleError):
    code = "script"


class NoCorrectionError(RuleError):
    """A result that cannot be corrected: another's, too old, superseded, or overtaken."""

    code = "no_correction"


class OwnRegistrationError(RuleError):
    """Who registered a record cannot verify it (J2)."""

    code = "own_registration"
    default_message = _("You registered this record yourself; a colleague must verify it.")


@dataclass(frozen=True)
class CallRules:
    """The year's rules of the phone level. ``first_hour`` is the first hour of calls, ``last_hour`` when they end."""

    attempts: int
    days: int
    gap: timedelta
    first_hour: int
    last_hour: int
    lease: timedelta
    correction: timedelta

    @classmethod
    def of(cls, programme: Programme) -> "CallRules":
        first, last = (int(hour) for hour in programme.rule("phone_from_to_hours"))
        return cls(
            attempts=programme.rule("phone_attempts"),
            days=programme.rule("phone_days"),
            gap=timedelta(hours=programme.rule("phone_gap_hours")),
            first_hour=first,
            last_hour=last,
            lease=timedelta(minutes=programme.rule("call_lease_minutes")),
            correction=timedelta(minutes=programme.rule("correction_minutes")),
        )

    def are_hours(self, moment: datetime) -> bool:
        return self.first_hour <= moment.astimezone(TEHRAN).hour < self.last_hour


@dataclass(frozen=True)
class Call:
    """One call as it counts now: its outcome after corrections, at the moment when the person was called."""

    outcome: str
    at: datetime
    call_later_at: datetime | None = None


@dataclass(frozen=True)
class Step:
    """Where a case stands after its calls. ``next_at`` is empty for a closed case and for one that waits for a number."""

    level: str
    next_at: datetime | None = None
    result: str = ""


def step_after(calls: Sequence[Call], *, rules: CallRules, must_reach: str) -> Step:
    """What the last of a person's calls leads to; all that were made before are given too, in order.

    A yes closes the case unless a visit is demanded. A no, a refusal and a person who was not reached go to the field:
    only a visit may say that there is no job.
    """
    last = calls[-1]
    if last.outcome == Outcome.CONFIRMED and must_reach != Level.FIELD:
        return Step(Level.PHONE, result=Result.CONFIRMED)
    if last.outcome == Outcome.WRONG_NUMBER:
        return Step(Level.PHONE)
    if last.outcome == Outcome.CALL_LATER and len(calls) < PUT_OFF_FACTOR * rules.attempts:
        return Step(Level.PHONE, next_at=last.call_later_at)
    if last.outcome in (Outcome.NO_ANSWER, Outcome.OFF) and not is_unreached(calls, rules=rules):
        return Step(Level.PHONE, next_at=next_try(calls, rules=rules))
    return Step(Level.FIELD)


def tries(calls: Sequence[Call], *, rules: CallRules) -> list[datetime]:
    """The calls that count as tries to reach a person: those shortly after another are the same try.

    Calls before the last wrong number went to somebody else and do not count.
    """
    counted: list[datetime] = []
    for call in calls:
        if call.outcome == Outcome.WRONG_NUMBER:
            counted = []
        elif not counted or call.at - counted[-1] >= rules.gap:
            counted.append(call.at)
    return counted


def is_unreached(calls: Sequence[Call], *, rules: CallRules) -> bool:
    """Enough tries, on enough days, at different hours of the day."""
    counted = tries(calls, rules=rules)
    days, hours = {tehran_day(at) for at in counted}, {at.astimezone(TEHRAN).hour for at in counted}
    enough_hours = len(hours) > 1 or rules.attempts < 2
    return len(counted) >= rules.attempts and len(days) >= rules.days and enough_hours


def next_try(calls: Sequence[Call], *, rules: CallRules) -> datetime:
    """When a person who did not pick up is called again: later the same day, else another day at another hour."""
    counted, last = tries(calls, rules=rules), calls[-1].at.astimezone(TEHRAN)
    tries_left = rules.attempts - len(counted)
    days_missing = rules.days - len({tehran_day(at) for at in counted})
    later = last + rules.gap
    same_day = later.date() == last.date() and rules.are_hours(later)
    if same_day and tries_left > max(days_missing, 0):
        return later
    hours = [at.astimezone(TEHRAN).hour for at in counted]
    return datetime.combine(last.date() + timedelta(days=1), time(_other_hour(hours, rules)), tzinfo=TEHRAN)


def _other_hour(tried: Sequence[int], rules: CallRules) -> int:
    """The hour of calls that lies farthest from those already tried; of equals the earliest."""
    return max(
        range(rules.first_hour, max(rules.last_hour, rules.first_hour + 1)),
        key=lambda hour: (min((abs(hour - other) for other in tried), default=0), -hour),
    )


def check_call_later(at: datetime | None, *, rules: CallRules, now: datetime) -> None:
    """The hour that the person asked for: ahead, within two weeks, in the hours of calls. Raises CallTimeError."""
    if at is None:
        raise CallTimeError(_("Write the day and the hour at which the person asked to be called."))
    if at <= now:
        raise CallTimeError(_("The time of the next call must be later than now."))
    if at > now + timedelta(days=CALL_LATER_DAYS):
        raise CallTimeError(_("The time of the next call must be within the next two weeks."))
    if not rules.are_hours(at):
        raise CallTimeError(
            _("People are called between %(first)s and %(last)s o'clock; choose an hour between them.")
            % {"first": _persian(rules.first_hour), "last": _persian(rules.last_hour)},
            field="call_later_hour",
        )


def check_not_own(registered_by_id: int | None, *, by_id: int) -> None:
    """Say no to whoever registered the record (J2). Raises OwnRegistrationError."""
    if registered_by_id is not None and registered_by_id == by_id:
        raise OwnRegistrationError


def check_correction(
    attempt: Attempt, *, called_at: datetime, by_id: int, is_last: bool, rules: CallRules, now: datetime
) -> None:
    """Say no unless the author corrects his newest result in time. ``called_at``: of the call. Raises NoCorrectionError."""
    if attempt.happened_by_id != by_id:
        raise NoCorrectionError(_("Only the colleague who recorded this result may correct it."))
    if now - called_at > rules.correction:
        raise NoCorrectionError(
            _("A result can be corrected for %(minutes)s minutes; this one is of %(when)s. Tell the office.")
            % {"minutes": _persian(rules.correction // timedelta(minutes=1)), "when": jalali_datetime(called_at)}
        )
    if not is_last:
        raise NoCorrectionError(_("Something newer was recorded for this person; this result cannot be corrected."))


def _persian(number: int) -> str:
    return to_persian_digits(str(number))
