"""The only code that changes a meeting's state: agenda, session, decisions, signing, and the reserve that moves up."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants import workflow as applications
from applicants.models import Application
from quotas import ledger
from quotas.models import CreditPool
from working_group import minutes, rules
from working_group.flags import flags_of
from working_group.models import AgendaItem, Attendance, Decision, Interest, Meeting, Member
from working_group.proposal import Purse, propose
from working_group.reserve import waiting_for_credit

Outcome = Decision.Outcome
BECOMES = {
    Outcome.APPROVE: Application.Status.APPROVED,
    Outcome.CONDITIONAL: Application.Status.CONDITIONAL,
    Outcome.DEFER: Application.Status.DEFERRED,
    Outcome.RESERVE: Application.Status.RESERVE,
    Outcome.REJECT: Application.Status.REJECTED,
}


def lock(meeting_id: int) -> Meeting:
    rows = Meeting.everything.select_for_update(of=("self",), no_key=True).select_related("programme__county")
    return rows.get(pk=meeting_id)


@transaction.atomic
def prepare_agenda(*, meeting_id: int, by, today, strategy: str = "strict") -> int:
    """Put every waiting name on a planned meeting's agenda, ranked and fitted to the credit. Gives their number.

    Done again, it draws the list up anew. Raises MeetingSignedError, WrongStateError, StrategyUnknownError.
    """
    meeting = lock(meeting_id)
    rules.check_planned(meeting)
    proposal = propose(meeting.programme, strategy=strategy, meeting=meeting)
    AgendaItem.everything.filter(meeting=meeting).delete()
    flagged = flags_of([row.ranked.application for row in proposal.rows], today=today)
    AgendaItem.everything.bulk_create(_item(meeting, row, flagged[row.ranked.application.pk]) for row in proposal.rows)
    for application in Application.everything.locked().filter(agenda_items__meeting=meeting).select_related("applicant"):
        if application.status != Application.Status.ON_AGENDA:
            applications.move(application, to=Application.Status.ON_AGENDA, by=by)
    for member in Member.everything.filter(county=meeting.programme.county, is_active=True):
        Attendance.everything.get_or_create(meeting=meeting, member=member)
    return len(proposal.rows)


def _item(meeting: Meeting, row, flags: list[str]) -> AgendaItem:
    place = row.ranked
    explanation = [{"label": place.tier_label, "points": None}]
    explanation += [{"label": points.label, "points": points.points} for points in place.points]
    return AgendaItem(
        meeting=meeting,
        application=place.application,
        rank=place.rank,
        score=place.score,
        explanation=explanation,
        proposed_rial=row.amount_rial,
        proposed_bank_id=row.pool.bank_id if row.pool else None,
        within_credit=row.chosen,
        flags=flags,
    )


@transaction.atomic
def remove_name(*, item_id: int, by) -> None:
    """Take a name off the agenda of a planned meeting; it stays eligible. Raises MeetingSignedError, WrongStateError."""
    item = AgendaItem.everything.select_related("application").get(pk=item_id)
    rules.check_planned(lock(item.meeting_id))
    application = applications.lock(item.application_id)
    item.delete()
    applications.move(application, to=Application.Status.ELIGIBLE, by=by)


@transaction.atomic
def open_session(*, meeting_id: int, present: dict[int, str], by) -> Meeting:
    """Open the meeting with those present: member id → deputy's name, or "" for the member himself.

    Raises MeetingSignedError, NoQuorumError.
    """
    meeting = lock(meeting_id)
    rules.check_not_signed(meeting)
    record_attendance(meeting=meeting, present=present)
    rules.check_quorum(quorum_of(meeting))
    if meeting.status == Meeting.Status.PLANNED:
        meeting.status, meeting.opened_at = Meeting.Status.IN_SESSION, timezone.now()
        meeting.save(update_fields=["status", "opened_at"])
    return meeting


def record_attendance(*, meeting: Meeting, present: dict[int, str]) -> None:
    for member in Member.everything.filter(county=meeting.programme.county, is_active=True):
        Attendance.everything.update_or_create(
            meeting=meeting,
            member=member,
            defaults={"is_present": member.pk in present, "deputy_name": present.get(member.pk, "")},
        )


def quorum_of(meeting: Meeting) -> rules.Quorum:
    members = Member.everything.filter(county=meeting.programme.county, is_active=True)
    attendances = Attendance.everything.filter(meeting=meeting)
    return rules.quorum(members=list(members), attendances=attendances, programme=meeting.programme)


@transaction.atomic
def declare_interest(*, item_id: int, member_id: int) -> Interest:
    """A member says that he has an interest in a name; he does not vote on it. Raises MeetingSignedError."""
    item = AgendaItem.everything.get(pk=item_id)
    rules.check_not_signed(lock(item.meeting_id))
    return Interest.everything.get_or_create(item=item, member_id=member_id)[0]


def voters_on(item: AgendaItem) -> int:
    """Present voting members without an interest in the name."""
    present = Attendance.everything.filter(meeting_id=item.meeting_id, is_present=True, member__votes=True)
    return present.exclude(member__interests__item=item).count()


@transaction.atomic
def decide(
    *, item_id: int, outcome: str, by, amount_rial: int | None = None, bank_id: int | None = None, reason: str = "",
    votes_for: int | None = None, votes_against: int = 0,
) -> Decision:
    """Record what the meeting decides on one name; unanimous where no votes are given.

    Raises MeetingSignedError, MeetingNotInSessionError, NoQuorumError, DecisionIncompleteError, AmountNotAllowedError,
    VotesDoNotFitError.
    """
    item = AgendaItem.everything.select_related("application").get(pk=item_id)
    meeting = lock(item.meeting_id)
    rules.check_in_session(meeting)
    rules.check_quorum(quorum_of(meeting))
    rules.check_decision(item, outcome=outcome, amount_rial=amount_rial, reason=reason, bank_id=bank_id)
    voters = voters_on(item)
    votes_for = voters - votes_against if votes_for is None else votes_for
    rules.check_votes(votes_for=votes_for, votes_against=votes_against, voters=voters)
    funded = outcome in rules.FUNDED
    return Decision.everything.create(
        item=item,
        outcome=outcome,
        amount_rial=amount_rial if funded else None,
        bank_id=bank_id if funded else None,
        reason=reason.strip(),
        votes_for=votes_for,
        votes_against=votes_against,
        recorded_by=by,
    )


@transaction.atomic
def decide_unflagged(*, meeting_id: int, by) -> int:
    """Approve at once every undecided name within the credit that nothing speaks against. Gives their number."""
    return _decide_all(meeting_id, Outcome.APPROVE, by=by, within_credit=True, flags=[])


@transaction.atomic
def reserve_below_line(*, meeting_id: int, by) -> int:
    """Put every undecided name below the cut line into the reserve, in its order. Gives their number."""
    return _decide_all(meeting_id, Outcome.RESERVE, by=by, within_credit=False)


def _decide_all(meeting_id: int, outcome: str, *, by, **which) -> int:
    meeting = lock(meeting_id)
    rules.check_in_session(meeting)
    rules.check_quorum(quorum_of(meeting))
    open_items = AgendaItem.everything.filter(meeting=meeting, decisions=None, interests=None, **which)
    voters = Attendance.everything.filter(meeting=meeting, is_present=True, member__votes=True).count()
    approved = outcome in rules.FUNDED
    decisions = [
        Decision(
            item=item,
            outcome=outcome,
            amount_rial=item.proposed_rial if approved else None,
            bank_id=item.proposed_bank_id if approved else None,
            votes_for=voters,
            recorded_by=by,
        )
        for item in open_items
    ]
    return len(Decision.everything.bulk_create(decisions))


@transaction.atomic
def sign(*, meeting_id: int, by) -> Meeting:
    """Sign the minutes: every name goes where it was decided, the credit is committed in rank order, all is frozen.

    All or nothing. Raises MeetingSignedError, MeetingNotInSessionError, NoQuorumError, UndecidedNamesError,
    CreditExhaustedError, WrongStateError.
    """
    programme_id = Meeting.everything.values_list("programme_id", flat=True).get(pk=meeting_id)
    pools = ledger.lock_pools(programme_id=programme_id)
    meeting = lock(meeting_id)
    rules.check_in_session(meeting)
    rules.check_quorum(quorum_of(meeting))
    decisions = decisions_in_force(meeting)
    rules.check_all_decided(items=AgendaItem.everything.filter(meeting=meeting).count(), decided=len(decisions))
    named = {a.pk: a for a in _locked_applications(decisions)}
    for decision in decisions:
        _carry_out(decision, named[decision.item.application_id], pools=pools, by=by)
    content = minutes.compose(meeting, decisions=decisions, signed_by=by, pools=sorted(pools.values(), key=_by_key))
    meeting.status, meeting.signed_at, meeting.signed_by = Meeting.Status.SIGNED, timezone.now(), by
    meeting.minutes, meeting.content_hash = content, minutes.digest(content)
    meeting.save(update_fields=["status", "signed_at", "signed_by", "minutes", "content_hash"])
    return meeting


def decisions_in_force(meeting: Meeting) -> list[Decision]:
    """The last decision on each name, in rank order."""
    rows = Decision.everything.filter(item__meeting=meeting).in_force().select_related(
        "bank", "item__application__applicant", "item__application__line", "item__application__agency"
    )
    rows = rows.prefetch_related("item__interests__member")
    return sorted(rows, key=lambda decision: decision.item.rank)


def _by_key(pool: CreditPool) -> int:
    return pool.pk


def _locked_applications(decisions: Iterable[Decision]) -> Iterable[Application]:
    ids = [decision.item.application_id for decision in decisions]
    return Application.everything.locked().filter(pk__in=ids).select_related("applicant")


def _carry_out(decision: Decision, application: Application, *, pools: dict, by) -> None:
    application.rank = decision.item.rank
    if decision.outcome in rules.FUNDED:
        application.approved_rial = decision.amount_rial
    application.save(update_fields=["rank", "approved_rial"])
    applications.move(application, to=BECOMES[decision.outcome], by=by, reason=decision.reason)
    if decision.outcome in rules.FUNDED:
        pool = pools.get(decision.bank_id) or pools.get(None)
        rules.check_pool(pool, bank=decision.bank)
        ledger.approve(pool, application_id=application.pk, amount_rial=decision.amount_rial, by=by)


@transaction.atomic
def meet_condition(*, application_id: int, by, reason: str) -> None:
    """The condition of a conditional approval is met: it is approved. Raises WrongStateError, ReasonMissingError."""
    applications.rules.check_reason(reason)
    applications.move(applications.lock(application_id), to=Application.Status.APPROVED, by=by, reason=reason)


@transaction.atomic
def promote_reserve(*, application_id: int, by, reason: str = "") -> Application:
    """Approve the next name of the reserve from credit that was freed, on the bank it wishes or the roomiest pool.

    Only the first in order moves up; another needs a written reason. Raises WrongStateError, NotNextInReserveError,
    CreditExhaustedError.
    """
    programme_id = Application.everything.values_list("programme_id", flat=True).get(pk=application_id)
    pools = ledger.lock_pools(programme_id=programme_id)
    application = applications.lock(application_id)
    rules.check_next_in_reserve(application, waiting=waiting_for_credit(programme_id), reason=reason)
    amount = application.approved_rial or application.requested_rial
    roomiest = max(pools.values(), key=lambda pool: pool.left_rial)
    pool = Purse(list(pools.values())).pool_for(application, amount) or roomiest
    if application.status != Application.Status.APPROVED:
        application.approved_rial = amount
        application.save(update_fields=["approved_rial"])
        applications.move(application, to=Application.Status.APPROVED, by=by, reason=reason or _("moved up from the reserve"))
    ledger.approve(pool, application_id=application.pk, amount_rial=amount, by=by)
    return application
