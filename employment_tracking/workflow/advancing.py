"""What time does to open cases: beat's steps, each a small transaction over the cases that are due.

Safe to run twice, at once and after a kill. Whoever works on a campaign holds its row (others skip it), so that a pause
is a pause: nothing is queued after it. Cases that an operator or the inbox holds are skipped and found next time.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from employment_tracking.models import Attempt, Campaign, RecordReturn, VerificationCase
from employment_tracking.rules import ladder as rules
from employment_tracking.rules.calls import Level, Outcome, Result
from employment_tracking.workflow.asking import ask
from employment_tracking.workflow.cases import (
    ANNOUNCEMENT,
    OPEN,
    QUESTION,
    REMINDER,
    VOICE_REMINDER,
    climb,
    lock,
    settle,
)
from employment_tracking.workflow.corrections import send_back
from employment_tracking.workflow.opening import open_batch
from messaging.models import OutboundMessage
from quotas.models import Programme

BATCH = 1_000
MOST_ROUNDS = 300  # of one step in one run: the next minute goes on
Case, Channel, Sent = VerificationCase, Attempt.Channel, OutboundMessage.Status
Fate = rules.Fate
# of an ended campaign: nobody is asked any more, and who was re-opened for a call is visited
UNFINISHED = Q(status=Case.Status.OPEN) | Q(status=Case.Status.REOPENED, level__in=[Level.SMS, Level.PHONE])


def advance(*, now: datetime) -> dict[str, int]:
    """Every step of every campaign until nothing is due; says how many cases each step moved."""
    found = Counter({step: 0 for step, _work in STEPS})
    still_open = Exists(Case.everything.filter(UNFINISHED, campaign=OuterRef("pk")))
    alive = Q(status=Campaign.Status.RUNNING) | Q(still_open, status=Campaign.Status.ENDED)
    for campaign_id in Campaign.everything.filter(alive).order_by("pk").values_list("pk", flat=True):
        for step, work in STEPS:
            found[step] += _until_done(work, campaign_id=campaign_id, now=now)
    return dict(found)


def _until_done(work: Callable[..., int], **about) -> int:
    moved = 0
    for _round in range(MOST_ROUNDS):
        done = work(**about)
        moved += done
        if not done:
            break
    return moved


def _held(campaign_id: int, status: str = Campaign.Status.RUNNING) -> Programme | None:
    """Hold the campaign for this transaction and give its programme; ``None``: it stands still or another works on it."""
    rows = Campaign.everything.filter(pk=campaign_id, status=status)
    campaign = rows.select_for_update(of=("self",), skip_locked=True, no_key=True).first()
    return Programme.everything.select_related("county").get(pk=campaign.programme_id) if campaign else None


def _newest_questions(campaign_id: int):
    """The last question of each case that waits at the SMS level, with its message."""
    asked = {"channel": Channel.SMS, "message__isnull": False}
    later = Attempt.everything.filter(case=OuterRef("case"), pk__gt=OuterRef("pk"), **asked)
    rows = Attempt.everything.filter(case__campaign=campaign_id, case__status__in=OPEN, case__level=Level.SMS, **asked)
    return rows.filter(~Exists(later)).order_by("case_id").select_related("message")


def _at_sms(case_ids, **still) -> list[Case]:
    return lock(case_ids, skip_locked=True, status__in=OPEN, level=Level.SMS, **still)


@transaction.atomic
def begin_waiting(*, campaign_id: int, now: datetime) -> int:
    """The time for an answer begins when the question has left, not when it was queued."""
    if (programme := _held(campaign_id)) is None:
        return 0
    with_person = [Sent.SENT, Sent.DELIVERED, Sent.UNKNOWN, Sent.UNDELIVERED, Sent.BLOCKED, Sent.FAILED]
    rows = _newest_questions(campaign_id).filter(case__next_at=None, message__status__in=with_person)
    ids = [row.case_id for row in rows[:BATCH] if _fate(row.message) == Fate.WAITING]
    cases = _at_sms(ids, next_at=None)
    wait = rules.LadderRules.of(programme).wait
    return Case.everything.filter(pk__in=[case.pk for case in cases]).update(next_at=now + wait)


def _fate(message: OutboundMessage) -> str:
    is_settled = message.ended_at is not None and message.poll_at is None
    return rules.fate_of(message.status, failure=message.failure, is_settled=is_settled)


@transaction.atomic
def ask_again(*, campaign_id: int, now: datetime) -> int:
    """Questions that a pause took back are asked anew."""
    if (programme := _held(campaign_id)) is None:
        return 0
    rows = _newest_questions(campaign_id).filter(message__status=Sent.CANCELLED, message__failure="cancelled")
    purposes = {row.case_id: row.message.purpose for row in rows[:BATCH]}
    cases = _at_sms(purposes)
    for purpose in (QUESTION, REMINDER):
        ask([case for case in cases if purposes[case.pk] == purpose], purpose=purpose, programme=programme, now=now)
    Case.everything.filter(pk__in=[case.pk for case in cases]).update(next_at=None)
    return len(cases)


@transaction.atomic
def leave_sms(*, campaign_id: int, now: datetime) -> int:
    """A question that will not arrive is no answer: the person is called at once, or his agency asked for his number."""
    if (programme := _held(campaign_id)) is None:
        return 0
    lost = Q(message__status__in=[Sent.UNDELIVERED, Sent.BLOCKED, Sent.FAILED])
    settled = Q(message__ended_at__isnull=False, message__poll_at=None)
    refused = Q(message__status=Sent.CANCELLED) & ~Q(message__failure="cancelled")
    rows = _newest_questions(campaign_id).filter(lost & settled | refused)
    newest = {row.case_id: row for row in rows[:BATCH]}
    cases = _at_sms(newest)
    by_outcome: dict[str, list[Case]] = {}
    for case in cases:
        message = newest[case.pk].message
        outcome = rules.outcome_of_failure(message.status, failure=message.failure)
        by_outcome.setdefault(outcome, []).append(case)
    for outcome, group in sorted(by_outcome.items()):
        numbers = {case.pk: newest[case.pk].number for case in group}
        _to_phone(group, outcome=outcome, numbers=numbers, programme=programme, now=now)
    return len(cases)


@transaction.atomic
def take_silence(*, campaign_id: int, now: datetime) -> int:
    """Who has not answered in time is reminded, then called."""
    if (programme := _held(campaign_id)) is None:
        return 0
    year = rules.LadderRules.of(programme)
    due = Case.everything.filter(campaign=campaign_id, status__in=OPEN, level=Level.SMS, next_at__lte=now)
    cases = _at_sms(due.order_by("next_at", "pk").values_list("pk", flat=True)[:BATCH], next_at__lte=now)
    numbers, reminders = _asked_so_far(cases)
    reminded = [case for case in cases if rules.is_reminded(reminders[case.pk], rules=year)]
    silent = [case for case in cases if not rules.is_reminded(reminders[case.pk], rules=year)]
    Case.everything.filter(pk__in=[case.pk for case in reminded]).update(next_at=None)
    ask(reminded, purpose=REMINDER, programme=programme, now=now)
    _to_phone(silent, outcome=Outcome.SILENT, numbers=numbers, programme=programme, now=now)
    return len(cases)


def _asked_so_far(cases: list[Case]) -> tuple[dict[int, int], dict[int, int]]:
    """The number of each case's last question, and how many reminders have left to the number that it has now."""
    rows = Attempt.everything.filter(case__in=cases, channel=Channel.SMS, message__isnull=False).order_by()
    reached = ~Q(message__status=Sent.CANCELLED) & Q(message__receptor=F("case__record__mobile"))
    counted = rows.values_list("case_id").annotate(
        asked=Count("pk"), reminders=Count("pk", filter=Q(outcome=Outcome.REMINDED) & reached)
    )
    found = {case_id: (asked, reminders) for case_id, asked, reminders in counted}
    numbers = {case.pk: found.get(case.pk, (1, 0))[0] for case in cases}
    return numbers, {case.pk: found.get(case.pk, (1, 0))[1] for case in cases}


