"""Long work: told after the commit, done once, taken up again when its worker dies or the bell is lost."""

from datetime import timedelta
from unittest import mock

import pytest
from django.utils import timezone
from kombu.exceptions import OperationalError

from abarkuh_loans.errors import RuleError
from accounts.tests.factories import UserFactory
from background import workflow
from background.models import BackgroundTask

pytestmark = pytest.mark.django_db
SEND = "background.workflow.current_app.send_task"


@pytest.fixture
def done(monkeypatch):
    done = []
    monkeypatch.setitem(workflow.HANDLERS, "count", lambda task: done.append(task.pk))
    return done


def queued(**about):
    return workflow.queue(kind="count", arguments={}, by=UserFactory(), **about)


def late(task, **changes):
    BackgroundTask.everything.filter(pk=task.pk).update(**changes)


def test_the_bell_rings_after_the_commit(django_capture_on_commit_callbacks):
    with mock.patch(SEND) as send:
        with django_capture_on_commit_callbacks(execute=True):
            task = queued()
            assert not send.called
        assert send.call_args.args == ("background.tasks.run_task", [task.pk])


def test_a_silent_broker_stops_nobody(django_capture_on_commit_callbacks):
    with mock.patch(SEND, side_effect=OperationalError), django_capture_on_commit_callbacks(execute=True):
        task = queued()

    assert task.status == "waiting"


def test_a_task_is_done_once(done):
    task = queued()

    workflow.run(task.pk)
    workflow.run(task.pk)

    task.refresh_from_db()
    assert done == [task.pk]
    assert (task.status, task.attempts) == ("done", 1)


def test_a_task_that_another_worker_has_is_left_alone(done):
    task = queued()
    workflow.claim(task.pk)

    workflow.run(task.pk)

    assert not done


def test_a_task_whose_worker_died_is_taken_up_after_its_lease(done):
    task = queued()
    workflow.claim(task.pk)
    late(task, lease_until=timezone.now() - timedelta(seconds=1))

    workflow.run(task.pk)

    assert done == [task.pk]


def test_a_refusal_is_the_answer_of_the_task(monkeypatch):
    def refuse(task):
        raise RuleError("نه")

    monkeypatch.setitem(workflow.HANDLERS, "count", refuse)
    task = queued()

    workflow.run(task.pk)

    task.refresh_from_db()
    assert (task.status, task.message) == ("failed", "نه")


def test_progress_is_kept_with_the_lease():
    task = queued(total=10)
    workflow.claim(task.pk)

    workflow.progress(task, done=4, total=10, failed=1)

    task.refresh_from_db()
    assert (task.done, task.failed) == (4, 1)
    assert task.lease_until > timezone.now()


@pytest.mark.parametrize(
    ("changes", "rung"),
    [
        ({}, 0),
        ({"asked_at": timedelta(minutes=-1)}, 1),
        ({"status": "running", "lease_until": timedelta(minutes=1)}, 0),
        ({"status": "running", "lease_until": timedelta(minutes=-1)}, 1),
    ],
)
def test_the_sweeper_rings_for_what_nobody_heard(changes, rung):
    task = queued()
    late(task, **{k: timezone.now() + v if isinstance(v, timedelta) else v for k, v in changes.items()})

    with mock.patch(SEND) as send:
        assert workflow.ring_due() == rung
    assert send.call_count == rung


def test_work_that_stops_again_and_again_is_given_up():
    task = queued()
    late(task, status="running", lease_until=timezone.now() - timedelta(minutes=1), attempts=workflow.MOST_ATTEMPTS)

    with mock.patch(SEND) as send:
        workflow.ring_due()

    task.refresh_from_db()
    assert task.status == "failed"
    assert task.message
    assert not send.called
