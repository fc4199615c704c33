"""A part of the site that dies is started again; only a loop of deaths ends the site."""

import sys
import time

import pytest

from devservices import lease, place, site


class NoLease:
    descriptor = 0


@pytest.fixture
def dying(monkeypatch):
    monkeypatch.setattr(site.time, "sleep", lambda seconds: None)
    part = site.Part("worker", [sys.executable, "-c", ""], NoLease())
    yield part
    part.process.wait()


def die(part: site.Part) -> None:
    part.process.wait()
    part.look_after()


def test_a_loop_of_deaths_ends_the_site(dying):
    for _ in range(site.MOST_RESTARTS):
        die(dying)
    with pytest.raises(place.ServerProblem):
        die(dying)


def test_deaths_of_long_ago_are_forgotten(dying):
    dying.restarts = [time.monotonic() - site.RESTARTS_SECONDS - 1] * site.MOST_RESTARTS
    die(dying)
    assert len(dying.restarts) == 1


def test_a_killed_server_is_started_again_while_the_site_runs(monkeypatch):
    started = []
    monkeypatch.setattr(lease.valkey, "answers", lambda: False)
    monkeypatch.setattr(lease.valkey, "ensure", lambda: started.append("redis"))
    held = object.__new__(lease.Lease)
    held.needs_redis, held.needs_postgres = True, False
    held.look_after()
    assert started == ["redis"]
