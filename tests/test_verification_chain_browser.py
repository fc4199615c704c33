"""Every registered job is asked about: the office, the people at their phones and the operator, in a real browser, with the
demo's 387 jobs, a real worker and the simulated gateway."""

import re
import time

import pytest
from celery.contrib.testing.worker import start_worker
from playwright.sync_api import Page, expect

from abarkuh_loans.celery import app as celery_app
from accounts.models import User
from demo import clock
from demo.loading import load
from employment_tracking.models import Attempt, JobRecord, VerificationCase
from employment_tracking.workflow.advancing import advance
from iran.calendar import programme_now
from messaging.models import OutboundMessage
from oversight.invariants import check

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]
SECRET = "the-secret-of-this-test"
JOBS = 387
SECONDS = 60
SENT = (OutboundMessage.Status.SENT, OutboundMessage.Status.DELIVERED)


@pytest.fixture
def worker():
    """A real Celery worker on the real broker, in a thread of its own."""
    with start_worker(celery_app, pool="solo", perform_ping_check=False, loglevel="ERROR"):
        yield


@pytest.fixture
def county(transactional_db, settings, tmp_path) -> None:
    settings.PROGRAMME_TODAY_FILE = str(tmp_path / "today")
    load()


def person(name: str) -> User:
    return User.objects.get(username=name)


def press(page: Page, name: str | re.Pattern) -> None:
    page.get_by_role("main").get_by_role("button", name=name).first.click()


def test_387_people_are_asked_answer_stay_silent_and_are_called(live_site, worker, county, simulator, settings):
    settings.SMS_CALLBACK_SECRET = SECRET
    simulator.hooks(live_site.url, SECRET)
    simulator.faults(callback_batch=200)  # the test's own web server is no gunicorn
    office = live_site.page(person("expert"))

    start_the_campaign(office)
    simulator.wait_until(lambda summary: summary["messages"] == JOBS)
    assert set(simulator.accepted().values()) == {1}
    assert len(simulator.calls("sms/sendarray")) == 2

    answered = answer_at_the_phone(live_site.page(), simulator.url)
    case = until(lambda: closed_case_of(answered))
    assert case.record.status == JobRecord.Status.VERIFIED

    let_four_days_pass()
    assert Attempt.everything.filter(outcome=Attempt.Outcome.REMINDED).count() == JOBS - 1
    until(lambda: OutboundMessage.everything.filter(status__in=SENT).count() == 2 * JOBS - 1)
    advance(now=programme_now())  # the wait for an answer begins when the reminder has left
    let_four_days_pass()
    assert VerificationCase.everything.filter(level=VerificationCase.Level.PHONE).count() == JOBS - 1

    call_somebody(live_site.page(person("operator")))
    office.reload()
    expect(office.get_by_role("main")).to_contain_text("در نوبت تماس ۳۸۶")
    assert not check()["violations"]


def start_the_campaign(page: Page) -> None:
    page.goto("/admin/campaigns/")
    page.get_by_role("main").get_by_role("link", name="پویش جدید").first.click()
    press(page, "ادامه")
    expect(page.get_by_role("main")).to_contain_text("۳۸۷")
    press(page, re.compile("آغاز پویش"))
    expect(page.get_by_role("main")).to_contain_text("پویش آغاز شد")


def answer_at_the_phone(page: Page, phones: str) -> str:
    """Somebody reads the question on his phone and answers; gives his number."""
    page.goto(phones)
    phone = page.locator("button", has_text="مشغول کارید").first
    mobile = phone.inner_text().split()[0].translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))
    phone.click()
    page.get_by_role("button", name="۱ – بله").click()
    return mobile


def closed_case_of(mobile: str) -> VerificationCase | None:
    cases = VerificationCase.everything.filter(record__mobile=mobile, status=VerificationCase.Status.CLOSED)
    return cases.select_related("record").first()


def until(look):
    """What ``look`` finds, within the seconds in which an answer must move its case."""
    deadline = time.monotonic() + SECONDS
    while not (found := look()):
        assert time.monotonic() < deadline, "nothing moved"
        time.sleep(0.05)
    return found


def let_four_days_pass() -> None:
    clock.move_on(4)
    advance(now=programme_now())


def call_somebody(page: Page) -> None:
    page.goto("/calls/")
    press(page, "گرفتن تماس بعدی")
    expect(page.get_by_role("radio").first).to_be_focused()
    page.keyboard.press("2")
    expect(page.get_by_role("radio", name="پاسخ نداد")).to_be_checked()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("main")).to_contain_text("تماس‌های امروز شما: ۱")
    assert Attempt.everything.filter(outcome=Attempt.Outcome.NO_ANSWER).count() == 1
