"""Every page that somebody may open, with data and without: Persian, marked as such, labelled, and nothing from elsewhere."""

import pytest

from tests.reading import faults_of
from tests.site_pages import SitePage, site_pages
from tests.world import World, build, empty

pytestmark = pytest.mark.django_db


def is_ours(page: SitePage) -> bool:
    """Not what programs read, nor the reader of the schema, which is for programmers."""
    return not page.name.startswith("api-")


def read(pages: list[SitePage], world: World) -> list[str]:
    """What is wrong, page by page."""
    found, clients = [], {}
    for page in pages:
        client = clients.setdefault(page.principal, page.client(world))
        answer = client.get(page.url)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            found += [
                f"{page.name} {page.url} as {page.principal}: {fault}" for fault in faults_of(answer.content.decode())
            ]
    return found


def test_every_page_is_persian_and_whole():
    world = build()
    pages = [page for page in site_pages(world, everybody=True) if is_ours(page)]

    faults = read(pages, world)

    assert len(pages) > 130
    assert not faults, "\n" + "\n".join(faults)


def test_every_page_is_persian_and_whole_before_the_first_name():
    world = empty()
    pages = [page for page in site_pages(world, only_lists=True) if is_ours(page)]

    faults = read(pages, world)

    assert len(pages) > 40
    assert not faults, "\n" + "\n".join(faults)
