"""The operators' desk in a real Chromium: by keyboard alone, without scripts, and within its budget of acts."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from employment_tracking.models import Attempt, VerificationCase
from employment_tracking.tests.calling import Desk
from tests.test_browser_pages import faults_of, note_errors, sign_in_without_scripts

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def desk(transactional_db):
    return Desk()


class Acts:
    """Counts what the operator does: a key, a chord or a click is one act."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.count += 1

    def call(self) -> None:
        """The telephone link is pressed; the call itself is the telephone's."""
        self.page.evaluate(
            "document.addEventListener('click', e => e.target.closest('a[href^=\"tel:\"]') && e.preventDefault())"
        )
        self.page.get_by_role("link", name="تماس با").click()
        self.count += 1


def begin(live_site, desk) -> Page:
    page = live_site.page(desk.operator)
    page.goto(reverse("call-desk"))
    page.get_by_role("button", name="گرفتن تماس بعدی").click()
    return page


def name_on(page: Page):
    return page.locator("#who")


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.name + ':' + document.activeElement.value")


def test_a_person_who_answers_takes_four_acts_and_the_next_one_comes_by_itself(live_site, desk):
    first, second = desk.case(), desk.case()
    page = begin(live_site, desk)
    expect(name_on(page)).to_have_text(first.record.full_name)
    acts = Acts(page)

    acts.call()
    acts.press("1")
    acts.press("7")
    acts.press("Control+Enter")

    expect(name_on(page)).to_have_text(second.record.full_name)
    attempt = Attempt.everything.get()
    assert (acts.count, attempt.outcome, len(attempt.answers)) == (4, "confirmed", 5)
    assert focused(page) == "outcome:answered"


def test_a_person_who_does_not_pick_up_takes_two_acts(live_site, desk):
    desk.case()
    second = desk.case()
    page = begin(live_site, desk)
    expect(name_on(page)).to_be_visible()
    acts = Acts(page)

    acts.press("2")
    acts.press("Control+Enter")

    expect(name_on(page)).to_have_text(second.record.full_name)
    assert (acts.count, Attempt.everything.get().outcome) == (2, "no_answer")


def test_keys_work_wherever_the_focus_is_and_leave_typing_alone(live_site, desk):
    desk.case()
    page = begin(live_site, desk)
    page.get_by_label("توضیح").fill("")
    page.keyboard.press("4")
    assert page.get_by_label("توضیح").input_value() == "4"
    page.locator("#main").focus()

    page.keyboard.press("Numpad5")
    expect(page.get_by_label("روز تماس بعدی")).to_be_visible()
    page.keyboard.press("4")
    expect(page.get_by_label("روز تماس بعدی")).to_be_hidden()
    page.locator("#main").focus()
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("heading", name="کسی در صف تماس نیست")).to_be_visible()
    assert Attempt.everything.get().outcome == "wrong_number"


def test_a_result_just_recorded_is_corrected(live_site, desk):
    desk.case()
    page = begin(live_site, desk)
    expect(name_on(page)).to_be_visible()
    page.keyboard.press("6")
    page.keyboard.press("Control+Enter")
    page.get_by_role("link", name="اصلاح").click()
    page.get_by_label("پاسخ نداد").check()
    page.get_by_role("button", name="ثبت اصلاح").click()

    expect(page.get_by_role("main")).to_contain_text("اصلاح شد")
    assert VerificationCase.everything.get().level == "phone"


def test_a_call_is_recorded_without_scripts(live_site, desk):
    case = desk.case()
    page = sign_in_without_scripts(live_site, desk.operator)
    page.get_by_role("button", name="گرفتن تماس بعدی").click()
    page.get_by_label("پاسخ داد").check()
    page.get_by_label("خیر، کنار گذاشته‌ام").check()
    page.get_by_role("button", name="ثبت و تماس بعدی").click()

    expect(page.get_by_role("heading", name="کسی در صف تماس نیست")).to_be_visible()
    case.refresh_from_db()
    assert case.level == "field"


def test_the_desk_fits_and_axe_finds_nothing_in_any_state(live_site, desk):
    desk.case()
    page = live_site.page(desk.operator)
    page.on("console", note_errors(live_site))
    faults = faults_of(live_site, page, reverse("call-desk"))
    page.get_by_role("button", name="گرفتن تماس بعدی").click()
    expect(name_on(page)).to_be_visible()
    page.get_by_label("پاسخ داد").check()
    faults += faults_of(live_site, page, reverse("call-desk"))
    page.get_by_label("حاضر به پاسخ نشد").check()
    page.get_by_role("button", name="ثبت و تماس بعدی").click()
    faults += faults_of(live_site, page, reverse("call-desk"))
    faults += faults_of(live_site, page, reverse("call-correct", args=[Attempt.everything.get().pk]))
    stranger = live_site.page()
    faults += faults_of(live_site, stranger, reverse("call-verify"))

    assert not faults, "\n" + "\n".join(faults)
