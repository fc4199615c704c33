import re

import pytest
from django.test import Client
from django.urls import reverse

from tests import world as worlds

pytestmark = pytest.mark.django_db
LISTS = ("oversight-applications", "oversight-referrals", "oversight-jobs")


@pytest.fixture(autouse=True)
def _today(settings):
    settings.PROGRAMME_TODAY = "1401/05/31"


@pytest.fixture
def world():
    return worlds.build()


@pytest.fixture
def supervisor(world):
    client = Client()
    client.force_login(world.users["supervisor"])
    return client


def shown(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_every_figure_opens_its_list(supervisor):
    page = shown(supervisor.get(reverse("oversight-home")))
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/oversight/[^"]+)"', page)}

    assert len(links) > 10
    for link in links:
        shown(supervisor.get(link))


def test_a_list_counts_what_its_figure_says(world, supervisor):
    figures = supervisor.get(reverse("oversight-home")).context["figures"]
    people = supervisor.get(reverse("oversight-applications"), {"persons": 1}).context["page_obj"]
    jobs = supervisor.get(reverse("oversight-jobs"), {"counted": 1}).context["page_obj"]

    assert people.paginator.count == figures["applicants"]
    assert jobs.paginator.count == figures["jobs_registered"]


def test_another_county_stays_unseen(world, supervisor):
    other = worlds.build()

    for name in ("oversight-home", *LISTS):
        page = shown(supervisor.get(reverse(name)))
        assert not [canary for canary in other.all_canaries if canary in page]
        assert supervisor.get(reverse(name), {"programme": other.programme.pk}).status_code == 404
    for name, record in (
        ("oversight-application", other.applications["new"]),
        ("oversight-referral", other.referrals[0]),
        ("oversight-job", other.jobs[0]),
    ):
        assert supervisor.get(reverse(name, args=[record.pk])).status_code == 404


def test_search_forgives_letters_and_digits(world, supervisor):
    name = world.jobs[0].last_name

    found = supervisor.get(reverse("oversight-jobs"), {"q": name.replace("ی", "ي")}).context["page_obj"]

    assert [record.pk for record in found] == [world.jobs[0].pk]


def test_the_history_of_a_record_names_who_did_what(world, supervisor):
    page = shown(supervisor.get(reverse("oversight-referral", args=[world.referrals[0].pk])))

    assert "timeline" in page


@pytest.mark.parametrize("person", ["expert", "bank_officer", "agency_user", "group_member"])
def test_others_have_no_business_here(world, person):
    client = Client()
    client.force_login(world.users[person])

    assert client.get(reverse("oversight-home")).status_code == 403


@pytest.mark.parametrize("name", ["oversight-home", *LISTS])
def test_nothing_is_written_here(world, supervisor, name):
    assert supervisor.post(reverse(name)).status_code == 405


@pytest.mark.parametrize("query", [{"q": "\x00"}, {"status": "\x00"}, {"page": "x"}, {"programme": "x"}, {"held": "'"}])
@pytest.mark.parametrize("name", LISTS)
def test_nonsense_in_the_address_is_no_fault(supervisor, name, query):
    assert supervisor.get(reverse(name), query).status_code in (200, 404)


@pytest.mark.parametrize("name", ["oversight-home", *LISTS])
def test_queries_do_not_grow_with_the_rows(world, supervisor, name, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        supervisor.get(reverse(name))
