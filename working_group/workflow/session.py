"""The meeting in session: who is there, who has an interest, and what is decided."""

from django.db import transaction
from django.utils import timezone

from accounts.models import Bank
from applicants.models import Application
from quotas.models import CreditPool
from working_group import rules
from working_group.models import AgendaItem, Attendance, Decision, Interest, Meeting, Member
from working_group.workflow.locks import lock

Outcome = Decision.Outcome


@transaction.atomic
def record_attendance(*, meeting_id: int, present: dict[int, str]) -> Meeting:
    """Write down who is there: member id → deputy's name, or "" for the member himself. Raises MeetingSignedError.

    A meeting that loses its quorum keeps its decisions and takes no more.
    """
    meeting = lock(meeting_id)
    rules.check_not_signed(meeting)
    for member in Member.everything.filter(county=meeting.programme.county_id, is_active=True):
        Attendance.everything.update_or_create(
            meeting=meeting,
            member=member,
            defaults={"is_present": member.pk in present, "deputy_name": present.get(member.pk, "")},
        )
    return meeting


@transaction.atomic
def open_session(*, meeting_id: int, present: dict[int, str], by=None) -> Meeting:
    """Open the meeting with those present (see :func:`record_attendance`). Nothing is written without quorum.

    Who opens it stands in the audit trail.

    Raises MeetingSignedError, WrongStateError, NoQuorumError.
    """
    meeting = lock(meeting_id)
    rules.check_planned(meeting)
    record_attendance(meeting_id=meeting_id, present=present)
    rules.check_quorum(quorum_of(meeting))
    meeting.status, meeting.opened_at = Meeting.Status.IN_SESSION, timezone.now()
    meeting.save(update_fields=["status", "opened_at"])
    return meeting


def quorum_of(meeting: Meeting) -> rules.Quorum:
    members = Member.everything.filter(county=meeting.programme.county_id, is_active=True)
    attendances = Attendance.everything.filter(meeting=meeting)
    return rules.quorum(members=list(members), attendances=attendances, programme=meeting.programme)


@transaction.atomic
def declare_interest(*, item_id: int, member_id: int) -> Interest:
    """A member says that he has an interest in a name: he does not vote on it, and a vote taken before is taken again.

    Raises MeetingSignedError, MeetingNotInSessionError.
    """
    item = AgendaItem.everything.get(pk=item_id)
    rules.check_in_session(lock(item.meeting_id))
    return Interest.everything.get_or_create(item=item, member_id=member_id)[0]


def voters_of(meeting_id: int):
    """Those present who vote."""
    return Attendance.everything.filter(
        meeting_id=meeting_id, is_present=True, member__votes=True, member__is_active=True
    )


@transaction.atomic
def decide(
    *,
    item_id: int,
    outcome: str,
    by,
    amount_rial: int | None = None,
    bank_id: int | None = None,
    reason: str = "",
    votes_for: int | None = None,
    votes_against: int = 0,
    seen: int | None = None,
) -> Decision:
    """Record what the meeting decides on one name; unanimous where no votes are given.

    ``seen`` is the last decision on the name that the writer knew (0: none). Raises MeetingSignedError,
    MeetingNotInSessionError, NoQuorumError, WrongStateError, AlreadyDecidedError, DecisionIncompleteError,
    AmountNotAllowedError, VotesDoNotFitError.
    """
    item = AgendaItem.everything.select_related("application__applicant").get(pk=item_id)
    meeting = lock(item.meeting_id)
    rules.check_in_session(meeting)
    rules.check_quorum(quorum_of(meeting))
    rules.check_on_agenda(item.application)
    last = Decision.everything.filter(item=item).select_related("recorded_by").first()
    rules.check_latest_seen(last, seen=seen)
    rules.check_decision(item, outcome=outcome, amount_rial=amount_rial, reason=reason)
    funded = outcome in rules.FUNDED
    if funded:
        _check_bank(meeting, bank_id)
    voters = voters_of(meeting.pk).exclude(member__interests__item=item).count()
    votes_for = voters - votes_against if votes_for is None else votes_for
    rules.check_votes(votes_for=votes_for, votes_against=votes_against, voters=voters)
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


def _check_bank(meeting: Meeting, bank_id: int | None) -> None:
    pools = {pool.bank_id: pool for pool in CreditPool.everything.filter(programme=meeting.programme_id)}
    rules.pool_for(pools, bank=Bank.objects.filter(pk=bank_id).first())


@transaction.atomic
def decide_unflagged(*, meeting_id: int, by, expected: int | None = None) -> int:
    """Approve at once every undecided name within the credit that nothing speaks against. Gives their number.

    ``expected`` is the number that was checked. Raises MeetingSignedError, MeetingNotInSessionError, NoQuorumError,
    ListChangedError.
    """
    return _decide_all(meeting_id, Outcome.APPROVE, by=by, expected=expected, which=unflagged(meeting_id))


@transaction.atomic
def reserve_below_line(*, meeting_id: int, by, expected: int | None = None) -> int:
    """Put every undecided name below the cut line into the reserve, in its order. Gives their number.

    Raises as :func:`decide_unflagged`.
    """
    return _decide_all(meeting_id, Outcome.RESERVE, by=by, expected=expected, which=below_line(meeting_id))


def undecided(meeting_id: int):
    """Names of a meeting that still wait for a decision, and whom no member has an interest in."""
    rows = AgendaItem.everything.filter(meeting_id=meeting_id, decisions=None, interests=None)
    return rows.filter(application__status=Application.Status.ON_AGENDA).order_by("rank")


def unflagged(meeting_id: int):
    return undecided(meeting_id).filter(within_credit=True, flags=[])


def below_line(meeting_id: int):
    return undecided(meeting_id).filter(within_credit=False)


def _decide_all(meeting_id: int, outcome: str, *, by, expected: int | None, which) -> int:
    meeting = lock(meeting_id)
    rules.check_in_session(meeting)
    rules.check_quorum(quorum_of(meeting))
    items = list(which)
    rules.check_list_unchanged(expected=expected, found=len(items))
    voters = voters_of(meeting_id).count()
    funded = outcome in rules.FUNDED
    decisions = [
        Decision(
            item=item,
            outcome=outcome,
            amount_rial=item.proposed_rial if funded else None,
            bank_id=item.proposed_bank_id if funded else None,
            votes_for=voters,
            recorded_by=by,
        )
        for item in items
    ]
    return len(Decision.everything.bulk_create(decisions))
