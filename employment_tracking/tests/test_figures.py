"""The figures of the verification on /metrics: right, and each one statement that an index answers."""

from datetime import timedelta

import pytest

from employment_tracking import figures
from employment_tracking.models import Campaign
from employment_tracking.rules.calls import Level
from employment_tracking.tests.calling import Desk
from employment_tracking.workflow import calls
from iran.calendar import programme_now
from messaging.tests.test_figures import page, plan_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_an_empty_site_says_nought(client):
    shown = page(client)

    for line in (
        'loans_cases_due{level="sms"} 0.0',
        'loans_cases_due{level="phone"} 0.0',
        "loans_case_overdue_seconds 0.0",
        "loans_calls_waiting 0.0",
        "loans_leases_held 0.0",
    ):
        assert line in shown


def test_what_is_due_is_counted(client):
    desk, now = Desk(), programme_now()
    desk.case(level=Level.SMS, next_at=now - 2 * HOUR)
    desk.case(level=Level.SMS, next_at=now + HOUR)
    for _person in range(3):
        desk.case(next_at=now - HOUR)
    desk.case(next_at=now + HOUR)
    calls.take_next(by=desk.operator, now=now)

    shown = page(client)

    assert 'loans_cases_due{level="sms"} 1.0' in shown
    assert 'loans_cases_due{level="phone"} 3.0' in shown
    assert "loans_calls_waiting 2.0" in shown
    assert "loans_leases_held 1.0" in shown
    assert 7_200 <= figures.overdue_seconds() < 7_300


def test_in_a_paused_campaign_nothing_is_due(client):
    Desk().case(level=Level.SMS, next_at=programme_now() - HOUR)
    Campaign.everything.update(status=Campaign.Status.PAUSED)

    assert figures.overdue_seconds() == 0
    assert figures.due_by_level()["sms"] == 0


@pytest.mark.parametrize("figure", [figures.due_by_level, figures.overdue_seconds, figures.to_call, figures.leases])
def test_each_figure_is_one_statement_that_an_index_answers(figure):
    plan = plan_of(figure)

    assert "Seq Scan on employment_tracking_verificationcase" not in plan
    assert "case_due" in plan or "case_to_call" in plan or "case_one_in_hand_per_person" in plan
