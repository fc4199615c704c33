"""The main pages in a real Chromium: nothing runs over the edge, nothing is refused by the policy, axe finds nothing."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from abarkuh_loans.testing.browser import LiveSite
from applicants.models import ImportedList
from applicants.tests.lists import excel, person
from background import workflow as background
from banks.models import Referral
from messaging.models import InboundMessage
from messaging.workflow import pauses
from tests.crowd import crowd
from tests.world import World, build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
WIDTHS = (1280, 360)
AXE_CODE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
FAULTS = f"axe.run(document, {json.dumps(RULES)}).then(found => found.violations.map(" + (
    "fault => fault.id + ': ' + fault.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ')))"
)
OVER_THE_EDGE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def world(transactional_db) -> World:
    county = build()
    crowd(county, 2)
    pauses.begin(reason="no_credit", detail="418")
    InboundMessage.everything.filter(pk=county.messages["inboundmessage"].pk).update(
        status=InboundMessage.Status.FOR_A_PERSON, note="پیش از این برای این شماره پیامی نفرستاده‌ایم."
    )
    return county


def pages_of_messages(world: World) -> list[str]:
    """With sending paused, so that the alarm stands over them, and a reply that waits for a person."""
    lists = [reverse(f"admin:messaging_{name}_changelist") for name in world.messages]
    single = [reverse(f"admin:messaging_{name}_change", args=[row.pk]) for name, row in world.messages.items()]
    text = reverse("admin:messaging_messagetemplate_text", args=[world.county.pk, "job_check"])
    return [*lists, *single, text]


def main_pages(world: World) -> list[tuple[str, str]]:
    """Who opens what."""
    referral, application = world.referrals[0].pk, world.applications["new"].pk
    return [
        ("nobody", reverse("login")),
        ("nobody", reverse("letter-verify", args=[world.referrals[0].verification_code])),
        ("head", reverse("admin:index")),
        ("head", reverse("admin:applicants_application_changelist")),
        ("head", reverse("admin:applicants_application_add")),
        ("head", reverse("admin:applicants_application_change", args=[application])),
        ("head", reverse("admin:applicants_application_history", args=[application])),
        ("head", reverse("admin:quotas_programme_change", args=[world.programme.pk])),
        ("head", reverse("admin:quotas_creditnotice_add")),
        ("head", reverse("list-index")),
        ("head", reverse("inquiry-list")),
        ("head", reverse("inquiry-detail", args=[world.applications["at_bank_0"].pk])),
        ("head", reverse("referral-list")),
        ("head", reverse("referral-ready")),
        ("head", reverse("referral-detail", args=[referral])),
        ("head", reverse("meeting-list")),
        ("head", reverse("meeting-detail", args=[world.meetings["planned"].pk])),
        ("head", reverse("meeting-attendance", args=[world.meetings["planned"].pk])),
        ("head", reverse("minutes-print", args=[world.meetings["signed"].pk])),
        ("head", reverse("reserve-list")),
        *(("head", address) for address in pages_of_messages(world)),
        ("bank_officer", reverse("bank-inbox")),
        ("bank_officer", reverse("bank-payable")),
        ("bank_officer", reverse("bank-referral", args=[referral])),
        ("agency_user", reverse("agency-home")),
        ("agency_user", reverse("agency-applications")),
        ("agency_user", reverse("job-register")),
        ("operator", reverse("call-desk")),
        ("operator", reverse("call-correct", args=[world.calls[0].pk])),
        ("nobody", reverse("call-verify")),
        ("supervisor", reverse("oversight-home")),
        ("supervisor", reverse("oversight-applications")),
        ("admin", reverse("admin:accounts_user_change", args=[world.users["operator"].pk])),
    ]


def faults_of(live_site: LiveSite, page: Page, address: str) -> list[str]:
    """At both widths: what runs over the edge, and what axe says."""
    faults = []
    page.goto(address)
    at_once = len(live_site.faults)
    page.evaluate(AXE_CODE)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if over := page.evaluate(OVER_THE_EDGE):
            faults.append(f"{address} at {width}: {over} px over the edge")
        faults += [f"{address} at {width}: {fault}" for fault in page.evaluate(FAULTS)]
    del live_site.faults[at_once:]  # axe tries styles on the page, which the policy refuses it
    return faults


def note_errors(live_site: LiveSite) -> Callable:
    """Whatever the browser complains of fails the test, be it a file that is not there."""

    def note(message) -> None:
        if message.type == "error" and "Content Security Policy" not in message.text:  # those are noted already
            live_site.faults.append(f"{message.location['url']}: {message.text}")

    return note


def test_the_main_pages_fit_and_axe_finds_nothing(live_site, world):
    pages, faults = {}, []
    for principal, address in main_pages(world):
        if principal not in pages:
            pages[principal] = live_site.page(world.users.get(principal))
            pages[principal].on("console", note_errors(live_site))
        faults += faults_of(live_site, pages[principal], address)

    assert not faults, "\n" + "\n".join(faults)


PASSWORD = "گذرواژه-آزمون"


def sign_in_without_scripts(live_site: LiveSite, user) -> Page:
    user.set_password(PASSWORD)
    user.save()
    page = live_site.page(java_script_enabled=False)
    page.goto(reverse("login"))
    page.get_by_label("نام کاربری").fill(user.username)
    page.get_by_label("گذرواژه").fill(PASSWORD)
    page.get_by_role("button", name="ورود").click()
    return page


def test_a_bank_answers_without_scripts(live_site, world):
    page = sign_in_without_scripts(live_site, world.users["bank_officer"])
    page.get_by_role("link", name=world.applications["at_bank_0"].applicant.full_name).click()
    page.get_by_label("تأیید", exact=False).first.check()
    page.get_by_role("button", name="ثبت پاسخ").click()

    assert page.url.endswith(reverse("bank-answered", args=[world.referrals[0].pk]))
    assert Referral.everything.get(pk=world.referrals[0].pk).status == Referral.Status.CONFIRMED


def test_a_list_is_brought_and_read_without_scripts(live_site, world, tmp_path):
    file = tmp_path / "names.xlsx"
    file.write_bytes(excel(person(1, **{"دستگاه معرف": world.agencies[0].name}), person(2, **{"کد ملی": "1234567890"})))
    page = sign_in_without_scripts(live_site, world.users["expert"])
    page.goto(reverse("list-index"))
    page.get_by_label("متقاضیان").check()
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="بررسی فایل").click()
    background.run(ImportedList.everything.latest("pk").task_id)
    page.get_by_role("link", name="دیدن وضعیت کنونی").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("names.xlsx")
    expect(page.get_by_role("main")).to_contain_text("کد ملی")
