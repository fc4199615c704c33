"""When a meeting may decide and sign: both sides of every limit, without a database."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from abarkuh_loans.errors import WrongStateError
from accounts.models import Bank, User
from applicants.models import Applicant, Application
from quotas.models import CreditPool
from working_group import rules
from working_group.models import AgendaItem, Attendance, Decision, Meeting, Member

SEATS = [Member.Seat.CHAIR, Member.Seat.SECRETARY, *[Member.Seat.MEMBER] * 5]


def programme(**changed):
    values = {"quorum_percent": 50, "quorum_needs_chair": True, "quorum_needs_secretary": True} | changed
    return SimpleNamespace(rule=values.__getitem__)


def members(count=7):
    return [Member(pk=n, seat=seat, votes=True) for n, seat in enumerate(SEATS[:count], start=1)]


def found(present, *, group=None, absent=(), **changed):
    group = members() if group is None else group
    rows = [Attendance(member_id=n, is_present=True) for n in present] + [Attendance(member_id=n) for n in absent]
    return rules.quorum(members=group, attendances=rows, programme=programme(**changed))


def application(status=Application.Status.ON_AGENDA, asked=300, pk=1):
    person = Applicant(last_name=f"احمدی {pk}")
    return Application(pk=pk, status=status, requested_rial=asked, applicant=person)


def meeting(status):
    signed = status == Meeting.Status.SIGNED
    return Meeting(
        status=status, signed_at=timezone.now() if signed else None, signed_by=User(username="head") if signed else None
    )


# --- quorum --------------------------------------------------------------------------------------------------------


def test_four_of_seven_suffice_and_three_do_not():
    assert found([1, 2, 3, 4]).reached
    assert not found([1, 2, 3]).reached
    assert not found([1, 2, 3], absent=[4, 5, 6, 7]).reached


@pytest.mark.parametrize(("voting", "percent", "needed"), [(7, 50, 4), (6, 50, 4), (5, 60, 4), (3, 100, 3), (0, 50, 1)])
def test_more_than_the_year_s_share_is_needed_but_never_more_than_there_are(voting, percent, needed):
    assert found([], group=members(voting), quorum_percent=percent).needed == needed


def test_a_group_without_voting_members_never_has_a_quorum():
    assert not found([], group=[], quorum_needs_chair=False, quorum_needs_secretary=False).reached


@pytest.mark.parametrize(("missing", "rule"), [(1, "quorum_needs_chair"), (2, "quorum_needs_secretary")])
def test_chair_and_secretary_are_needed_where_the_year_says_so(missing, rule):
    there = [n for n in range(1, 8) if n != missing]

    assert not found(there).reached
    assert found(there, **{rule: False}).reached


def test_whoever_has_no_vote_or_left_office_does_not_count():
    group = members()
    group[5].votes = False
    group[6].is_active = False

    quorum = found([1, 2, 6, 7], group=group)

    assert (quorum.present, quorum.voting, quorum.needed) == (2, 5, 3)


def test_the_refusal_says_how_many_are_needed_and_who_is_missing():
    rules.check_quorum(found([1, 2, 3, 4]))
    with pytest.raises(rules.NoQuorumError, match="۴ نفر لازم است.*غایب: رئیس"):
        rules.check_quorum(found([2, 3, 4]))
    with pytest.raises(rules.NoQuorumError) as refused:
        rules.check_quorum(found([1, 2]))
    assert "غایب" not in str(refused.value)


# --- states --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [Meeting.Status.PLANNED, Meeting.Status.SIGNED])
def test_decisions_are_for_the_session_alone(status):
    rules.check_in_session(meeting(Meeting.Status.IN_SESSION))
    with pytest.raises(WrongStateError):
        rules.check_in_session(meeting(status))


@pytest.mark.parametrize("status", [Meeting.Status.IN_SESSION, Meeting.Status.SIGNED])
def test_an_agenda_is_drawn_up_before_the_session_alone(status):
    rules.check_planned(meeting(Meeting.Status.PLANNED))
    with pytest.raises(WrongStateError):
        rules.check_planned(meeting(status))


@pytest.mark.parametrize("status", [s for s in Application.Status if s != Application.Status.ON_AGENDA])
def test_only_a_name_on_the_agenda_is_decided(status):
    rules.check_on_agenda(application())
    with pytest.raises(WrongStateError):
        rules.check_on_agenda(application(status))


@pytest.mark.parametrize("status", Application.Status)
def test_a_corrective_meeting_takes_up_what_a_meeting_decided_and_no_bank_has(status):
    if status in ("approved", "conditional", "reserve", "rejected"):
        rules.check_correctable(application(status))
        return
    with pytest.raises(WrongStateError):
        rules.check_correctable(application(status))


@pytest.mark.parametrize("status", [s for s in Application.Status if s != Application.Status.CONDITIONAL])
def test_only_a_conditional_approval_waits_for_its_condition(status):
    rules.check_conditional(application(Application.Status.CONDITIONAL))
    with pytest.raises(WrongStateError):
        rules.check_conditional(application(status))


# --- a decision ----------------------------------------------------------------------------------------------------

ITEM = AgendaItem(application=application(asked=300))


@pytest.mark.parametrize("outcome", ["conditional", "defer", "reject"])
def test_some_decisions_need_a_reason(outcome):
    rules.check_decision(ITEM, outcome=outcome, amount_rial=300, reason="چون")
    with pytest.raises(rules.DecisionIncompleteError):
        rules.check_decision(ITEM, outcome=outcome, amount_rial=300, reason=" ")


def test_reserve_needs_neither_reason_nor_amount():
    rules.check_decision(ITEM, outcome="reserve", amount_rial=None, reason="")


@pytest.mark.parametrize("outcome", ["approve", "conditional"])
@pytest.mark.parametrize("amount", [None, 0, -1, 301])
def test_an_amount_outside_the_request_is_refused(outcome, amount):
    with pytest.raises(rules.AmountNotAllowedError):
        rules.check_decision(ITEM, outcome=outcome, amount_rial=amount, reason="چون")


@pytest.mark.parametrize("amount", [1, 300])
def test_one_rial_and_the_whole_request_are_allowed(amount):
    rules.check_decision(ITEM, outcome="approve", amount_rial=amount, reason="")


@pytest.mark.parametrize(("votes_for", "against", "voters"), [(4, 3, 7), (1, 0, 1), (7, 0, 7)])
def test_a_carried_vote_counts(votes_for, against, voters):
    rules.check_votes(votes_for=votes_for, votes_against=against, voters=voters)


@pytest.mark.parametrize(
    ("votes_for", "against", "voters"), [(5, 3, 7), (8, 0, 7), (3, 3, 7), (0, 0, 0), (8, -1, 7), (2, 3, 7)]
)
def test_too_many_votes_or_a_lost_vote_do_not(votes_for, against, voters):
    with pytest.raises(rules.VotesDoNotFitError):
        rules.check_votes(votes_for=votes_for, votes_against=against, voters=voters)


def test_whoever_was_not_asked_what_he_saw_may_decide():
    rules.check_latest_seen(None, seen=None)
    rules.check_latest_seen(None, seen=0)
    last = Decision(pk=5, outcome="reserve", recorded_by=User(username="x"), decided_at=timezone.now())
    rules.check_latest_seen(last, seen=5)
    with pytest.raises(rules.AlreadyDecidedError):
        rules.check_latest_seen(last, seen=0)
    with pytest.raises(rules.ListChangedError):
        rules.check_latest_seen(None, seen=4)


def test_a_list_is_decided_as_it_was_checked():
    rules.check_list_unchanged(expected=None, found=3)
    rules.check_list_unchanged(expected=3, found=3)
    with pytest.raises(rules.ListChangedError):
        rules.check_list_unchanged(expected=3, found=2)


def test_every_name_needs_a_decision_before_signing():
    rules.check_all_decided(items=3, decided=3)
    with pytest.raises(rules.UndecidedNamesError, match="۱ نفر"):
        rules.check_all_decided(items=3, decided=2)


# --- credit --------------------------------------------------------------------------------------------------------

MEHR, POST = Bank(pk=1, name="مهر"), Bank(pk=2, name="پست")


def test_a_bank_s_own_pool_pays_else_the_general_one():
    own, general = CreditPool(pk=1, bank=MEHR), CreditPool(pk=2)

    assert rules.pool_for({1: own, None: general}, bank=MEHR) is own
    assert rules.pool_for({1: own, None: general}, bank=POST) is general
    assert rules.pool_for({1: own, None: general}, bank=None) is general


@pytest.mark.parametrize("bank", [POST, None])
def test_without_a_general_pool_a_bank_with_a_share_is_needed(bank):
    with pytest.raises(rules.DecisionIncompleteError) as refused:
        rules.pool_for({1: CreditPool(pk=1, bank=MEHR)}, bank=bank)
    assert refused.value.field == "bank"


def test_a_pool_may_be_emptied_and_not_overdrawn_by_a_rial():
    pool = CreditPool(pk=1, bank=MEHR)
    rules.check_credit([rules.Draw(pool=pool, names=2, taken_rial=600, left_rial=600)])

    with pytest.raises(rules.CreditShortError, match="مهر.*۱ ریال بیش از مانده"):
        rules.check_credit([rules.Draw(pool=pool, names=2, taken_rial=601, left_rial=600)])


def test_without_any_credit_nobody_moves_up():
    rules.check_any_pool([CreditPool()])
    with pytest.raises(rules.NoPoolError):
        rules.check_any_pool([])


def test_the_reserve_moves_up_in_its_order_or_with_a_reason():
    first, second, stranger = (application(pk=n) for n in (1, 2, 3))
    waiting = [first, second]

    rules.check_next_in_reserve(first, waiting=waiting, reason="")
    rules.check_next_in_reserve(second, waiting=waiting, reason="مبلغ آزاد برای نفر اول کافی نیست")
    with pytest.raises(rules.NotNextInReserveError, match="احمدی ۱|احمدی 1"):
        rules.check_next_in_reserve(second, waiting=waiting, reason=" ")
    with pytest.raises(WrongStateError):
        rules.check_next_in_reserve(stranger, waiting=waiting, reason="چون")
