"""Nothing is lost and nothing is sent twice while worker processes, Redis, PostgreSQL and the gateway fail.

The gateway here does not de-duplicate by itself. The same harness loses or doubles messages when a guard is broken.
``bin/bench faults`` is the long run.
"""

import pytest

from tests.faults.trial import CHILDREN, WORKERS, Plan, Trial

pytestmark = [pytest.mark.slow, pytest.mark.faults]


def test_every_message_is_sent_once_while_everything_is_killed():
    plan = Plan(messages=1_500, seconds=20, whole_kills=2, child_kills=2, redis_kills=1, redis_flushes=1,
                postgres_restarts=1, quick=True, patience=120)  # fmt: skip
    figures = Trial(plan).run()

    assert figures.all_well, figures
    assert set(figures.states) <= {"sent", "delivered"}
    assert figures.faulty_calls > 0
    assert figures.deaf_tasks <= WORKERS * CHILDREN, figures  # each process notices a restart of PostgreSQL once


CONTROL = {"messages": 600, "seconds": 10, "redis_kills": 0, "redis_flushes": 0, "postgres_restarts": 0, "quick": True}


def test_sent_again_without_a_question_messages_are_doubled():
    figures = Trial(Plan(**CONTROL, whole_kills=3, child_kills=1, patience=60, without="question")).run()

    assert figures.doubled > 0, figures


def test_with_a_lease_shorter_than_a_call_messages_are_doubled():
    slow = {"slow_share": 0.5, "slow_ms": 5_000}
    figures = Trial(Plan(**CONTROL, whole_kills=0, child_kills=0, patience=15, without="lease", faults=slow)).run()

    assert figures.doubled > 0, figures


def test_with_a_lease_that_never_ends_messages_are_lost():
    figures = Trial(Plan(**CONTROL, kills_of_all=3, whole_kills=0, child_kills=0, patience=15, without="return")).run()

    assert figures.unfinished > 0, figures
