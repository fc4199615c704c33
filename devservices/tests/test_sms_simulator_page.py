"""The simulator's page in a real browser: a person reads a message and answers it."""

import pytest

from abarkuh_loans.testing.simulator import MOBILE

pytestmark = pytest.mark.browser


@pytest.fixture
def page(chromium, simulator):
    """A window on the page; a script's error or a breach of its content policy fails the test."""
    context = chromium.new_context(base_url=simulator.url, viewport={"width": 360, "height": 740}, locale="fa-IR")
    context.set_default_timeout(15_000)
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: message.type == "error" and faults.append(message.text))
    yield page
    context.close()
    assert not faults


def test_a_person_reads_on_a_phone_and_answers(page, call, simulator):
    call.array(range(35), receptors=[f"0913000{number:04d}" for number in range(35)])
    call.array([100], texts=["<b>مشغول کارید؟</b> 1 بله 2 خیر"])
    page.goto("/")
    page.get_by_role("button", name=MOBILE).click()
    assert page.locator("#entries").get_by_text("<b>مشغول کارید؟</b>").is_visible()

    page.get_by_role("button", name="۱ – بله").click()
    page.get_by_text("فرستاده شد").wait_for()
    page.get_by_label("یا پاسخ دیگری بنویسید").fill("هنوز مشغولم")
    page.get_by_role("button", name="فرستادن").first.click()
    page.locator("#entries").get_by_text("هنوز مشغولم").wait_for()
    answers = [entry["text"] for entry in simulator.ask("phone", mobile=MOBILE)["entries"] if entry["mine"]]
    assert answers == ["هنوز مشغولم", "1"]
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_the_list_is_searched_and_turned(page, call):
    call.array(range(35), receptors=[f"0913000{number:04d}" for number in range(35)])
    page.goto("/")
    page.get_by_text("۳۵ گوشی").or_(page.get_by_text("35 گوشی")).wait_for()
    page.get_by_role("button", name="صفحه بعدی").click()
    page.get_by_role("button", name="09130000034").wait_for()  # of one moment, in the order of their numbers

    page.get_by_label("شماره همراه یا متن پیام").fill("۰۹۱۳۰۰۰۰۰۲۲")
    page.get_by_role("button", name="جست‌وجو").click()
    page.get_by_text("1 گوشی", exact=True).wait_for()
    assert page.locator("[data-mobile]").count() == 1


def test_the_gateway_is_spoilt_and_mended_from_the_page(page, simulator):
    page.goto("/")
    page.get_by_text("خطاهای درگاه").click()
    page.get_by_label("شکست پس از پذیرش").fill("۲۵")
    page.get_by_label("شماره‌های خاموش").fill("۰۹۱۳۱۱۱۱۱۱۱، 09132222222")
    page.get_by_label("اعتبار تمام شده").check()
    page.get_by_role("button", name="به کار بستن").click()
    page.get_by_text("تغییر داده شده").wait_for()
    at_fault = simulator.summary()["at_fault"]
    assert at_fault == {"fail_after": 0.25, "unreachable": [MOBILE, "09132222222"], "no_credit": True}

    page.get_by_role("button", name="همه خطاها خاموش").click()
    page.get_by_text("تغییر داده شده").wait_for(state="hidden")
    assert simulator.summary()["at_fault"] == {}
