"""A broker that is dead, or takes the connection and says nothing: no request waits for it."""

import socket
import time
from unittest import mock

import pytest

from abarkuh_loans import broker
from messaging import bell

SEND = "messaging.bell.current_app.send_task"


@pytest.fixture(autouse=True)
def _heard_until_now(monkeypatch):
    monkeypatch.setattr(broker, "_deaf_until", 0.0)


def ring_at(settings, url: str) -> float:
    """How long whoever rings has to wait. The bell itself must not be reached."""
    settings.REDIS_URL = url
    began = time.monotonic()
    with mock.patch(SEND) as send:
        bell.ring()
    assert not send.called
    return time.monotonic() - began


def test_a_broker_that_is_there_is_rung(settings):
    with mock.patch(SEND) as send:
        bell.ring()

    assert send.called


@pytest.mark.parametrize("url", ["redis://127.0.0.1:9/0", "unix:///nowhere/redis.sock?db=0"])
def test_a_dead_broker_costs_no_time(settings, url):
    assert ring_at(settings, url) < 1


def test_a_broker_that_says_nothing_costs_half_a_second_once(settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"

        assert ring_at(settings, url) < 2
        assert ring_at(settings, url) < 0.2


def test_it_is_asked_again_after_a_while(settings, monkeypatch):
    working = settings.REDIS_URL
    ring_at(settings, "redis://127.0.0.1:9/0")
    settings.REDIS_URL = working
    monkeypatch.setattr(broker, "_deaf_until", time.monotonic() - 1)

    broker.check()