def _to_phone(cases: list[Case], *, outcome: str, numbers: dict[int, int], programme: Programme, now: datetime) -> None:
    """Write down why SMS is over, queue the cases for a call, and have the call announced where the rules say so."""
    if not cases:
        return
    Attempt.everything.bulk_create(
        Attempt(case=case, channel=Channel.SMS, number=numbers[case.pk], outcome=outcome, happened_at=now)
        for case in cases
    )
    is_bad_number = outcome == Outcome.WRONG_NUMBER
    climb([case.pk for case in cases], level=Level.PHONE, now=now, next_at=None if is_bad_number else now)
    if rules.is_announced(outcome, rules=rules.LadderRules.of(programme)):
        purpose = VOICE_REMINDER if outcome == Outcome.SILENT else ANNOUNCEMENT
        ask(cases, purpose=purpose, programme=programme, now=now)


@transaction.atomic
def renew_numbers(*, campaign_id: int, now: datetime) -> int:
    """Cases that wait for a number: the agency is asked for another; as soon as it stands on the record, SMS begins anew.

    A number is new when it is not the one of the person's last message, whoever has changed it.
    """
    if (programme := _held(campaign_id)) is None:
        return 0
    newest = Attempt.everything.filter(case=OuterRef("pk"), message__isnull=False).order_by("-pk")
    waiting = (
        needing_new_mobile()
        .filter(campaign=campaign_id)
        .annotate(tried=Coalesce(Subquery(newest.values("message__receptor")[:1]), Value("")))
    )
    sent_back = Exists(RecordReturn.everything.waiting().filter(record=OuterRef("record")))
    due = waiting.filter(~Q(tried=F("record__mobile")) | ~sent_back).order_by("record_id")
    tried = dict(due.values_list("pk", "tried")[:BATCH])
    cases = lock(tried, with_records=True, skip_locked=True, status__in=OPEN, level=Level.PHONE, next_at=None)
    renewed = [case for case in cases if case.record.mobile != tried[case.pk]]
    climb([case.pk for case in renewed], level=Level.SMS, now=now, next_at=None)
    ask(renewed, purpose=QUESTION, programme=programme, now=now)
    for case in cases:
        if case not in renewed:
            send_back(record_id=case.record_id, cause=RecordReturn.Cause.MOBILE)
    return len(cases)


