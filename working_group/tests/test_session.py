"""The session and what comes after signing: every verb, and nothing written where it is refused."""

import pytest
from django.db import transaction

from abarkuh_loans.errors import WrongStateError
from applicants import workflow as applications
from applicants.models import Application, ApplicationEvent
from applicants.rules import ReasonMissingError
from quotas.ledger import CreditExhaustedError
from quotas.models import Commitment, CreditMovement
from quotas.tests.factories import ProgrammeFactory, pool_with
from working_group import rules, workflow
from working_group.models import Decision, Meeting
from working_group.tests.factories import World

pytestmark = pytest.mark.django_db


def there(world, count):
    return {member.pk: "" for member in world.members[:count]}


def test_a_meeting_opens_with_its_quorum_and_not_without():
    world = World()
    world.prepare()
    with pytest.raises(rules.NoQuorumError), transaction.atomic():
        workflow.open_session(meeting_id=world.meeting.pk, present=there(world, 3))
    assert world.refreshed().status == Meeting.Status.PLANNED
    assert not world.meeting.attendances.filter(is_present=True).exists()

    workflow.open_session(meeting_id=world.meeting.pk, present=there(world, 4))

    assert world.refreshed().status == Meeting.Status.IN_SESSION
    assert world.meeting.opened_at is not None


def test_a_meeting_opens_once():
    world = World()
    world.open()

    with pytest.raises(WrongStateError):
        workflow.open_session(meeting_id=world.meeting.pk, present=there(world, 7))


def test_who_is_there_is_not_changed_after_signing():
    world = World()
    world.signed()

    with pytest.raises(rules.MeetingSignedError):
        workflow.record_attendance(meeting_id=world.meeting.pk, present={})


@pytest.mark.parametrize("stage", ["planned", "signed"])
def test_nothing_is_decided_outside_the_session(stage):
    world = World(names=1)
    world.prepare() if stage == "planned" else world.signed()
    before = Decision.everything.count()
    acts = [
        lambda: world.decide(0),
        lambda: workflow.decide_unflagged(meeting_id=world.meeting.pk, by=world.expert),
        lambda: workflow.reserve_below_line(meeting_id=world.meeting.pk, by=world.expert),
        lambda: workflow.declare_interest(item_id=world.item().pk, member_id=world.members[0].pk),
    ]

    for act in acts:
        with pytest.raises(WrongStateError):
            act()

    assert Decision.everything.count() == before


def test_a_meeting_that_lost_its_quorum_decides_no_more():
    world = World(names=1)
    world.open()
    workflow.record_attendance(meeting_id=world.meeting.pk, present=there(world, 3))

    with pytest.raises(rules.NoQuorumError):
        world.decide(0)
    with pytest.raises(rules.NoQuorumError):
        world.approve_all()

    assert not Decision.everything.exists()


def test_a_later_decision_takes_the_place_of_an_earlier_one_and_both_stay_readable():
    world = World(names=1)
    world.open()
    world.decide(0)
    world.decide(0, outcome="reject", reason="سند نادرست", seen=Decision.everything.get().pk)

    workflow.sign(meeting_id=world.meeting.pk, by=world.head)

    assert Decision.everything.count() == 2
    assert Application.everything.get().status == "rejected"


def test_only_a_decision_that_gives_money_has_an_amount_and_a_bank():
    world = World(names=1)
    world.open()

    decision = world.decide(0, outcome="reserve")

    assert (decision.amount_rial, decision.bank_id) == (None, None)


def test_a_bank_without_a_share_is_refused_at_once():
    world = World(names=1)
    stranger = World(names=0).bank
    world.open()

    with pytest.raises(rules.DecisionIncompleteError):
        world.decide(0, bank_id=stranger.pk)


def test_a_name_that_withdrew_is_not_decided():
    world = World(names=2)
    world.open()
    applications.withdraw(application_id=world.item().application_id, reason="انصراف", by=world.expert)

    with pytest.raises(WrongStateError):
        world.decide(0)

    assert workflow.decide_unflagged(meeting_id=world.meeting.pk, by=world.expert) == 1


def test_a_member_with_an_interest_has_no_vote_on_that_name_and_keeps_the_others():
    world = World(names=2)
    world.open()
    workflow.declare_interest(item_id=world.item(0).pk, member_id=world.members[3].pk)
    workflow.declare_interest(item_id=world.item(0).pk, member_id=world.members[3].pk)

    with pytest.raises(rules.VotesDoNotFitError), transaction.atomic():
        world.decide(0, votes_for=7)

    assert world.decide(0).votes_for == 6
    assert world.decide(1).votes_for == 7
    assert world.item(0).interests.count() == 1


def test_a_name_with_a_declared_interest_is_not_decided_with_the_others():
    world = World(names=2)
    world.open()
    workflow.declare_interest(item_id=world.item(0).pk, member_id=world.members[3].pk)

    assert workflow.decide_unflagged(meeting_id=world.meeting.pk, by=world.expert) == 1


