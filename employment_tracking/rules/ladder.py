"""Where a case begins, how far up it must go, and where an answer, a failure or silence takes it.

Pure: no query, no clock. Silence and a message that did not arrive are never a «no»: they lead to the next level, and
only a visit may say that there is no job. Source: docs/sources.md#verification.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from abarkuh_loans.errors import RuleError
from employment_tracking.models import Attempt, Campaign, JobRecord, RecordFlag, VerificationCase
from employment_tracking.rules.calls import LEVELS, Level, Outcome, Result, Step
from messaging.models import InboundMessage, OutboundMessage
from quotas.models import Programme

Meaning, Sent = InboundMessage.Meaning, OutboundMessage.Status
# Who can be asked: a record that waits for its verification, for the first time or after a correction.
ASKABLE = (JobRecord.Status.REGISTERED, JobRecord.Status.CORRECTED)
ARROWS: dict[str, frozenset[str]] = {
    Campaign.Status.PLANNED: frozenset({Campaign.Status.RUNNING, Campaign.Status.ENDED}),
    Campaign.Status.RUNNING: frozenset({Campaign.Status.PAUSED, Campaign.Status.ENDED}),
    Campaign.Status.PAUSED: frozenset({Campaign.Status.RUNNING, Campaign.Status.ENDED}),
    Campaign.Status.ENDED: frozenset(),
}
SUPPORTER, LARGE_LOAN = "supporter", "large_loan"
REASONS = {
    **dict(RecordFlag.Code.choices),
    SUPPORTER: _("supporter of home workers"),
    LARGE_LOAN: _("loan above the limit for visits"),
}


class CampaignStateError(RuleError):
    code = "wrong_state"


class NobodyToAskError(RuleError):
    code = "nobody_to_ask"
    default_message = _("Nobody waits for verification with this choice. Widen it, or wait for new records.")


@dataclass(frozen=True)
class LadderRules:
    """The year's rules of who is asked and how far up the ladder he must go."""

    share_percent: int
    wait: timedelta
    reminders: int
    reply_counts: timedelta
    yes_closes: bool
    voice: bool
    to_phone: frozenset[str]
    to_field: frozenset[str]
    field_above_rial: int
    field_for_supporters: bool

    @classmethod
    def of(cls, programme: Programme) -> "LadderRules":
        return cls(
            share_percent=programme.rule("verify_share_percent"),
            wait=timedelta(hours=programme.rule("sms_wait_hours")),
            reminders=programme.rule("sms_reminders"),
            reply_counts=timedelta(days=programme.rule("sms_reply_days")),
            yes_closes=programme.rule("sms_yes_closes"),
            voice=programme.rule("voice_announces"),
            to_phone=frozenset(programme.rule("flags_to_phone")),
            to_field=frozenset(programme.rule("flags_to_field")),
            field_above_rial=programme.rule("field_above_rial"),
            field_for_supporters=programme.rule("field_for_supporters"),
        )


def must_reach(
    flags: Iterable[str], *, is_supporter: bool, loan_rial: int, rules: LadderRules
) -> tuple[str, list[str]]:
    """The lowest level whose «yes» may close a case, and the codes of what demands it (see ``REASONS``)."""
    found = sorted(set(flags))
    to_field = [code for code in found if code in rules.to_field]
    to_phone = [code for code in found if code in rules.to_phone and code not in rules.to_field]
    if is_supporter and rules.field_for_supporters:
        to_field.append(SUPPORTER)
    if loan_rial > rules.field_above_rial:
        to_field.append(LARGE_LOAN)
    level = Level.FIELD if to_field else Level.PHONE if to_phone else Level.SMS
    return level, [*to_field, *to_phone]


def higher(*levels: str) -> str:
    return max(levels, key=LEVELS.index)


def after_reply(meaning: str, *, must_reach: str, is_shared: bool, rules: LadderRules, now: datetime) -> Step:
    """Where an answer by SMS takes a case of that level.

    A yes closes it where nothing higher is demanded and the mobile is one person's; else it goes up with the yes.
    Everything else is asked again by phone.
    """
    if meaning != Meaning.YES:
        return Step(Level.PHONE, next_at=now)
    least = Level.PHONE if is_shared or not rules.yes_closes else Level.SMS
    level = higher(must_reach, least)
    if level == Level.SMS:
        return Step(Level.SMS, result=Result.CONFIRMED)
    return Step(level, next_at=now if level == Level.PHONE else None)


