"""By hand, by beat and by the bell: the same sending."""

import json
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command

from messaging import tasks
from messaging.tests.drafts import some_messages, states

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    said = StringIO()
    call_command("send_due_messages", *words, stdout=said, stderr=said)
    return said.getvalue()


def test_the_command_says_in_json_what_became_of_the_messages(county, simulator):
    some_messages(county, 3)

    assert json.loads(run("--json")) == {"sent": 3, "paused": ""}
    assert json.loads(run("--json")) == {"paused": ""}


def test_the_command_tells_of_a_pause(county, simulator):
    simulator.faults(no_credit=True)
    some_messages(county, 3)

    assert json.loads(run("--json")) == {"queued": 3, "paused": "no_credit"}
    assert "no_credit" in run()


def test_the_command_tells_a_person_that_nothing_is_due(county, simulator):
    assert run().strip() == "پیامی در نوبت ارسال نیست."


def test_the_workers_task_sends_and_asks(county, simulator):
    some_messages(county, 3)

    tasks.send_due()
    tasks.poll_deliveries()

    assert states() == {"sent": 3}


def test_beat_sweeps_every_half_minute():
    planned = {entry["task"]: entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert planned["messaging.tasks.send_due"] == 30 and planned["messaging.tasks.poll_deliveries"] == 60
