"""The demo's day moves on for every process, and only in a demo whose day was not fixed by hand."""

from datetime import date

import pytest

from demo import clock
from employment_tracking.tests.laddering import Ladder
from employment_tracking.workflow.advancing import advance
from iran.calendar import programme_now, programme_today
from tests.world import World, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build()


@pytest.fixture
def moving(settings, tmp_path):
    settings.PROGRAMME_TODAY = "1401/05/31"
    settings.PROGRAMME_TODAY_FILE = str(tmp_path / "today")


@pytest.fixture
def rung(monkeypatch) -> list[str]:
    names: list[str] = []
    monkeypatch.setattr("demo.views.current_app.send_task", lambda name, **options: names.append(name))
    return names


def test_the_day_moves_on_and_back(moving):
    assert clock.move_on(4) == date(2022, 8, 26)
    assert clock.move_on(1) == programme_today() == date(2022, 8, 27)
    assert clock.move_on(0) == programme_today() == date(2022, 8, 22)


def test_the_office_moves_the_day_and_what_waits_for_it_is_woken(moving, rung, world, client):
    client.force_login(world.users["expert"])

    answer = client.post("/demo/clock/", {"days": "4", "back": "/admin/"})

    assert answer.url == "/admin/"
    assert programme_today() == date(2022, 8, 26)
    assert "banks.tasks.expire_referrals" in rung


def test_a_question_that_has_left_is_waited_for_from_the_day_on_which_it_left(moving, rung, world, client):
    ladder = Ladder(world.programme)
    record = ladder.record()
    ladder.started()
    ladder.gateway_says("delivered")
    client.force_login(world.users["expert"])

    client.post("/demo/clock/", {"days": "4"})  # no worker has looked at the case meanwhile
    advance(now=programme_now())

    assert ladder.outcomes(record) == ["asked", "reminded"]


def test_nobody_is_led_to_another_site(moving, rung, world, client):
    client.force_login(world.users["expert"])

    assert client.post("/demo/clock/", {"days": "1", "back": "https://elsewhere.example/"}).url == "/"


@pytest.mark.parametrize("person", ["agency_user", "supervisor"])
def test_only_the_office_moves_it(moving, world, client, person):
    client.force_login(world.users[person])

    assert client.post("/demo/clock/", {"days": "4"}).status_code == 404
    assert programme_today() == date(2022, 8, 22)


def test_a_day_fixed_by_hand_stands_still(settings, world, client):
    settings.PROGRAMME_TODAY = "1401/05/31"
    client.force_login(world.users["expert"])

    assert client.post("/demo/clock/", {"days": "4"}).status_code == 404
    assert "چهار روز جلو" not in client.get("/meetings/").content.decode()
