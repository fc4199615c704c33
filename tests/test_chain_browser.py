"""The main job, from the agency's Excel list to the paid loan, in a real browser, by the four people who do it."""

import json
import re

import pytest
from celery.contrib.testing.worker import start_worker
from playwright.sync_api import Page, expect

from abarkuh_loans.celery import app as celery_app
from applicants.models import Application, ImportedList
from banks.models import Referral
from demo.loading import DATA, found
from oversight.invariants import check
from quotas.models import CreditPool
from working_group.models import Meeting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def people():
    """The county of the demo before its first applicant, and the people who act."""
    plan = json.loads((DATA / "programme_1401.json").read_text(encoding="utf-8"))
    return found(plan)[1]


@pytest.fixture
def worker():
    """A real Celery worker on the real broker, in a thread of its own."""
    with start_worker(celery_app, pool="solo", perform_ping_check=False, loglevel="ERROR"):
        yield


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name).first.click()


def choose_all(page: Page) -> None:
    """Tick every name of the page, one by one, as it works without JavaScript too."""
    for box in page.locator("input[name=ids]").all():
        box.check()


def test_a_name_goes_from_the_excel_list_to_the_paid_loan(live_site, worker, people):
    expert, head = live_site.page(people["expert"]), live_site.page(people["head"])
    import_the_list(expert)
    find_all_eligible(expert)
    hold_the_meeting(expert)
    read_the_meeting(live_site.page(people["member"]))
    sign(head)
    clear_the_inquiries(expert)
    refer(expert)
    read_the_letter(expert)
    officer = live_site.page(people[f"bank_{first_referral().branch.bank.code}"])
    confirm(officer)
    pay(officer)
    see_the_figures(head)
    assert not check()["violations"]


def import_the_list(page: Page) -> None:
    page.goto("/lists/")
    page.get_by_label("متقاضیان").check()
    page.set_input_files("input[type=file]", DATA / "applicants_1401.xlsx")
    press(page, "بررسی فایل")
    expect(page.get_by_role("button", name="ثبت ۱۲۲ ردیف سالم")).to_be_visible(timeout=60_000)
    press(page, "ثبت ۱۲۲ ردیف سالم")
    expect(page.get_by_role("main")).to_contain_text(re.compile("۱۲۲.*ثبت شد"), timeout=60_000)
    assert ImportedList.everything.get().status == ImportedList.Status.REGISTERED
    assert Application.everything.count() == 122


def find_all_eligible(page: Page) -> None:
    """The desk shows fifty names a page: the office goes on until nobody waits to be assessed."""
    page.goto("/admin/applicants/application/?status__exact=registered")
    page.locator("#action-toggle").check()
    page.locator("div.actions .question a").click()
    page.locator("select[name=action]").select_option(label="واجد شرایط شناختن")
    page.get_by_role("button", name="انجام").click()
    page.locator("form.act button[type=submit], #content form button[type=submit]").last.click()
    expect(page.locator(".messagelist, .alert")).to_contain_text("۱۲۲", timeout=60_000)
    assert Application.everything.filter(status="eligible").count() == 122


def hold_the_meeting(page: Page) -> None:
    page.goto("/meetings/new/")
    page.locator("input[name=number]").fill("۳")
    page.locator("input[name=held_on]").fill("۱۴۰۱/۰۵/۳۱")
    page.locator("input[name=place]").fill("سالن اجتماعات فرمانداری")
    page.locator("main form button[type=submit]").last.click()
    press(page, "آماده‌کردن")
    expect(page.get_by_role("main")).to_contain_text("خط برش")
    page.get_by_role("link", name="حاضران و آغاز جلسه").click()
    for member in page.locator("input[type=checkbox]").all():
        member.check()
    press(page, "آغاز جلسه")
    page.get_by_role("link", name="بدون مانع").click()
    press(page, "تصویب")
    page.get_by_role("link", name="زیر خط برش").click()
    press(page, "ذخیره")


def read_the_meeting(page: Page) -> None:
    """A member reads it all and can change nothing; no national ID is on the wall."""
    page.goto("/meetings/")
    page.get_by_role("main").get_by_role("link", name=re.compile("۳")).first.click()
    expect(page.get_by_role("main")).to_contain_text("خط برش")
    assert page.get_by_role("main").get_by_role("button").count() == 0
    assert "۹۹۹" not in page.get_by_role("main").inner_text()


def sign(page: Page) -> None:
    page.goto(f"/meetings/{Meeting.everything.get().pk}/sign-check/")
    press(page, "امضا")
    expect(page.get_by_role("main")).to_contain_text("صورت‌جلسه امضا شد")
    assert sum(pool.approved_rial for pool in CreditPool.everything.all()) > 81_000_000_000


def clear_the_inquiries(page: Page) -> None:
    page.goto("/inquiries/")
    choose_all(page)
    press(page, "فرستادن استعلام‌ها")
    expect(page.get_by_role("main")).to_contain_text("استعلام برای")
    choose_all(page)
    press(page, "ثبت پاسخ برای انتخاب‌شدگان")
    page.locator("select[name=kind]").select_option(label="همه استعلام‌های در انتظار پاسخ")
    page.locator("input[name=result][value=clear]").check()
    page.locator("input[name=answer_letter]").fill("۱۴۰۱/۴۴۱۲")
    press(page, "ثبت پاسخ‌ها")
    expect(page.get_by_role("main")).to_contain_text("پاسخ ثبت شد")


def refer(page: Page) -> None:
    page.goto("/referrals/ready/")
    page.locator("input[name=letter_number]").fill("د/۱۲۳۴/۱۴۰۱")
    press(page, "ادامه")
    press(page, "صدور")
    expect(page.get_by_role("main")).to_contain_text("معرفی صادر شد")


def first_referral() -> Referral:
    return Referral.everything.select_related("branch__bank", "application__applicant").order_by("pk").first()


def read_the_letter(page: Page) -> None:
    referral = first_referral()
    letter = page.request.get(f"/referrals/{referral.pk}/letter/")
    assert letter.headers["content-type"] == "application/pdf"
    assert letter.body().startswith(b"%PDF")
    page.goto(f"/verify/{referral.verification_code}/")
    expect(page.get_by_role("main")).to_contain_text(referral.branch.bank.name)


def confirm(page: Page) -> None:
    """Three acts: answer, confirm, record."""
    page.goto(f"/bank/referrals/{first_referral().pk}/")
    page.locator("input[name=answer][value=confirm]").check()
    press(page, "ثبت پاسخ")
    expect(page.get_by_role("main")).to_contain_text("پاسخ شما ثبت شد")


def pay(page: Page) -> None:
    page.goto("/bank/payable/")
    page.get_by_role("main").get_by_role("link", name="ثبت پرداخت").first.click()
    page.locator("input[name=contract_number]").fill("ق/۸۸")
    press(page, "ادامه")
    press(page, "ثبت پرداخت")
    expect(page.get_by_role("main")).to_contain_text("پرداخت ثبت شد")


def see_the_figures(page: Page) -> None:
    """The office's first page shows the one paid loan, and the figure opens the list it counts."""
    page.goto("/admin/")
    referral = first_referral()
    assert referral.application.status == Application.Status.PAID
    assert sum(pool.paid_rial for pool in CreditPool.everything.all()) == referral.amount_rial
    page.get_by_role("link", name="پرداخت‌شده").last.click()
    expect(page.get_by_role("main")).to_contain_text(referral.application.applicant.last_name)
