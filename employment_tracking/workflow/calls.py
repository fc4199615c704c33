"""The operators' desk: who holds which person for how long, and what a call changes.

A person is held by one operator through two columns of the case (``lease_by``, ``lease_until``), taken with SKIP LOCKED
so that nobody waits for anybody. Nothing needs to run for a lease to end: it ends by the clock. Lock order: the
operator's own row, job records by id, cases by id. All moments are the programme's.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from employment_tracking import ladder_bell
from employment_tracking.models import Attempt, Campaign, JobRecord, VerificationCase
from employment_tracking.rules import calls as rules
from employment_tracking.rules.calls import (
    ANSWERED,
    Call,
    CallRules,
    Level,
    NoCorrectionError,
    NotInHandError,
    Outcome,
    Step,
)
from employment_tracking.rules.script import as_registered
from employment_tracking.workflow.corrections import withdraw_number
from employment_tracking.workflow.register import move
from iran.templatetags.iran import jalali_datetime

Case = VerificationCase
OPEN = (Case.Status.OPEN, Case.Status.REOPENED)
LONGEST = timedelta(hours=1)  # what a page looks back for results that may still be corrected
NOT_COUNTED = (JobRecord.Status.VOID, JobRecord.Status.DUPLICATE)
BY_PEOPLE = (Attempt.Channel.PHONE, Attempt.Channel.FIELD, Attempt.Channel.UPSTREAM)


def to_call(*, by: User, now: datetime) -> QuerySet[Case]:
    """Who may be called by this operator now: due, in a running campaign, in nobody's hands, not registered by him."""
    return (
        Case.everything.filter(
            status__in=OPEN,
            level=Level.PHONE,
            next_at__lte=now,
            campaign__status=Campaign.Status.RUNNING,
            record__programme__county__in=by.scope.calling_counties,
        )
        .filter(Q(lease_until=None) | Q(lease_until__lte=now) | Q(lease_by=by))
        .exclude(record__registered_by=by)
        .order_by("next_at", "id")
    )


@transaction.atomic
def take_next(*, by: User, now: datetime) -> Case | None:
    """Give the operator the next person, or the one whom he holds already; ``None`` when nobody waits."""
    _one_at_a_time(by)
    held = Case.everything.filter(lease_by=by, lease_until__gt=now, status__in=OPEN, level=Level.PHONE).first()
    if held is not None:
        return held
    Case.everything.filter(lease_by=by).update(lease_by=None, lease_until=None)
    case = to_call(by=by, now=now).select_for_update(of=("self",), skip_locked=True, no_key=True).first()
    if case is None:
        return None
    case.lease_by, case.lease_until = by, now + CallRules.of(case.record.programme).lease
    case.save(update_fields=["lease_by", "lease_until"])
    return case


