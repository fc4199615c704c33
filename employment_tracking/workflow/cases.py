"""What every step of the ladder is made of: locking cases, taking them up a level, closing them, opening them again.

Set-based: a batch of any size costs the same few statements. Lock order: campaigns, job records by id, cases by id,
messages. All moments are the programme's.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import models, transaction

from employment_tracking.models import Attempt, Campaign, JobRecord, JobRecordEvent, RecordFlag, VerificationCase
from employment_tracking.rules import ladder as rules
from employment_tracking.rules.calls import Level, Result, check_not_own
from employment_tracking.rules.register import TRANSITIONS
from messaging import outbox
from messaging.models import OutboundMessage

Case = VerificationCase
OPEN = (Case.Status.OPEN, Case.Status.REOPENED)
STRUCK_OUT = (JobRecord.Status.VOID, JobRecord.Status.DUPLICATE)
QUESTION, REMINDER = "job_check", "job_check_2"
ANNOUNCEMENT, VOICE_REMINDER = "job_call", "job_call_2"
QUESTIONS = (QUESTION, REMINDER)
_CLOSED = models.Case(
    models.When(status=Case.Status.REOPENED, then=models.Value(Case.Status.CLOSED_FINALLY)),
    default=models.Value(Case.Status.CLOSED),
)
RECORD_AFTER = {
    Result.CONFIRMED: JobRecord.Status.VERIFIED,
    Result.DENIED: JobRecord.Status.NOT_VERIFIED,
    Result.UNREACHED: JobRecord.Status.REGISTERED,
}


def flag_codes(record_ids: Collection[int]) -> dict[int, set[str]]:
    """The rules that speak against each record now; records without any are left out."""
    found: dict[int, set[str]] = {}
    live = RecordFlag.everything.live().filter(record__in=list(record_ids))
    for record_id, code in live.values_list("record_id", "code"):
        found.setdefault(record_id, set()).add(code)
    return found


def lock(case_ids: Iterable[int], *, with_records: bool = False, skip_locked: bool = False, **still) -> list[Case]:
    """The cases that are ``still`` as the caller found them, locked in order, each with its record (locked first).

    ``skip_locked`` leaves out what an operator or another worker holds; the next run finds it.
    """
    ids = list(case_ids)
    if with_records:
        records = JobRecord.everything.filter(cases__in=ids).order_by("pk")
        held = records.select_for_update(of=("self",), skip_locked=skip_locked, no_key=True).values_list(
            "pk", flat=True
        )
        still["record__in"] = list(held)
    rows = Case.everything.filter(pk__in=ids, **still).order_by("pk").select_related("record")
    return list(rows.select_for_update(of=("self",), skip_locked=skip_locked, no_key=True))


def climb(case_ids: Collection[int], *, level: str, now: datetime, next_at: datetime | None) -> None:
    """Take locked cases to a level; messages that wait in the queue are taken back. They are in nobody's hands."""
    if not case_ids:
        return
    Case.everything.filter(pk__in=case_ids).update(
        level=level, level_since=now, next_at=next_at, lease_by=None, lease_until=None
    )
    _take_back_messages(case_ids)


def settle(case_ids: Collection[int], *, result: str, now: datetime, by=None, reason: str = "") -> None:
    """Close locked open cases with a result, and move their locked records with them.

    Confirmed makes a record verified, denied (at the field level alone) not verified. Whoever was not reached is
    neither: the record is registered as before, and a later campaign asks again.
    """
    close(case_ids, result=result, now=now)
    move_records(case_ids, to=RECORD_AFTER[result], by=by, reason=reason)


def withdraw(record_ids: Collection[int], *, now: datetime) -> None:
    """Locked records count no more: their open cases close without an answer, out of everybody's hands."""
    ids = Case.everything.filter(record__in=record_ids, status__in=OPEN).values_list("pk", flat=True)
    close([case.pk for case in lock(ids, status__in=OPEN)], result=Result.WITHDRAWN, now=now)