class Fate(StrEnum):
    """What became of a question, as far as the ladder is concerned."""

    UNDER_WAY = "under_way"  # not sent yet: nobody can have answered
    HELD_BACK = "held_back"  # taken back by us before it was sent, because the campaign was paused
    WAITING = "waiting"  # it is with the person, or may be
    FAILED = "failed"  # it will not arrive


def fate_of(status: str, *, failure: str, is_settled: bool) -> Fate:
    """``is_settled``: the gateway itself said its last word. A phone that is off may still get the message, and what
    only a call-back told of is asked about first.
    """
    if status in (Sent.QUEUED, Sent.SENDING):
        return Fate.UNDER_WAY
    if status == Sent.CANCELLED:
        return Fate.HELD_BACK if failure == "cancelled" else Fate.FAILED
    if status in (Sent.FAILED, Sent.UNDELIVERED, Sent.BLOCKED) and is_settled:
        return Fate.FAILED
    return Fate.WAITING


def outcome_of_failure(status: str, *, failure: str) -> str:
    """How a question that will not arrive is written down."""
    if failure == "bad_number":
        return Outcome.WRONG_NUMBER
    if failure == "opted_out":
        return Outcome.OPTED_OUT
    return Outcome.BLOCKED if status == Sent.BLOCKED else Outcome.UNDELIVERED


def is_announced(outcome: str, *, rules: LadderRules) -> bool:
    """Whether a voice message goes before the call: for whom SMS does not reach, and as a reminder for the silent."""
    return rules.voice and outcome in (Outcome.BLOCKED, Outcome.UNDELIVERED, Outcome.SILENT)


def is_reminded(reminders_sent: int, *, rules: LadderRules) -> bool:
    return reminders_sent < rules.reminders


OUTCOME_OF_MEANING = {
    Meaning.YES: Attempt.Outcome.YES,
    Meaning.NO: Attempt.Outcome.NO,
    Meaning.OPT_OUT: Attempt.Outcome.OPTED_OUT,
    Meaning.UNCLEAR: Attempt.Outcome.UNCLEAR,
}


def rank(seed: str, record_id: int) -> str:
    """The place of a record in the draw: anybody with the seed can compute it again."""
    return hashlib.sha256(f"{seed}:{record_id}".encode("ascii")).hexdigest()


def draw(frame: Sequence[int], *, share_percent: int, seed: str) -> list[int]:
    """The records that are asked: all, or the year's share, rounded up, by the seed. In the order of the numbers."""
    size = -(-len(frame) * share_percent // 100)
    if size >= len(frame):
        return sorted(frame)
    return sorted(sorted(frame, key=lambda record_id: rank(seed, record_id))[:size])


def digest(ids: Iterable[int]) -> str:
    """By which a list of records can be compared with another (J3)."""
    return hashlib.sha256(",".join(map(str, sorted(ids))).encode("ascii")).hexdigest()


def check_campaign_move(campaign: Campaign, *, to: str) -> None:
    """Say no to an arrow that a campaign's life does not have. Raises CampaignStateError."""
    if to not in ARROWS[campaign.status]:
        raise CampaignStateError(
            _("This campaign is «%(present)s» now and cannot become «%(to)s».")
            % {"present": campaign.get_status_display(), "to": Campaign.Status(to).label}
        )


RESUME_INSTEAD = _("This campaign is paused; resume it.")
START_INSTEAD = _("This campaign was not started yet; start it.")
OPEN_ELSEWHERE = _("This person is being verified in «%(campaign)s»; his case there is open.")
NOT_VERIFIABLE = _("The record is «%(status)s» and is not verified any more.")


class ReopenError(RuleError):
    code = "reopen"


def check_reopen(case: VerificationCase, *, level: str, reason: str, levels: Collection[str]) -> None:
    """Say no unless a closed case is re-opened with a reason, at a level that can be worked on. Raises ReopenError."""
    if case.status not in (case.Status.CLOSED, case.Status.CLOSED_FINALLY):
        raise ReopenError(_("This case is not closed."))
    if not reason.strip():
        raise ReopenError(_("Write why the case is opened again."), field="reason")
    if level not in levels:
        raise ReopenError(
            _("Calls are made in a running campaign only. Have this person visited instead."), field="level"
        )
