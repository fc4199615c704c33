"""The sign-in page of the demo names its users, and of nothing else."""

import pytest
from django.urls import reverse

from accounts.tests.factories import BankFactory, CountyFactory, ExecutiveAgencyFactory, UserFactory
from demo.users import BANKS, PASSWORD, make_users

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client):
    return lambda: client.get(reverse("login")).content.decode()


def test_the_demo_shows_whom_one_can_sign_in_as(page):
    county = CountyFactory()
    for person in BANKS:
        BankFactory(code=person.bank)
    ExecutiveAgencyFactory(county=county, code="relief", name="کمیته امداد")
    make_users(county)
    shown = page()

    assert PASSWORD in shown
    for name in ("head", "bank_mehr", "agency_relief"):
        assert f">{name}</bdi>" in shown
    assert "کمیته امداد" in shown


def test_real_people_of_the_same_names_are_not_shown(page):
    UserFactory(username="head", password="another-word")

    assert PASSWORD not in page()


def test_outside_the_demo_nobody_is_shown(page, settings):
    for person in BANKS:
        BankFactory(code=person.bank)
    make_users(CountyFactory())
    settings.DEMO = False

    assert PASSWORD not in page()
