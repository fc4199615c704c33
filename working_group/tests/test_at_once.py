"""Several people at one meeting, and several meetings at one credit, in real transactions."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection

from abarkuh_loans.errors import RuleError
from applicants.models import Application
from quotas.models import Commitment, CreditPool
from quotas.tests.factories import A_DAY, pool_with
from working_group import rules, workflow
from working_group.models import AgendaItem, Decision, Interest, Meeting
from working_group.tests.factories import MeetingFactory, World
from working_group.workflow import signing

pytestmark = pytest.mark.django_db(transaction=True)
WAIT_SECONDS = 30


def at_once(*acts):
    """Run the acts in threads of their own, started together. Gives each one's result or refusal."""
    start = threading.Barrier(len(acts))

    def run(act):
        start.wait(WAIT_SECONDS)
        try:
            return act()
        except (RuleError, IntegrityError) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts, timeout=WAIT_SECONDS))


def test_of_two_secretaries_deciding_one_name_one_wins_and_the_other_is_told():
    world = World(names=1)
    world.open()
    item = world.item()

    found = at_once(
        lambda: workflow.decide(item_id=item.pk, outcome="reserve", by=world.expert, seen=0),
        lambda: workflow.decide(item_id=item.pk, outcome="defer", reason="نقص", by=world.head, seen=0),
    )

    assert Decision.everything.count() == 1
    assert sorted(type(result).__name__ for result in found) == ["AlreadyDecidedError", "Decision"]


def test_without_what_each_had_seen_both_would_be_written():
    """The guard of the test above, dropped: the later one would silently take the place of the earlier."""
    world = World(names=1)
    world.open()
    item = world.item()

    at_once(
        lambda: workflow.decide(item_id=item.pk, outcome="reserve", by=world.expert),
        lambda: workflow.decide(item_id=item.pk, outcome="defer", reason="نقص", by=world.head),
    )

    assert Decision.everything.count() == 2


def test_of_two_signatures_at_once_one_counts_and_the_other_is_told():
    world = World(names=3)
    world.open()
    world.approve_all()

    found = at_once(*[lambda: workflow.sign(meeting_id=world.meeting.pk, by=world.head)] * 2)

    assert sorted(type(result).__name__ for result in found) == ["Meeting", "MeetingSignedError"]
    assert Commitment.everything.count() == 3


def test_two_agendas_drawn_at_once_share_no_name():
    world = World(names=6)
    second = MeetingFactory(programme=world.programme, number=2)

    at_once(
        *[
            lambda pk=pk: workflow.prepare_agenda(meeting_id=pk, by=world.expert, today=A_DAY)
            for pk in (world.meeting.pk, second.pk)
        ]
    )

    assert AgendaItem.everything.count() == 6
    assert AgendaItem.everything.values("application").distinct().count() == 6


@pytest.mark.parametrize("ordered", ["through the workflow", "by raw insert"])
def test_a_decision_that_arrives_while_the_minutes_are_signed_waits_and_is_refused(monkeypatch, ordered):
    world = World(names=2)
    world.open()
    world.approve_all()
    item, reached, compose = world.item(), threading.Event(), signing.minutes.compose

    def slow_compose(*args, **kwargs):
        reached.set()
        threading.Event().wait(0.5)  # the other one is at the door meanwhile
        return compose(*args, **kwargs)

    def decide():
        assert reached.wait(WAIT_SECONDS)
        if ordered == "through the workflow":
            return workflow.decide(item_id=item.pk, outcome="reserve", by=world.expert)
        return Decision.everything.create(item=item, outcome="reserve", votes_for=1, recorded_by=world.expert)

    monkeypatch.setattr(signing.minutes, "compose", slow_compose)
    signed, refused = at_once(lambda: workflow.sign(meeting_id=world.meeting.pk, by=world.head), decide)

    assert signed.status == Meeting.Status.SIGNED
    assert isinstance(refused, rules.MeetingSignedError | IntegrityError)
    assert Decision.everything.count() == 2


def test_an_interest_declared_while_the_name_is_decided_never_leaves_a_vote_too_many():
    world = World(names=1)
    world.open()
    item = world.item()

    at_once(
        lambda: workflow.decide(item_id=item.pk, outcome="reserve", by=world.expert),
        lambda: workflow.declare_interest(item_id=item.pk, member_id=world.members[3].pk),
    )

    assert Interest.everything.count() == 1
    assert all(decision.votes_for == 6 for decision in signing.decisions_in_force(world.refreshed()))


def meetings_in_session(world, count):
    """Meetings of one programme, each about to approve one name that takes the whole of what is left."""
    pks = []
    for number in range(1, count + 1):
        world.meeting = MeetingFactory(programme=world.programme, number=number + 10)
        world.name(asked_rial=300_000_000)
        world.open()
        world.decide(0)
        pks.append(world.meeting.pk)
    return pks


def test_sixteen_meetings_signing_at_once_never_give_more_than_there_is():
    world = World(names=0, credit_rial=1_000_000_000)
    pks = meetings_in_session(world, 16)

    found = at_once(*[lambda pk=pk: workflow.sign(meeting_id=pk, by=world.head) for pk in pks])

    signed = [result for result in found if isinstance(result, Meeting)]
    assert len(signed) == 3
    assert {type(result) for result in found} == {Meeting, rules.CreditShortError}
    assert world.left_rial() == 100_000_000
    assert Application.everything.filter(status="approved").count() == 3
    assert Commitment.everything.count() == 3


def test_without_the_lock_on_the_pools_the_check_alone_lets_too_many_through(monkeypatch):
    """The guard of the test above, dropped: every meeting reads the same credit and finds it enough."""
    world = World(names=0, credit_rial=300_000_000)
    pks = meetings_in_session(world, 4)
    passed, together = [], threading.Barrier(4)

    def unlocked(*, programme_id):
        return {pool.bank_id: pool for pool in CreditPool.everything.filter(programme=programme_id)}

    def check_then_wait(draws):
        rules_check(draws)
        passed.append(True)
        together.wait(WAIT_SECONDS)

    rules_check = rules.check_credit
    monkeypatch.setattr(signing.ledger, "lock_pools", unlocked)
    monkeypatch.setattr(signing.rules, "check_credit", check_then_wait)

    found = at_once(*[lambda pk=pk: workflow.sign(meeting_id=pk, by=world.head) for pk in pks])

    assert len(passed) == 4  # the check held nobody back …
    assert sum(isinstance(result, Meeting) for result in found) == 1  # … and the database still gave it once
    assert world.left_rial() == 0


def test_two_at_once_move_one_name_up_once():
    world = World(names=3, credit_rial=300_000_000)
    world.signed()
    pool_with(world.programme, 600_000_000, bank=world.bank)
    waiting = Application.everything.filter(status="reserve").order_by("rank").first()

    found = at_once(*[lambda: workflow.promote_reserve(application_id=waiting.pk, by=world.head)] * 2)

    assert sorted(type(result).__name__ for result in found) == ["Application", "WrongStateError"]
    assert world.left_rial() == 300_000_000
