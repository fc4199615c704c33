"""The proposed list as scripts read it."""

import json

import pytest
from django.core.management import CommandError, call_command

from applicants.models import Application
from quotas.models import Track
from quotas.tests.factories import ProgrammeFactory, pool_with
from working_group.tests.factories import World

pytestmark = pytest.mark.django_db


def proposed(capsys, **options) -> dict:
    call_command("propose_list", **{"programme": "1401", "json": True} | options)
    return json.loads(capsys.readouterr().out)


def test_the_list_is_told_in_full(capsys):
    world = World(names=0, credit_rial=1_000)
    supporter = world.name(asked_rial=700, track=Track.SUPPORTER, promised_jobs=5)
    waiting = world.name(asked_rial=400, is_pioneer=True)

    found = proposed(capsys, programme="۱۴۰۱")

    assert found == {
        "credit_rial": 1_000,
        "requested_rial": 1_100,
        "chosen": 1,
        "chosen_rial": 700,
        "left_rial": 300,
        "jobs": 5,
        "cut_line": 2,
        "reserve": [waiting.pk],
        "optimal": None,
        "rows": [
            {"application": supporter.pk, "rank": 1, "score": 0, "kind": "supporter", "pioneer": False,
             "amount_rial": 700, "pool": world.bank.code, "chosen": True},
            {"application": waiting.pk, "rank": 2, "score": 0, "kind": "independent", "pioneer": True,
             "amount_rial": 400, "pool": None, "chosen": False},
        ],
    }  # fmt: skip


def test_nobody_below_the_line_is_let_past_it_although_he_would_fit(capsys):
    world = World(names=0, credit_rial=1_000)
    for asked in (700, 400, 100):
        world.name(asked_rial=asked)

    assert [row["chosen"] for row in proposed(capsys)["rows"]] == [True, False, False]


def test_the_wished_bank_pays_while_it_lasts_and_then_the_fullest_pool(capsys):
    world = World(names=3, credit_rial=500_000_000)
    pool_with(world.programme, 700_000_000)

    assert [row["pool"] for row in proposed(capsys)["rows"]] == [world.bank.code, "general", "general"]


def test_with_enough_credit_there_is_no_cut_line_and_no_reserve(capsys):
    World(names=2)

    found = proposed(capsys)

    assert (found["cut_line"], found["reserve"], found["chosen"]) == (None, [], 2)


def test_without_credit_everybody_waits(capsys):
    world = World(names=0)
    bare = ProgrammeFactory(county=world.county, year=1402)
    Application.everything.filter(pk=world.name().pk).update(programme=bare)

    assert proposed(capsys, programme="1402")["cut_line"] == 1


@pytest.mark.parametrize("strategy", ["trim", "best"])
def test_ways_that_are_still_to_come_are_refused(strategy):
    World(names=1)

    with pytest.raises(CommandError) as refused:
        call_command("propose_list", programme="1401", strategy=strategy)
    assert refused.value.returncode == 1


@pytest.mark.parametrize("programme", ["1390", "x", "۱۴۰۱۱", ""])
def test_a_year_without_a_programme_is_a_bad_argument(programme):
    World(names=0)

    with pytest.raises(CommandError) as refused:
        call_command("propose_list", programme=programme)
    assert refused.value.returncode == 2


def test_a_year_of_two_counties_needs_the_county(capsys):
    first, _second = World(names=1), World(names=2)

    with pytest.raises(CommandError) as refused:
        call_command("propose_list", programme="1401")
    assert refused.value.returncode == 2
    assert len(proposed(capsys, county=first.county.code)["rows"]) == 1


def test_people_read_one_line_a_name(capsys):
    world = World(names=2, credit_rial=300_000_000)

    call_command("propose_list", programme="1401")

    lines = capsys.readouterr().out.splitlines()
    assert [line[0] for line in lines] == ["+", "-"]
    assert str(world.names[0].applicant) in lines[0]
