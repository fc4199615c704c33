"""Nothing is lost and nothing is sent twice while worker processes, Redis, PostgreSQL and the gateway fail.

The gateway here does not de-duplicate by itself. The same harness loses or doubles messages when a guard is broken.
``bin/bench faults`` is the long run.
"""

import pytest

from tests.faults.trial import Plan, Trial

pytestmark = [pytest.mark.slow, pytest.mark.faults]


def test_every_message_is_sent_once_while_everything_is_killed():
    plan = Plan(messages=1_500, seconds=20, whole_kills=2, child_kills=2, redis_kills=1, redis_flushes=1,
                postgres_restarts=1, quick=True, patience=120)  # fmt: skip
    figures = Trial(plan).run()

    assert figures.all_well, figures
    assert set(figures.states) <= {"sent", "delivered"}
    assert figures.faulty_calls > 0


@pytest.mark.parametrize("guard", ["question", "lease"])
def test_without_a_guard_messages_are_sent_twice(guard):
    plan = Plan(messages=600, seconds=10, whole_kills=3, child_kills=1, redis_kills=0, redis_flushes=0,
                postgres_restarts=0, quick=True, patience=90, without=guard)  # fmt: skip
    figures = Trial(plan).run()

    assert figures.doubled > 0, figures
