"""When a meeting may decide and sign. Pure: no query, no clock."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from abarkuh_loans.errors import RuleError, WrongStateError
from applicants.models import Application
from iran.money import grouped_fa, rial
from iran.templatetags.iran import jalali_datetime as moment_fa
from quotas.models import CreditPool, Programme
from working_group.models import AgendaItem, Attendance, Decision, Meeting, Member

Outcome = Decision.Outcome
FUNDED = (Outcome.APPROVE, Outcome.CONDITIONAL)
# What a signed meeting decided and a corrective meeting may take up again. Deferred names come back by themselves.
CORRECTABLE = (
    Application.Status.APPROVED,
    Application.Status.CONDITIONAL,
    Application.Status.RESERVE,
    Application.Status.REJECTED,
)


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


class AlreadyDecidedError(WrongStateError):
    """Somebody else's decision on the same name came first; this one was made without knowing it."""

    code = "already_decided"


class ListChangedError(WrongStateError):
    """The names that a decision on all of them was checked for are not the names that it would meet now."""

    code = "list_changed"


class CreditShortError(RuleError):
    """What a meeting approved is more than a pool has left (C1)."""

    code = "credit_exhausted"


class NoPoolError(RuleError):
    code = "no_pool"
    default_message = _("No credit is announced for this programme yet.")


