"""The office's campaign in a real Chromium: planned and started within its budget of clicks, read at both widths."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from employment_tracking.models import Campaign
from employment_tracking.tests.laddering import Ladder
from messaging.models import OutboundMessage
from tests.test_browser_pages import faults_of, note_errors

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
BUDGET = 5


@pytest.fixture
def ladder(transactional_db, settings) -> Ladder:
    settings.PROGRAMME_TODAY = "1401/05/31"
    ladder = Ladder()
    for flags in ((), (), ("mobile_shared",), ("line_restricted",)):
        ladder.record(flags=flags)
    return ladder


def test_a_campaign_is_started_within_its_budget_of_clicks(live_site, ladder):
    page = live_site.page(ladder.expert)
    page.goto(reverse("campaign-list"))
    clicks = (("link", "پویش جدید"), ("button", "ادامه"), ("button", "آغاز پویش و پرسش از ۴ نفر"))

    for role, name in clicks:
        page.get_by_role(role, name=name).click()

    expect(page.get_by_text("پویش آغاز شد و پرسش‌ها در راه است.")).to_be_visible()
    assert len(clicks) <= BUDGET
    assert OutboundMessage.everything.filter(status="queued").count() == 4


def test_the_pages_of_a_campaign_fit_and_axe_finds_nothing(live_site, ladder):
    page = live_site.page(ladder.expert)
    page.on("console", note_errors(live_site))
    planned = ladder.planned()
    faults = faults_of(live_site, page, reverse("campaign-detail", args=[planned.pk]))
    people = [ladder.record() for _ in range(3)]
    campaign = ladder.started()
    ladder.gateway_says("sent")
    ladder.advance()
    ladder.answered([(people[0], "yes"), (people[1], "no")])
    flagged = Campaign.everything.get(pk=campaign.pk).cases(manager="everything").get(must_reach="field")
    ladder.answers(flagged.record, "yes")
    closed = ladder.case(people[0]).pk
    for address in (
        reverse("campaign-list"),
        reverse("campaign-new"),
        reverse("campaign-detail", args=[campaign.pk]),
        reverse("campaign-end", args=[campaign.pk]),
        reverse("case-list", args=[campaign.pk]),
        reverse("case-detail", args=[closed]),
        reverse("field-queue"),
    ):
        faults += faults_of(live_site, page, address)
    assert not faults, "\n".join(faults)