def close(case_ids: Collection[int], *, result: str, now: datetime) -> None:
    """Close locked open cases; their records stay as they are."""
    if not case_ids:
        return
    Case.everything.filter(pk__in=case_ids, status__in=OPEN).update(
        status=_CLOSED,
        result=result,
        closed_at=now,
        next_at=None,
        lease_by=None,
        lease_until=None,
    )
    _take_back_messages(case_ids)


def move_records(case_ids: Collection[int], *, to: str, by=None, reason: str = "") -> None:
    """Take one arrow with the locked records of cases that have it; a record struck out meanwhile stays as it is."""
    if not case_ids:
        return
    able = [status for status, arrows in TRANSITIONS.items() if to in arrows and status not in STRUCK_OUT]
    rows = JobRecord.everything.filter(cases__in=case_ids, status__in=able)
    before = dict(rows.values_list("pk", "status"))
    JobRecord.everything.filter(pk__in=before).update(status=to)
    JobRecordEvent.everything.bulk_create(
        JobRecordEvent(record_id=pk, from_status=status, to_status=to, reason=reason, happened_by=by)
        for pk, status in sorted(before.items())
    )


def _take_back_messages(case_ids: Collection[int]) -> None:
    waiting = Attempt.everything.filter(case__in=case_ids, message__status=OutboundMessage.Status.QUEUED)
    if ids := list(waiting.values_list("message_id", flat=True)):
        outbox.cancel(ids)


@transaction.atomic
def reopen(*, case_id: int, reason: str, level: str, by, now: datetime) -> Case:
    """Open a closed case again, at the phone or for a visit. Its earlier result stays written and counts no more.

    Raises ReopenError.
    """
    campaigns = Campaign.everything.select_for_update(of=("self",), no_key=True)
    campaign = campaigns.get(pk=Case.everything.values_list("campaign_id", flat=True).get(pk=case_id))
    case = lock([case_id], with_records=True)[0]
    levels = (Level.FIELD,) if campaign.status == Campaign.Status.ENDED else (Level.PHONE, Level.FIELD)
    rules.check_reopen(case, level=level, reason=reason, levels=levels)
    _check_only_one(case)
    Attempt.everything.create(
        case=case,
        channel=Attempt.Channel.UPSTREAM,
        number=1 + case.attempts(manager="everything").filter(channel=Attempt.Channel.UPSTREAM).count(),
        outcome=Attempt.Outcome.REOPENED,
        answers={"result": case.result},
        note=reason.strip(),
        happened_at=now,
        happened_by=by,
    )
    case.status, case.level, case.level_since = Case.Status.REOPENED, level, now
    case.next_at, case.result, case.closed_at = (now if level == Level.PHONE else None), "", None
    case.save(update_fields=["status", "level", "level_since", "next_at", "result", "closed_at"])
    move_records([case.pk], to=JobRecord.Status.IN_VERIFICATION, by=by, reason=reason.strip())
    return case


def _check_only_one(case: Case) -> None:
    """A person asked again in a later campaign is verified there; a struck-out record is not verified at all."""
    other = Case.everything.filter(record=case.record_id, status__in=OPEN).select_related("campaign").first()
    if other is not None:
        raise rules.ReopenError(rules.OPEN_ELSEWHERE % {"campaign": other.campaign})
    if JobRecord.Status.IN_VERIFICATION not in TRANSITIONS[case.record.status]:
        raise rules.ReopenError(rules.NOT_VERIFIABLE % {"status": case.record.get_status_display()})


@transaction.atomic
def assign(*, case_ids: Collection[int], inspector, by) -> int:
    """Give cases of the field queue to an inspector, or take them back (``None``); says how many changed hands.

    Raises OwnRegistrationError for a record that the inspector registered himself (J2).
    """
    cases = lock(case_ids, level=Level.FIELD, status__in=OPEN)
    for case in cases:
        if inspector is not None:
            check_not_own(case.record.registered_by_id, by_id=inspector.pk)
    ids = [case.pk for case in cases if case.inspector_id != (inspector.pk if inspector else None)]
    return Case.everything.filter(pk__in=ids).update(inspector=inspector)