class MeetingNumberTakenError(RuleError):
    code = "meeting_number_taken"
    field = "number"
    default_message = _("A meeting with this number already exists in this year.")


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
        needed=max(1, min(len(voting), len(voting) * programme.rule("quorum_percent") // 100 + 1)),
        missing=tuple(missing),
    )


def check_quorum(found: Quorum) -> None:
    """Say no without quorum. Raises NoQuorumError."""
    if found.reached:
        return
    text = _("There is no quorum: %(present)s of %(voting)s voting members are present, %(needed)s are needed.") % {
        "present": grouped_fa(found.present),
        "voting": grouped_fa(found.voting),
        "needed": grouped_fa(found.needed),
    }
    if found.missing:
        text = f"{text} {_('Missing: %(seats)s.') % {'seats': '، '.join(found.missing)}}"
    raise NoQuorumError(text)


def check_not_signed(meeting: Meeting) -> None:
    """Say no to any change of a signed meeting, and who signed it when. Raises MeetingSignedError."""
    if meeting.status != Meeting.Status.SIGNED:
        return
    raise MeetingSignedError(
        _("%(name)s signed the minutes of this meeting on %(moment)s; nothing in it changes any more.")
        % {"name": meeting.signed_by, "moment": moment_fa(meeting.signed_at)}
    )


def check_in_session(meeting: Meeting) -> None:
    """Say no to a decision outside the session. Raises MeetingSignedError, MeetingNotInSessionError."""
    check_not_signed(meeting)
    if meeting.status != Meeting.Status.IN_SESSION:
        raise MeetingNotInSessionError


def check_on_agenda(application: Application) -> None:
    """Say no to a decision on a name that has left the agenda, by withdrawing. Raises WrongStateError."""
    if application.status != Application.Status.ON_AGENDA:
        raise WrongStateError(
            _("«%(name)s» is «%(present)s» now; there is nothing to decide.")
            % {"name": application.applicant, "present": application.get_status_display()}
        )


def check_latest_seen(last: Decision | None, *, seen: int | None) -> None:
    """Say no to a decision made without knowing the last one on the same name.

    ``seen`` is the number of the decision that the writer saw, 0 for none, None where he was not asked.
    Raises AlreadyDecidedError.
    """
    if seen is None or seen == (last.pk if last is not None else 0):
        return
    if last is None:
        raise ListChangedError
    raise AlreadyDecidedError(
        _("%(name)s recorded «%(outcome)s» on this name on %(moment)s. Look at it and decide again if need be.")
        % {"name": last.recorded_by, "outcome": last.get_outcome_display(), "moment": moment_fa(last.decided_at)}
    )


def check_list_unchanged(*, expected: int | None, found: int) -> None:
    """Say no to deciding on other names than those that were checked. Raises ListChangedError."""
    if expected is not None and expected != found:
        raise ListChangedError(
            _("The list has changed: it was checked for %(expected)s names and now has %(found)s. Check it again.")
            % {"expected": grouped_fa(expected), "found": grouped_fa(found)}
        )


def check_decision(item: AgendaItem, *, outcome: str, amount_rial: int | None, reason: str) -> None:
    """Say no to a decision that lacks its reason or amount. Raises DecisionIncompleteError, AmountNotAllowedError."""
    if outcome in (Outcome.CONDITIONAL, Outcome.DEFER, Outcome.REJECT) and not reason.strip():
        raise DecisionIncompleteError(_("Write the reason or the condition of this decision."))
    if outcome not in FUNDED:
        return
    if not amount_rial or not 0 < amount_rial <= item.application.requested_rial:
        raise AmountNotAllowedError(
            _("The amount must be between one rial and the requested %(requested)s.")
            % {"requested": rial(item.application.requested_rial)}
        )


def check_votes(*, votes_for: int, votes_against: int, voters: int) -> None:
    """Say no to more votes than voters or to a lost vote. A member with a declared interest is no voter on that name.

    Raises VotesDoNotFitError.
    """
    if votes_against < 0 or votes_for + votes_against > voters:
        raise VotesDoNotFitError(_("Only %(voters)s members may vote on this name.") % {"voters": grouped_fa(voters)})
    if votes_for <= votes_against:
        raise VotesDoNotFitError(_("A decision needs more votes for it than against it."))


def check_all_decided(*, items: int, decided: int) -> None:
    """Say no to signing while names are open. Raises UndecidedNamesError."""
    if decided < items:
        raise UndecidedNamesError(
            _("%(open)s names have no decision yet; decide or defer them before signing.")
            % {"open": grouped_fa(items - decided)}
        )


def check_planned(meeting: Meeting) -> None:
    """Say no to a new agenda once the meeting has begun. Raises MeetingSignedError, WrongStateError."""
    check_not_signed(meeting)
    if meeting.status != Meeting.Status.PLANNED:
        raise WrongStateError(_("The meeting has begun; its agenda stands."))


def pool_for(pools: Mapping[int | None, CreditPool], *, bank) -> CreditPool:
    """The pool that pays for a decision: the bank's own, else the general one.

    Raises DecisionIncompleteError where no bank is named and there is no general pool, or the bank has no share.
    """
    pool = pools.get(bank.pk if bank is not None else None) or pools.get(None)
    if pool is not None:
        return pool
    if bank is None:
        raise DecisionIncompleteError(_("Choose the bank that is to pay."), field="bank")
    raise DecisionIncompleteError(_("%(bank)s has no share of this year's credit.") % {"bank": bank}, field="bank")


def check_any_pool(pools: Collection[CreditPool]) -> None:
    """Say no where the programme has no credit at all. Raises NoPoolError."""
    if not pools:
        raise NoPoolError


@dataclass(frozen=True)
class Draw:
    """What a meeting takes from one pool (rial): ``taken`` for its names, ``left`` before it."""

    pool: CreditPool
    names: int
    taken_rial: int
    left_rial: int

    @property
    def left_after_rial(self) -> int:
        return self.left_rial - self.taken_rial

    @property
    def short_rial(self) -> int:
        """How much too little the pool has."""
        return max(0, -self.left_after_rial)


def check_credit(draws: Iterable[Draw]) -> None:
    """Say no to a list that asks more of a pool than it has left: of which, by how much, and what to do.

    Raises CreditShortError.
    """
    sentences = [
        _("%(pool)s has %(left)s left and %(names)s names take %(taken)s of it: %(short)s too much.")
        % {
            "pool": draw.pool,
            "left": rial(draw.left_rial),
            "names": grouped_fa(draw.names),
            "taken": rial(draw.taken_rial),
            "short": rial(draw.short_rial),
        }
        for draw in draws
        if draw.short_rial
    ]
    if sentences:
        remedy = _("Give some names to another bank, lower their amounts, or put the last ones into the reserve.")
        raise CreditShortError(" ".join([*map(str, sentences), str(remedy)]))


def check_correctable(application: Application) -> None:
    """Say no to taking up a name that no meeting has decided or that is at a bank already. Raises WrongStateError."""
    if application.status not in CORRECTABLE:
        raise WrongStateError(
            _("«%(name)s» is «%(present)s» now; a corrective meeting cannot take it up.")
            % {"name": application.applicant, "present": application.get_status_display()}
        )


def check_conditional(application: Application) -> None:
    """Say no unless the name was approved on a condition. Raises WrongStateError."""
    if application.status != Application.Status.CONDITIONAL:
        raise WrongStateError(
            _("«%(name)s» is «%(present)s» now; it waits for no condition.")
            % {"name": application.applicant, "present": application.get_status_display()}
        )


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
