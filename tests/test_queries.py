"""A page asks the database the same number of questions however many rows it has, and lists come in pages."""

import re

import pytest
from django.core import paginator
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from abarkuh_loans.office_admin import OfficeModelAdmin
from abarkuh_loans.rest import Pages
from banks import issuing
from tests.crowd import crowd
from tests.site_pages import SitePage, site_pages
from tests.world import World, build
from working_group.tests import factories as meetings

pytestmark = pytest.mark.django_db
FEW = 4
FILES = {"minutes-pdf", "referral-letter"}  # made by another program out of one record
TABLES = re.compile(r"<tbody.*?</tbody>", re.DOTALL)

# Lists that show all their rows, and why they may.
WHOLE = {
    "admin:index": "one line for each agency of the county",
    "pace-board": "one line for each agency of the county",
    "oversight-pace": "one line for each agency of the county",
    "reminder-new": "one line for each agency that is behind",
    "oversight-home": "one line for each agency, pool and notice",
    "meeting-detail": "a meeting decides on all its names",
    "meeting-attendance": "the seats of the working group",
    "meeting-open": "the seats of the working group",
    "sign-check": "what is signed is read to the end",
    "unflagged-approve": "names are decided together and read together",
    "below-line-reserve": "names are decided together and read together",
    "minutes-print": "minutes are whole",
    "reserve-list": "one line for each pool; its names are counted apart",
    "admin:messaging_messagetemplate_changelist": "one line for each text that the programme sends",
    "admin:accounts_bank_change": "the branches of a bank in the county",
    "admin:quotas_programme_change": "the rules of a year, written into one form",
    "admin:quotas_jobquota_change": "the twelve months of a plan",
}


def questions(page: SitePage, world: World) -> int:
    """How many the page asks when all that is kept between requests is warm."""
    client = page.client(world)
    client.get(page.url)
    asked = 0
    for connection in {id(found): found for found in connections.all()}.values():
        with CaptureQueriesContext(connection) as captured:
            client.get(page.url)
        asked += len(captured)
    return asked


def test_no_page_asks_more_for_more_rows():
    world = build()
    crowd(world, 5)
    before = [questions(page, world) for page in pages_of(world)]
    crowd(world, 10)

    grown = [
        f"{page.name} {page.url}: {few} queries, then {many}"
        for page, few in zip(pages_of(world), before, strict=True)
        if (many := questions(page, world)) > few
    ]

    assert len(before) > 80
    assert not grown, "\n" + "\n".join(grown)


def pages_of(world: World) -> list[SitePage]:
    return [page for page in site_pages(world) if page.name not in FILES]


def test_the_pages_of_a_signed_meeting_ask_the_same_for_every_number_of_names(client):
    asked = []
    for names in (3, 9):
        group = meetings.World(names=names, credit_rial=names * 200_000_000)
        meeting = group.signed()
        client.force_login(group.head)
        counts = {}
        for name in ("meeting-detail", "minutes-print"):
            address = reverse(name, args=[meeting.pk])
            client.get(address)
            with CaptureQueriesContext(connections["default"]) as captured:
                assert client.get(address).status_code == 200
            counts[name] = len(captured)
        asked.append(counts)

    assert asked[0] == asked[1]


@pytest.fixture
def _short_pages(monkeypatch):
    """Whatever the size of a page is, it is cut to a few rows."""
    plain = paginator.Paginator.__init__

    def few(self, object_list, per_page, *args, **kwargs):
        plain(self, object_list, min(int(per_page), FEW), *args, **kwargs)

    monkeypatch.setattr(paginator.Paginator, "__init__", few)
    monkeypatch.setattr(Pages, "page_size", FEW)
    monkeypatch.setattr(OfficeModelAdmin, "list_per_page", FEW)
    monkeypatch.setattr(issuing, "MOST_AT_ONCE", FEW)


@pytest.mark.usefixtures("_short_pages")
def test_every_list_comes_in_pages():
    world = build()
    crowd(world, 2 * FEW)
    faults = []
    for page in site_pages(world):
        if page.name in FILES or page.name in WHOLE or "export" in page.name:
            continue
        answer = page.client(world).get(page.url)
        if answer.status_code not in (200, 302) and not page.name.endswith("_add"):
            faults.append(f"{page.name} {page.url}: {answer.status_code}")
        rows = rows_of(answer)
        if rows > FEW:
            faults.append(f"{page.name} {page.url}: {rows} rows")

    assert not faults, "\n" + "\n".join(faults)


@pytest.mark.usefixtures("_short_pages")
def test_the_reserve_comes_in_pages_and_keeps_its_turns(client):
    group = meetings.World(names=2 * FEW, credit_rial=300_000_000)
    group.signed()
    client.force_login(group.head)
    first, second = (client.get(reverse("reserve-list"), {"page": number}) for number in (1, 2))

    assert [len(answer.context["page_obj"]) for answer in (first, second)] == [FEW, FEW - 1]
    assert 'data-l="نوبت">۵</td>' in second.content.decode()
    assert first.context["reserve"].next_up == second.context["reserve"].next_up == first.context["page_obj"][0]


def rows_of(answer) -> int:
    """The rows of the longest table of a page, or the results of an answer of the API."""
    if answer["Content-Type"].startswith("application/json"):
        body = answer.json()
        return len(body.get("results", [])) if isinstance(body, dict) else len(body)
    if not answer["Content-Type"].startswith("text/html"):
        return 0
    return max((table.count("<tr") for table in TABLES.findall(answer.content.decode())), default=0)
