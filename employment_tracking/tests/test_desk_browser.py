"""The agency's desk in a real Chromium: how many acts a job costs, and that nothing runs over a phone's edge."""

import os

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from abarkuh_loans.testing.browser import LiveSite
from accounts.roles import Role
from accounts.tests.factories import UserFactory
from applicants.tests.factories import ApplicantFactory, ApplicationFactory, national_id
from applicants.tests.lists import a_programme
from employment_tracking import workflow
from employment_tracking.models import JobRecord, RecordReturn
from employment_tracking.tests.factories import registered

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
OVER_THE_EDGE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Counting:
    """Counts acts as the budget does: a click is one, typing is none."""

    def __init__(self, page: Page) -> None:
        self.page, self.acts = page, 0

    def click(self, role: str, name: str) -> None:
        self.page.get_by_role(role, name=name).first.click()
        self.acts += 1


@pytest.fixture
def programme(transactional_db):
    return a_programme()


@pytest.fixture
def agency(programme):
    return programme.county.agencies.get(code="relief")


@pytest.fixture
def clerk(agency):
    return UserFactory(role=Role.AGENCY_USER, agency=agency)


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.parametrize("width", [1280, 360])
def test_a_paid_person_is_registered_with_three_acts(live_site: LiveSite, programme, agency, clerk, width):
    person = ApplicantFactory(national_id=national_id(7), address="ابرکوه، خیابان امام، پلاک ۷")
    ApplicationFactory(
        programme=programme, agency=agency, status="paid", approved_rial=300_000_000, line__programme=programme,
        applicant=person,
    )  # fmt: skip
    page = live_site.page(clerk, viewport={"width": width, "height": 800})
    page.goto(reverse("agency-home"))
    shot(page, f"home-{width}")
    counting = Counting(page)

    counting.click("link", f"ثبت شغل {person.full_name}")
    shot(page, f"form-{width}")
    page.get_by_label("شروع").first.fill("۱۴۰۱/۰۳/۱۲")
    counting.click("button", "ادامه")
    shot(page, f"look-{width}")
    assert page.evaluate(OVER_THE_EDGE) <= 0
    counting.click("button", "ثبت شغل")

    expect(page.get_by_role("status").first).to_be_visible()
    assert counting.acts == 3
    assert JobRecord.everything.get().national_id == national_id(7)


@pytest.mark.parametrize("width", [1280, 360])
def test_a_returned_record_is_sent_again_with_two_acts(live_site: LiveSite, programme, agency, clerk, width):
    made = [registered(programme, agency, number, mobile="09121234567") for number in (1, 2, 3)]
    workflow.send_back(record_id=made[0].pk, cause="mobile")
    page = live_site.page(clerk, viewport={"width": width, "height": 800})
    page.goto(reverse("agency-home"))
    shot(page, f"returned-home-{width}")
    counting = Counting(page)

    counting.click("link", "اصلاح")
    shot(page, f"correct-{width}")
    assert page.evaluate(OVER_THE_EDGE) <= 0
    page.get_by_label("تلفن همراه", exact=False).first.fill("۰۹۹۰۱۲۳۴۵۶۷")
    counting.click("button", "فرستادن دوباره")

    expect(page.get_by_role("status").first).to_be_visible()
    assert counting.acts == 2
    assert not RecordReturn.everything.waiting().exists()
    page.goto(reverse("job-detail", args=[made[1].pk]))
    shot(page, f"detail-{width}")
    assert page.evaluate(OVER_THE_EDGE) <= 0