def _one_at_a_time(by: User) -> None:
    """Two windows of one operator follow one another."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)


@transaction.atomic
def renew(*, case_id: int, by: User, now: datetime, seen: int | None = None) -> Case:
    """Hold the person for as long again, also when the lease has ended and nobody else took him. Raises NotInHandError."""
    _one_at_a_time(by)
    case = _locked(case_id)
    _check_in_hand(case, by=by, seen=seen)
    if case.status not in OPEN:
        raise NotInHandError
    if Case.everything.filter(lease_by=by).exclude(pk=case_id).exists():
        raise NotInHandError(_("You hold another person now; this one went back to the queue."))
    case.lease_by, case.lease_until = by, now + CallRules.of(case.record.programme).lease
    case.save(update_fields=["lease_by", "lease_until"])
    return case


@transaction.atomic
def release(*, case_id: int, by: User) -> None:
    """Give the person back to the queue. Not in his hands any more: nothing to do."""
    _one_at_a_time(by)
    Case.everything.filter(pk=case_id, lease_by=by).update(lease_by=None, lease_until=None)


@transaction.atomic
def record_call(
    *,
    case_id: int,
    outcome: str,
    by: User,
    now: datetime,
    answers: dict | None = None,
    rest_as_registered: bool = False,
    note: str = "",
    call_later_at: datetime | None = None,
    seen: int | None = None,
) -> Attempt:
    """Write a call down and take the case where it leads: closed, called again, to the agency or to the field.

    ``rest_as_registered``: the questions without an answer were answered just as the record says. ``seen``: the newest attempt that the operator was shown. A call overrides an answer by SMS that came meanwhile.
    Raises NotInHandError, CallTimeError, OwnRegistrationError, WrongStateError.
    """
    _one_at_a_time(by)
    case = _locked(case_id)
    year = CallRules.of(case.record.programme)
    rules.check_not_own(case.record.registered_by_id, by_id=by.pk)
    _check_in_hand(case, by=by, seen=seen)
    if outcome == Outcome.CALL_LATER:
        rules.check_call_later(call_later_at, rules=year, now=now)
    made = calls_of(case)
    call = Call(outcome, now, call_later_at if outcome == Outcome.CALL_LATER else None)
    step = rules.step_after([*made, call], rules=year, must_reach=case.must_reach)
    attempt = Attempt.everything.create(
        case=case,
        channel=Attempt.Channel.PHONE,
        number=len(made) + 1,
        outcome=outcome,
        answers=_full(answers, case.record, rest_as_registered),
        note=note,
        next_try_at=step.next_at,
        happened_at=now,
        happened_by=by,
    )
    if _decides(case, outcome):
        _take(case, step, by=by, now=now)
    else:
        release(case_id=case.pk, by=by)
    if outcome == Outcome.WRONG_NUMBER:
        ladder_bell.ring_on_commit()  # its agency is asked for another number
    return attempt


@transaction.atomic
def correct(
    *,
    attempt_id: int,
    outcome: str,
    by: User,
    now: datetime,
    answers: dict | None = None,
    rest_as_registered: bool = False,
    note: str = "",
    call_later_at: datetime | None = None,
) -> Attempt:
    """Supersede the result of one's own call while it may be; the case goes where the corrected call leads.

    Raises NoCorrectionError, CallTimeError.
    """
    attempt = Attempt.everything.get(pk=attempt_id)
    case = _locked(attempt.case_id)
    _check_correctable(attempt, case, by=by, now=now)
    year, called_at = CallRules.of(case.record.programme), called_at_of(attempt)
    if outcome == Outcome.CALL_LATER:
        rules.check_call_later(call_later_at, rules=year, now=now)
    call = Call(outcome, called_at, call_later_at if outcome == Outcome.CALL_LATER else None)
    step = rules.step_after([*calls_of(case)[:-1], call], rules=year, must_reach=case.must_reach)
    corrected = Attempt.everything.create(
        case=case,
        channel=Attempt.Channel.PHONE,
        number=attempt.number,
        outcome=outcome,
        answers=_full(answers, case.record, rest_as_registered),
        note=note,
        next_try_at=step.next_at,
        supersedes=attempt,
        happened_at=now,
        happened_by=by,
    )
    if _decides(case, outcome) or attempt.outcome in ANSWERED:
        _take(case, step, by=by, now=now)
    if attempt.outcome == Outcome.WRONG_NUMBER != outcome:
        withdraw_number(case.record, by=by)
    elif outcome == Outcome.WRONG_NUMBER:
        ladder_bell.ring_on_commit()
    return corrected


def calls_of(case: Case) -> list[Call]:
    """The case's calls as they count now, in order: the newest correction, at the moment of the call itself.

    Calls from before a case was opened again count no more.
    """
    reopened = Attempt.everything.filter(case=case, channel=Attempt.Channel.UPSTREAM).order_by("-id").first()
    rows = Attempt.everything.filter(
        case=case, channel=Attempt.Channel.PHONE, pk__gt=reopened.pk if reopened else 0
    ).order_by("id")
    first: dict[int, datetime] = {}
    standing: dict[int, Call] = {}
    for row in rows:
        first[row.pk] = first.get(row.supersedes_id, row.happened_at)
        standing.pop(row.supersedes_id, None)
        standing[row.pk] = Call(
            row.outcome, first[row.pk], row.next_try_at if row.outcome == Outcome.CALL_LATER else None
        )
    return sorted(standing.values(), key=lambda call: call.at)


def called_at_of(attempt: Attempt) -> datetime:
    """When the person was called: a correction is written later than its call."""
    while attempt.supersedes_id is not None:
        attempt = Attempt.everything.get(pk=attempt.supersedes_id)
    return attempt.happened_at


def _full(answers: dict | None, record: JobRecord, rest_as_registered: bool) -> dict:
    return (as_registered(record) if rest_as_registered else {}) | (answers or {})


def _locked(case_id: int) -> Case:
    """The case with its record, both locked: the record first, everywhere."""
    record_id = Case.everything.values_list("record_id", flat=True).get(pk=case_id)
    record = JobRecord.everything.select_for_update(of=("self",), no_key=True).get(pk=record_id)
    case = Case.everything.select_for_update(of=("self",), no_key=True).get(pk=case_id)
    case.record = record
    return case


def _check_in_hand(case: Case, *, by: User, seen: int | None) -> None:
    """A lease that ended by the clock alone still counts: nobody else was given the person. Raises NotInHandError."""
    if case.lease_by_id not in (None, by.pk):
        raise NotInHandError(
            _("This person is no longer in your hands: %(who)s took him up at %(when)s. Nothing was recorded.")
            % {"who": case.lease_by, "when": jalali_datetime(_leased_at(case))}
        )
    newer = Attempt.everything.filter(case=case, channel__in=BY_PEOPLE)
    newest = newer.filter(pk__gt=seen or 0).select_related("happened_by").last() if seen is not None else None
    if newest is not None:
        raise NotInHandError(
            _("%(who)s recorded «%(outcome)s» for this person at %(when)s. Yours was not recorded.")
            % {
                "who": newest.happened_by,
                "outcome": newest.get_outcome_display(),
                "when": jalali_datetime(newest.happened_at),
            }
        )
    if case.lease_by_id is None and seen is None:
        raise NotInHandError
    if case.record.status in NOT_COUNTED:
        raise NotInHandError(
            _("This record was struck out meanwhile and is not verified any more. Nothing was recorded.")
        )
    if case.level == Level.FIELD or case.status == Case.Status.CLOSED_FINALLY:
        raise NotInHandError(_("This case is no longer at the phone level. Nothing was recorded."))


def _leased_at(case: Case) -> datetime:
    return case.lease_until - CallRules.of(case.record.programme).lease


def is_correctable(attempt: Attempt, *, by: User, now: datetime) -> bool:
    """May this operator still correct this result? For the page that offers it."""
    try:
        _check_correctable(attempt, attempt.case, by=by, now=now)
    except NoCorrectionError:
        return False
    return True


def _check_correctable(attempt: Attempt, case: Case, *, by: User, now: datetime) -> None:
    rules.check_correction(
        attempt,
        called_at=called_at_of(attempt),
        by_id=by.pk,
        is_last=_is_last(case, attempt, now=now),
        rules=CallRules.of(case.record.programme),
        now=now,
    )


def _is_last(case: Case, attempt: Attempt, *, now: datetime) -> bool:
    """Nothing was written to the case by a person after this attempt, and nobody else has the person or is on his way to him."""
    later = Attempt.everything.filter(case=case, channel__in=BY_PEOPLE, pk__gt=attempt.pk).exists()
    held = case.lease_by_id not in (None, attempt.happened_by_id) and case.lease_until > now
    return not (later or held or case.inspector_id or case.status == Case.Status.CLOSED_FINALLY)


def _decides(case: Case, outcome: str) -> bool:
    """A closed case (an answer by SMS came during the call) is changed by what the person said alone."""
    return case.status in OPEN or outcome in ANSWERED


def _take(case: Case, step: Step, *, by: User, now: datetime) -> None:
    """Put the case where its calls lead, out of everybody's hands, and the record with it."""
    reopened = case.status in (Case.Status.REOPENED, Case.Status.CLOSED_FINALLY)
    if step.result:
        case.status = Case.Status.CLOSED_FINALLY if reopened else Case.Status.CLOSED
    else:
        case.status = Case.Status.REOPENED if reopened else Case.Status.OPEN
    if case.level != step.level:
        case.level, case.level_since = step.level, now
    case.result, case.next_at = step.result, step.next_at
    case.closed_at = now if step.result else None
    case.lease_by = case.lease_until = None
    case.save(
        update_fields=[
            "status", "level", "level_since", "result", "next_at", "closed_at", "lease_by", "lease_until",
        ]
    )  # fmt: skip
    wanted = JobRecord.Status.VERIFIED if step.result else JobRecord.Status.IN_VERIFICATION
    if case.record.status == JobRecord.Status.REGISTERED and step.result:  # its campaign ended during the call
        move(case.record, to=JobRecord.Status.IN_VERIFICATION, by=by)
    if case.record.status != wanted:
        move(case.record, to=wanted, by=by)
