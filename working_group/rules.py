"""When a meeting may decide and sign. Pure: no query, no clock."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from abarkuh_loans.errors import RuleError, WrongStateError
from iran.money import rial
from quotas.models import Programme
from working_group.models import AgendaItem, Attendance, Decision, Meeting, Member

Outcome = Decision.Outcome
FUNDED = (Outcome.APPROVE, Outcome.CONDITIONAL)


class NoQuorumError(RuleError):
    """Nothing counts without quorum (W1)."""

    code = "no_quorum"


class MeetingSignedError(WrongStateError):
    code = "meeting_signed"
    default_message = _("The minutes of this meeting are signed; nothing in it changes any more.")


class MeetingNotInSessionError(WrongStateError):
    code = "meeting_not_in_session"
    default_message = _("Decisions are recorded while the meeting is in session.")


class UndecidedNamesError(RuleError):
    code = "names_undecided"


class VotesDoNotFitError(RuleError):
    code = "votes_do_not_fit"
    field = "votes_for"


class DecisionIncompleteError(RuleError):
    code = "decision_incomplete"
    field = "reason"


class AmountNotAllowedError(RuleError):
    code = "amount_not_allowed"
    field = "amount_rial"


class NotNextInReserveError(RuleError):
    """The reserve moves up in rank order; passing a name over needs a written reason."""

    code = "not_next_in_reserve"
    field = "reason"


@dataclass(frozen=True)
class Quorum:
    """Who is there, and whether that suffices."""

    present: int
    voting: int
    needed: int
    missing: tuple[str, ...]

    @property
    def reached(self) -> bool:
        return not self.missing and self.present >= self.needed


def quorum(*, members: Collection[Member], attendances: Iterable[Attendance], programme: Programme) -> Quorum:
    """Count the present voting members (a deputy counts) against the year's rule: more than its share of the seats."""
    present = {attendance.member_id for attendance in attendances if attendance.is_present}
    voting = [member for member in members if member.votes and member.is_active]
    seats = {member.seat for member in members if member.pk in present}
    missing = []
    if programme.rule("quorum_needs_chair") and Member.Seat.CHAIR not in seats:
        missing.append(str(Member.Seat.CHAIR.label))
    if programme.rule("quorum_needs_secretary") and Member.Seat.SECRETARY not in seats:
        missing.append(str(Member.Seat.SECRETARY.label))
    return Quorum(
        present=sum(1 for member in voting if member.pk in present),
        voting=len(voting),
        needed=len(voting) * programme.rule("quorum_percent") // 100 + 1,
        missing=tuple(missing),
    )


def check_quorum(found: Quorum) -> None:
    """Say no without quorum. Raises NoQuorumError."""
    if found.reached:
        return
    text = _("There is no quorum: %(present)s of %(voting)s voting members are present, %(needed)s are needed.") % {
        "present": found.present,
        "voting": found.voting,
        "needed": found.needed,
    }
    if found.missing:
        text = f"{text} {_('Missing: %(seats)s.') % {'seats': '، '.join(found.missing)}}"
    raise NoQuorumError(text)


def check_in_session(meeting: Meeting) -> None:
    """Say no to a decision outside the session. Raises MeetingSignedError, MeetingNotInSessionError."""
    if meeting.status == Meeting.Status.SIGNED:
        raise MeetingSignedError
    if meeting.status != Meeting.Status.IN_SESSION:
        raise MeetingNotInSessionError


def check_not_signed(meeting: Meeting) -> None:
    """Say no to any change of a signed meeting. Raises MeetingSignedError."""
    if meeting.status == Meeting.Status.SIGNED:
        raise MeetingSignedError


def check_decision(item: AgendaItem, *, outcome: str, amount_rial: int | None, reason: str, bank_id: int | None) -> None:
    """Say no to a decision that lacks its reason, amount or bank. Raises DecisionIncompleteError, AmountNotAllowedError."""
    if outcome in (Outcome.CONDITIONAL, Outcome.DEFER, Outcome.REJECT) and not reason.strip():
        raise DecisionIncompleteError(_("Write the reason or the condition of this decision."))
    if outcome not in FUNDED:
        return
    if not amount_rial or amount_rial > item.application.requested_rial:
        raise AmountNotAllowedError(
            _("The amount must be between one rial and the requested %(requested)s.")
            % {"requested": rial(item.application.requested_rial)}
        )
    if bank_id is None:
        raise DecisionIncompleteError(_("Choose the bank that is to pay."), field="bank")


def check_votes(*, votes_for: int, votes_against: int, voters: int) -> None:
    """Say no to more votes than voters or to a lost vote. A member with a declared interest is no voter on that name.

    Raises VotesDoNotFitError.
    """
    if votes_for + votes_against > voters:
        raise VotesDoNotFitError(_("Only %(voters)s members may vote on this name.") % {"voters": voters})
    if votes_for <= votes_against:
        raise VotesDoNotFitError(_("A decision needs more votes for it than against it."))


def check_all_decided(*, items: int, decided: int) -> None:
    """Say no to signing while names are open. Raises UndecidedNamesError."""
    if decided < items:
        raise UndecidedNamesError(
            _("%(open)s names have no decision yet; decide or defer them before signing.") % {"open": items - decided}
        )


def check_planned(meeting: Meeting) -> None:
    """Say no to a new agenda once the meeting has begun. Raises MeetingSignedError, WrongStateError."""
    check_not_signed(meeting)
    if meeting.status != Meeting.Status.PLANNED:
        raise WrongStateError(_("The meeting has begun; its agenda stands."))


def check_pool(pool, *, bank) -> None:
    """Say no to a bank that has no share of the credit. Raises DecisionIncompleteError."""
    if pool is None:
        raise DecisionIncompleteError(_("%(bank)s has no share of this year's credit.") % {"bank": bank}, field="bank")


def check_next_in_reserve(application, *, waiting: Sequence, reason: str) -> None:
    """Say no to a name that does not wait for credit, or that is not first and has no written reason.

    Raises WrongStateError, NotNextInReserveError.
    """
    if application.pk not in {name.pk for name in waiting}:
        raise WrongStateError
    if application.pk != waiting[0].pk and not reason.strip():
        raise NotNextInReserveError(
            _("%(first)s comes before %(name)s in the reserve; write why he is passed over.")
            % {"first": waiting[0].applicant, "name": application.applicant}
        )
