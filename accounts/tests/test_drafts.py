"""A session that ended in the middle of a form loses nothing that was typed."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from tests.world import build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PASSWORD = "a-long-password-1401"
PLACE = "اتاق جلسه بخشداری"


@pytest.fixture
def expert(transactional_db):
    person = build().users["expert"]
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    return person


def sign_in(page: Page, person) -> None:
    page.locator("input[name=username]").fill(person.username)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button").click()


def type_a_meeting(page: Page) -> None:
    page.goto("/meetings/new/")
    page.locator("input[name=number]").fill("۷")
    page.locator("input[name=place]").fill(PLACE)


def test_what_was_typed_is_there_again_after_signing_in(live_site, expert):
    page = live_site.page(expert)
    type_a_meeting(page)
    Session.objects.all().delete()

    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_role("main")).to_contain_text("نوشته شما نگه داشته شده است")
    sign_in(page, expert)

    expect(page.get_by_role("main")).to_contain_text("نوشته پیشین شما دوباره اینجاست")
    assert page.url.endswith("/meetings/new/")
    assert page.locator("input[name=number]").input_value() == "۷"
    assert page.locator("input[name=place]").input_value() == PLACE


def test_another_person_does_not_see_it(live_site, expert):
    page = live_site.page(expert)
    other = build().users["expert"]
    other.set_password(PASSWORD)
    other.save(update_fields=["password"])
    type_a_meeting(page)
    Session.objects.all().delete()

    page.locator("main form button[type=submit]").last.click()
    sign_in(page, other)

    expect(page.locator("input[name=place]")).not_to_have_value(PLACE)


def test_what_arrived_is_forgotten(live_site, expert):
    page = live_site.page(expert)
    type_a_meeting(page)
    page.locator("input[name=held_on]").fill("۱۴۰۱/۰۵/۳۱")
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_role("main")).to_contain_text("۷")

    page.goto("/meetings/new/")

    assert page.evaluate("sessionStorage.getItem('draft')") is None
    assert "نوشته پیشین شما" not in page.get_by_role("main").inner_text()
