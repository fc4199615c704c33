"""Every list and form of the office's desk, as the office and the administrator open them: Persian, and scoped."""

import re
from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.roles import Role
from accounts.tests.factories import UserFactory
from tests import world

pytestmark = pytest.mark.django_db
SILENT = {"script", "style", "option", "template", "title"}
VOID = {"input", "br", "hr", "img", "link", "meta", "path", "circle", "source", "use"}
LATIN = re.compile(r"[A-Za-z]{3,}")
DIGIT = re.compile(r"[0-9]")
GREGORIAN = re.compile(r"20[0-9]{2}|۲۰[۰-۹]{2}")
NAMES = re.compile("قناری ?[0-9۰-۹]+|رستمی [0-9]+")  # invented people carry a number in these tests
ARABIC = re.compile("[يك]")


class VisibleText(HTMLParser):
    """The words that a reader sees, without codes (which are ASCII by design) and what the browser counts itself."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs) -> None:
        if tag in VOID:
            return
        classes = (dict(attrs).get("class") or "").split()
        silent = tag in SILENT or bool({"code", "action-counter", "empty-form", "help", "sortpriority"} & set(classes))
        self.open.append((tag, silent or (bool(self.open) and self.open[-1][1])))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open[-1][0] != tag:
            self.open.pop()
        if self.open:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and not (self.open and self.open[-1][1]):
            self.words.append(data.strip())


def faults_of(page: str) -> set[str]:
    reader = VisibleText()
    reader.feed(page)
    return {
        words
        for words in (NAMES.sub("", words) for words in reader.words)
        if LATIN.search(words) or DIGIT.search(words) or GREGORIAN.search(words) or ARABIC.search(words)
    }


def pages_of(user) -> list[str]:
    """Addresses of the lists, the forms to add, and one record of each kind with its history."""
    found = [reverse("admin:index")]
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found += [reverse(f"{name}_changelist"), reverse(f"{name}_add")]
        record = model._default_manager.order_by("pk").first()
        if record is not None:
            found += [reverse(f"{name}_change", args=[record.pk]), reverse(f"{name}_history", args=[record.pk])]
    return found


@pytest.mark.parametrize("role", [Role.OFFICE, Role.OFFICE_HEAD, Role.ADMIN])
def test_every_page_of_the_desk_speaks_persian_alone(client, role):
    county = world.build().county
    client.force_login(UserFactory(role=role, county=county, username="کارشناس", last_name="رستمی"))
    opened, faults = 0, {}
    for address in pages_of(role):
        answer = client.get(address)
        assert answer.status_code in (200, 403, 404), address
        if answer.status_code == 200:
            opened += 1
            if found := faults_of(answer.content.decode()):
                faults[address] = found

    assert opened >= 10
    assert not faults