def needing_new_mobile():
    """Open cases that wait until the agency gives another number for the person."""
    return Case.everything.filter(status__in=OPEN, level=Level.PHONE, next_at=None)


@transaction.atomic
def close_unreached(*, campaign_id: int, now: datetime) -> int:
    """The campaign is over: who was not reached until now is written down so. Re-opened cases wait for a visit."""
    if _held(campaign_id, Campaign.Status.ENDED) is None:
        return 0
    rows = Case.everything.filter(UNFINISHED, campaign=campaign_id).order_by("record_id")
    cases = lock(list(rows.values_list("pk", flat=True)[:BATCH]), with_records=True, skip_locked=True, status__in=OPEN)
    asked_first = [case.pk for case in cases if case.status == Case.Status.OPEN]
    settle(asked_first, result=Result.UNREACHED, now=now)
    climb([case.pk for case in cases if case.pk not in asked_first], level=Level.FIELD, now=now, next_at=None)
    return len(cases)


STEPS: tuple[tuple[str, Callable[..., int]], ...] = (
    ("opened", open_batch),
    ("asked_again", ask_again),
    ("not_by_sms", leave_sms),
    ("waiting", begin_waiting),
    ("silent", take_silence),
    ("new_numbers", renew_numbers),
    ("unreached", close_unreached),
)