def test_names_below_the_line_go_into_the_reserve_together():
    world = World(names=3, credit_rial=300_000_000)
    world.open()

    assert workflow.reserve_below_line(meeting_id=world.meeting.pk, by=world.expert, expected=2) == 2
    assert set(Decision.everything.values_list("outcome", flat=True)) == {"reserve"}


def test_a_changed_list_is_not_decided_all_at_once():
    world = World(names=2)
    world.open()

    with pytest.raises(rules.ListChangedError):
        workflow.decide_unflagged(meeting_id=world.meeting.pk, by=world.expert, expected=3)

    assert not Decision.everything.exists()


# --- the reserve ---------------------------------------------------------------------------------------------------


def reserved(world):
    return Application.everything.filter(status="reserve").order_by("rank")


def test_the_first_in_reserve_moves_up_when_credit_is_freed():
    world = World(names=3, credit_rial=300_000_000)
    world.signed()
    pool_with(world.programme, 300_000_000, bank=world.bank)
    first, second = reserved(world)
    events = ApplicationEvent.everything.count()

    with pytest.raises(rules.NotNextInReserveError):
        workflow.promote_reserve(application_id=second.pk, by=world.head)
    workflow.promote_reserve(application_id=first.pk, by=world.head)

    first.refresh_from_db()
    assert (first.status, first.approved_rial, world.left_rial()) == ("approved", 300_000_000, 0)
    assert ApplicationEvent.everything.count() == events + 1


def test_a_written_reason_passes_a_name_over_and_is_kept():
    world = World(names=3, credit_rial=300_000_000)
    world.signed()
    pool_with(world.programme, 300_000_000, bank=world.bank)
    second = reserved(world)[1]

    workflow.promote_reserve(application_id=second.pk, by=world.head, reason="نفر نخست در سفر است")

    assert ApplicationEvent.everything.get(application=second, to_status="approved").reason == "نفر نخست در سفر است"


def test_too_little_credit_moves_nobody_up():
    world = World(names=2, credit_rial=300_000_000)
    world.signed()
    before = (ApplicationEvent.everything.count(), CreditMovement.everything.count())

    with pytest.raises(CreditExhaustedError), transaction.atomic():
        workflow.promote_reserve(application_id=reserved(world)[0].pk, by=world.head)

    assert reserved(world).count() == 1
    assert (ApplicationEvent.everything.count(), CreditMovement.everything.count()) == before


def test_a_name_that_does_not_wait_does_not_move_up():
    world = World(names=1)
    world.signed()

    with pytest.raises(WrongStateError):
        workflow.promote_reserve(application_id=world.names[0].pk, by=world.head)


def test_whoever_was_approved_before_stands_first_in_the_reserve():
    world = World(names=2, credit_rial=300_000_000)
    world.signed()
    waiting = reserved(world)[0]
    lost = world.name(status=Application.Status.RESERVE, approved_rial=200_000_000, rank=9)
    pool_with(world.programme, 200_000_000, bank=world.bank)

    with pytest.raises(rules.NotNextInReserveError):
        workflow.promote_reserve(application_id=waiting.pk, by=world.head)
    workflow.promote_reserve(application_id=lost.pk, by=world.head)

    assert Commitment.everything.filter(application_id=lost.pk, stage="approved", amount_rial=200_000_000).exists()


def test_the_list_signed_earlier_comes_first_whatever_the_ranks():
    world = World(names=2, credit_rial=300_000_000)
    world.signed()
    earlier = reserved(world)[0]
    world.name()
    world.next_meeting()
    world.open()
    workflow.reserve_below_line(meeting_id=world.meeting.pk, by=world.expert)
    workflow.sign(meeting_id=world.meeting.pk, by=world.head)
    later = reserved(world).exclude(pk=earlier.pk).get()
    assert later.rank < earlier.rank
    pool_with(world.programme, 300_000_000, bank=world.bank)

    with pytest.raises(rules.NotNextInReserveError):
        workflow.promote_reserve(application_id=later.pk, by=world.head)


def test_without_any_pool_nobody_moves_up():
    world = World(names=0)
    bare = ProgrammeFactory()
    name = world.name(status=Application.Status.RESERVE)
    Application.everything.filter(pk=name.pk).update(programme=bare)

    with pytest.raises(rules.NoPoolError):
        workflow.promote_reserve(application_id=name.pk, by=world.head)


def test_a_condition_is_met_with_a_reason_by_a_conditional_name_alone():
    world = World(names=2, credit_rial=300_000_000)
    world.open()
    world.decide(0, outcome="conditional", reason="پروانه")
    workflow.reserve_below_line(meeting_id=world.meeting.pk, by=world.expert)
    workflow.sign(meeting_id=world.meeting.pk, by=world.head)
    name, waiting = Application.everything.get(status="conditional"), reserved(world)[0]

    with pytest.raises(ReasonMissingError):
        workflow.meet_condition(application_id=name.pk, by=world.expert, reason=" ")
    with pytest.raises(WrongStateError):
        workflow.meet_condition(application_id=waiting.pk, by=world.expert, reason="پروانه آورد")
    workflow.meet_condition(application_id=name.pk, by=world.expert, reason="پروانه آورد")

    name.refresh_from_db()
    assert name.status == "approved"
    assert reserved(world).count() == 1
