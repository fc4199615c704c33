"""``bin/bench faults``: 10,000 messages while worker processes, Redis and PostgreSQL are killed and the gateway fails.

With the product's own lease and waits; one worker is stopped for longer than its lease besides. The other figures are
negative controls, the same course with a guard broken: ``lost``, ``doubled`` and ``unfinished`` must be 0 in the first and
not all 0 in the others. Takes some minutes.
"""

from collections.abc import Iterator
from dataclasses import asdict

from tests.faults.trial import FAULTS, SLOW, Plan, Trial

MESSAGES, SECONDS = 10_000, 90
CONTROL = {"seconds": 25, "redis_kills": 0, "redis_flushes": 0, "postgres_restarts": 0, "quick": True, "patience": 40}
OFTEN_SLOW = {"slow_share": 0.5, "slow_ms": 5_000}


def figures(rows: list[int] | None = None) -> Iterator[dict]:
    for messages in rows or [MESSAGES]:
        yield figure("faults", Plan(messages=messages, seconds=SECONDS, stops=1, batch=40))
        for guard, faults in (("question", FAULTS | SLOW), ("lease", OFTEN_SLOW), ("return", FAULTS | SLOW)):
            plan = Plan(messages=max(messages // 5, 200), without=guard, faults=faults, **CONTROL)
            yield figure(f"faults without {guard}", plan)


def figure(name: str, plan: Plan) -> dict:
    return {"name": name, **asdict(Trial(plan).run())}
