"""The first page of the office: every figure equals the list that it opens."""

import re
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from accounts.roles import Role
from accounts.tests.factories import CountyFactory, UserFactory
from applicants.tests.factories import ApplicationFactory
from oversight.dashboard import billion
from quotas.tests.factories import A_DAY
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return world.build()


@pytest.fixture
def office(client, county):
    client.force_login(UserFactory(role=Role.OFFICE_HEAD, county=county.county))
    return client


def counted(context) -> list[tuple[int, str]]:
    """Every figure of the page with the address of its list."""
    return [
        *((step["count"], step["url"]) for step in context["funnel"]),
        *((row["registered"], row["url"]) for row in context["agencies"]),
        *((task.count, task.url) for task in context["work"]),
    ]


def number_listed(context) -> int:
    """Rows of a list of the desk, or of a page of its own that is one list."""
    return context["cl"].result_count if "cl" in context else len(context["rows"])


def test_every_figure_equals_the_list_that_it_opens(office):
    context = office.get(reverse("admin:index")).context

    figures = counted(context)

    assert len(figures) >= 12
    for number, address in figures:
        listed = office.get(address)
        assert listed.status_code == 200, address
        assert number_listed(listed.context) == number, address


def test_the_credit_opens_the_pools_with_the_same_sums(office):
    context = office.get(reverse("admin:index")).context

    note = office.get(context["credit"]["url"]).context["list_note"]

    assert "۲۰٬۰۰۰٬۰۰۰٬۰۰۰ ریال" in note
    assert context["credit"]["announced"] == "۲۰"


def test_every_link_of_the_page_opens(office):
    page = office.get(reverse("admin:index")).content.decode()

    addresses = {address for address in Links.of(page) if address.startswith("/") and "logout" not in address}

    assert len(addresses) > 20
    for address in addresses:
        assert office.get(address).status_code in (200, 302), address


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs) -> None:
        address = dict(attrs).get("href")
        if tag == "a" and address:
            self.found.add(address)

    @classmethod
    def of(cls, page: str) -> set[str]:
        reader = cls()
        reader.feed(page)
        return reader.found


def test_the_page_asks_the_same_whatever_the_number_of_applicants(office, county, django_assert_max_num_queries):
    names = {"programme": county.programme, "agency": county.agencies[0]}
    ApplicationFactory.create_batch(40, **names)
    for status in ("approved", "reserve", "conditional"):
        ApplicationFactory.create_batch(3, status=status, approved_rial=300_000_000, rank=1, **names)
    office.get(reverse("admin:index"))

    with django_assert_max_num_queries(18):
        office.get(reverse("admin:index"))


def test_agencies_are_ahead_or_behind_in_words(office):
    page = office.get(reverse("admin:index")).content.decode()

    assert re.search(r"[۰-۹]+ نفر (عقب|جلو)", page)


def test_the_figures_are_those_of_the_day(office):
    assert office.get(reverse("admin:index")).context["day"] == "۳۱ مرداد ۱۴۰۱"
    assert A_DAY.isoformat() == "2022-08-22"


def test_the_technical_administrator_sees_no_figures(client):
    client.force_login(UserFactory(role=Role.ADMIN))

    assert client.get(reverse("admin:index")).context["programme"] is None


def test_an_office_without_a_programme_has_a_first_page(client):
    client.force_login(UserFactory(role=Role.OFFICE, county=CountyFactory()))

    assert client.get(reverse("admin:index")).status_code == 200


@pytest.mark.parametrize(
    ("rial", "words"),
    [(82_480_000_000, "۸۲٫۴۸"), (0, "۰"), (92_000_000_000, "۹۲"), (1_500_000_000_000, "۱٬۵۰۰"), (754_098_361, "۰٫۷۵")],
)
def test_amounts_are_shown_in_billion_rial(rial, words):
    assert billion(rial) == words
