"""What a person's answer by SMS does to his case. Called by the inbox for a batch, inside its transaction.

An answer changes a case that still waits for it: at the SMS level and in nobody's hands. Later ones are kept as
attempts; the phone overrides them. A batch costs the same few statements for one answer and for a thousand.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from employment_tracking.models import Attempt, JobRecord, VerificationCase
from employment_tracking.rules import ladder as rules
from employment_tracking.rules.calls import Level, Outcome, Step
from employment_tracking.workflow.cases import OPEN, climb, flag_codes, lock, settle
from messaging.models import InboundMessage
from messaging.replies import FOR_A_PERSON, HANDLED, Handling, Question, Reply
from quotas.models import Programme

Meaning = InboundMessage.Meaning


@dataclass
class _Standing:
    """A locked case while the answers of the batch are gone through, and where they have taken it."""

    case: VerificationCase
    rules: rules.LadderRules
    is_shared: bool
    now: datetime
    step: Step | None = None

    @property
    def is_open(self) -> bool:
        return self.case.status in OPEN and not (self.step and self.step.result)

    def is_of(self, mobile: str) -> bool:
        """Whether the person still has this number: whoever answers from an earlier, wrong one is somebody else."""
        return self.case.record.mobile == mobile

    @property
    def waits_for_sms(self) -> bool:
        is_held = self.case.lease_until is not None and self.case.lease_until > self.now
        return self.is_open and self.step is None and self.case.level == Level.SMS and not is_held

    def take(self, meaning: str) -> None:
        if self.waits_for_sms:
            self.step = rules.after_reply(
                meaning, must_reach=self.case.must_reach, is_shared=self.is_shared, rules=self.rules, now=self.now
            )

    def to_phone(self) -> None:
        if self.waits_for_sms:
            self.step = Step(Level.PHONE, next_at=self.now)


@dataclass
class _Batch:
    """The answers' questions and every open case that any of them may mean, locked."""

    standings: dict[int, _Standing]
    case_of_question: dict[int, tuple[int, int]]
    by_mobile: dict[tuple[int, str], list[int]]
    attempts: list[Attempt] = field(default_factory=list)


def take(replies: Iterable[Reply], *, now: datetime) -> dict[int, Handling]:
    """Take up answers in the order in which they came."""
    replies = sorted(replies, key=lambda reply: (reply.received_at, reply.inbound_id))
    batch = _gathered(replies, now=now)
    handled = {reply.inbound_id: _take_one(reply, batch, now=now) for reply in replies}
    Attempt.everything.bulk_create(batch.attempts)
    _carry_out(batch.standings.values(), now=now)
    return handled


def _gathered(replies: list[Reply], *, now: datetime) -> _Batch:
    asked = {question.message_id for reply in replies for question in reply.questions}
    rows = Attempt.everything.filter(message__in=asked).values_list("message_id", "case_id", "number")
    case_of_question = {message_id: (case_id, number) for message_id, case_id, number in rows}
    programmes = {
        programme.pk: programme
        for programme in Programme.everything.filter(county__in={reply.county_id for reply in replies})
    }
    same_mobile = JobRecord.everything.filter(programme__in=programmes, mobile__in={reply.mobile for reply in replies})
    ids = VerificationCase.everything.filter(record__in=same_mobile.values("pk"), status__in=OPEN)
    case_ids = {case_id for case_id, _number in case_of_question.values()} | set(ids.values_list("pk", flat=True))
    cases = lock(case_ids, with_records=True)
    flags = flag_codes([case.record_id for case in cases])
    years = {pk: rules.LadderRules.of(programme) for pk, programme in programmes.items()}
    by_mobile = defaultdict(list)
    standings = {}
    for case in cases:
        record, programme_id = case.record, case.record.programme_id
        is_shared = "mobile_shared" in flags.get(record.pk, ())
        standings[case.pk] = _Standing(case, years[programme_id], is_shared, now)
        by_mobile[programmes[programme_id].county_id, record.mobile].append(case.pk)
    return _Batch(standings, case_of_question, by_mobile)


def _take_one(reply: Reply, batch: _Batch, *, now: datetime) -> Handling:
    questions = [question for question in reply.questions if question.message_id in batch.case_of_question]
    meant = {batch.case_of_question[question.message_id][0] for question in questions}
    meant |= set(batch.by_mobile.get((reply.county_id, reply.mobile), ()))
    standing = [batch.standings[pk] for pk in sorted(meant)]
    if questions and not any(one.is_of(reply.mobile) for one in standing):
        note = _("The person has another number now; an answer from the earlier one does not count.")
        return Handling(FOR_A_PERSON, questions[0].message_id, note)
    standing = [one for one in standing if one.is_of(reply.mobile)]
    live = [one for one in standing if one.is_open]
    if not questions or not live:
        question_id = questions[0].message_id if questions else None
        return Handling(FOR_A_PERSON, question_id, _("The case that this answers is closed."))
    question = _question_of(questions, live, batch)
    if question is not None and _is_late(reply, question, live[0].rules):
        return Handling(FOR_A_PERSON, question.message_id, _("The answer came too late to count by itself."))
    _keep(reply, question, live, batch, now=now)
    if len(live) > 1:
        for one in live:
            one.to_phone()
    else:
        live[0].take(reply.meaning)
    question_id = question.message_id if question else questions[0].message_id
    if reply.meaning == Meaning.UNCLEAR:
        return Handling(FOR_A_PERSON, question_id, _("The answer is neither yes nor no; the person is called."))
    return Handling(HANDLED, question_id)


def _question_of(questions: list[Question], live: list[_Standing], batch: _Batch) -> Question | None:
    """The newest question whose case is open."""
    open_ids = {one.case.pk for one in live}
    return next((one for one in questions if batch.case_of_question[one.message_id][0] in open_ids), None)


def _is_late(reply: Reply, question: Question, year: rules.LadderRules) -> bool:
    return question.sent_at is not None and reply.received_at - question.sent_at > year.reply_counts


def _keep(reply: Reply, question: Question | None, live: list[_Standing], batch: _Batch, *, now: datetime) -> None:
    """The answer as an attempt of the case that was asked last; also of one that has gone on to the phone."""
    case_id, number = batch.case_of_question[question.message_id] if question else (live[-1].case.pk, 1)
    several = _("This mobile has several open cases; each is asked by phone.") if len(live) > 1 else ""
    batch.attempts.append(
        Attempt(
            case_id=case_id,
            channel=Attempt.Channel.SMS,
            number=number,
            outcome=rules.OUTCOME_OF_MEANING.get(reply.meaning, Outcome.UNCLEAR),
            inbound_id=reply.inbound_id,
            note=several,
            happened_at=now,
        )
    )


def _carry_out(standings: Iterable[_Standing], *, now: datetime) -> None:
    closed: dict[str, list[int]] = defaultdict(list)
    gone_up: dict[tuple, list[int]] = defaultdict(list)
    for one in standings:
        if one.step is None:
            continue
        if one.step.result:
            closed[one.step.result].append(one.case.pk)
        else:
            gone_up[one.step.level, one.step.next_at].append(one.case.pk)
    for result, ids in sorted(closed.items()):
        settle(ids, result=result, now=now)
    for (level, next_at), ids in gone_up.items():
        climb(ids, level=level, now=now, next_at=next_at)
