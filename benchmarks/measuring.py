"""What all benchmarks share: a database of their own, interleaved runs, and the form of a figure."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median

from django.db import connections

from abarkuh_loans.testing import database


@contextmanager
def scratch_database() -> Iterator[None]:
    """A fresh, migrated database, reached through the same three roles as the site; gone afterwards."""
    real_name = connections["owner"].settings_dict["NAME"]
    desk = database.maintenance_connection()
    name = database.take_database(desk, real_name, database.ensure_template(desk, real_name))
    database.point_at(name)
    try:
        yield
    finally:
        database.point_at(real_name)
        database.drop(desk, name)
        desk.close()


def seconds(work: Callable[[], object]) -> float:
    """Wall-clock seconds of one run, with the garbage of earlier runs out of the way."""
    gc.collect()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def interleaved(runs: dict[str, Callable[[], float]], rounds: dict[str, int]) -> dict[str, float]:
    """Medians of runs taken in turns, so that whatever else the machine does falls on all of them alike."""
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for turn in range(max(rounds.values())):
        for name, run in runs.items():
            if turn < rounds[name]:
                taken[name].append(run())
    return {name: median(times) for name, times in taken.items()}


def figure(name: str, *, n: int, unit: str, ours: float, peer: float, limit: float) -> dict:
    return {
        "name": name,
        "ours": round(ours, 4),
        "peer": round(peer, 4),
        "limit": round(limit, 4),
        "ratio_to_peer": round(peer / ours, 2),
        "ratio_to_limit": round(ours / limit, 2),
        "unit": unit,
        "n": n,
    }
