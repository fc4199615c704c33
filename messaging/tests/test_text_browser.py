"""The count beside a text follows what is typed, and says what the server says."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from accounts.tests.factories import CountyFactory, UserFactory
from iran.text import to_persian_digits
from messaging import texts
from messaging.length import measure

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
SAMPLES = ["ب" * 71, "a" * 161, "x€" * 90, "😀" * 40, "ب" * 66 + "😀" + "ب" * 66, "سلام‌ها\nدوم", ""]


def test_the_browser_counts_as_the_server_does(live_site):
    county, declared = CountyFactory(), texts.all_declared()[0]
    page = live_site.page(UserFactory(role=Role.OFFICE_HEAD, county=county))
    page.goto(reverse("admin:messaging_messagetemplate_text", args=[county.pk, declared.code]))

    for sample in SAMPLES:
        page.locator("textarea[data-sms-text]").fill(sample)
        length = measure(sample)
        said = f"{length.characters} از {length.room} – {length.parts} پیامک"
        assert page.locator("#text-length").inner_text() == to_persian_digits(said), sample
