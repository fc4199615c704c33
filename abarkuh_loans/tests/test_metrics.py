"""The figures for whoever watches the site: from this machine or with the token, and no person in them."""

import pytest
from django.db import DatabaseError

from abarkuh_loans import metrics
from background.models import BackgroundTask

pytestmark = pytest.mark.django_db


def test_this_machine_reads_the_open_work(client):
    BackgroundTask.everything.create(kind="nothing")

    answer = client.get("/metrics")

    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    assert b'loans_work_open{status="waiting"} 1.0' in answer.content


@pytest.mark.parametrize("more", [{"REMOTE_ADDR": "192.0.2.7"}, {"HTTP_X_FORWARDED_FOR": "192.0.2.7"}])
def test_elsewhere_there_is_no_such_page(client, more):
    assert client.get("/metrics", **more).status_code == 404


def test_the_token_opens_it_from_elsewhere(client, settings):
    settings.METRICS_TOKEN = "a-long-token"

    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7", HTTP_AUTHORIZATION="Bearer wrong").status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7", HTTP_AUTHORIZATION="Bearer a-long-token").status_code == 200


def test_a_figure_that_cannot_be_read_leaves_the_others(client, monkeypatch):
    def broken() -> float:
        raise DatabaseError

    monkeypatch.setitem(metrics.FIGURES.declared, "broken", ("Broken.", "", broken))

    page = client.get("/metrics").content

    assert b'figure_readable{figure="broken"} 0.0' in page
    assert b'figure_readable{figure="loans_work_open"} 1.0' in page
