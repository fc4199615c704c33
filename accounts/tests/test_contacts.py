"""Whom the office reaches at an agency."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from accounts.tests.factories import CountyFactory, ExecutiveAgencyFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return ExecutiveAgencyFactory(name="بهزیستی", contact_name="رضا امیدی", contact_mobile="09901112233")


def page(agency) -> str:
    return reverse("admin:accounts_executiveagency_change", args=[agency.pk])


def test_the_office_changes_the_contact_and_nothing_else(client, agency):
    client.force_login(UserFactory(role=Role.OFFICE, county=agency.county))

    answer = client.post(
        page(agency), {"contact_name": "مینا رستمی", "contact_mobile": "+98 ۹۹۰ ۱۱۱ ۲۲ ۴۴", "name": "دیگر"}
    )

    assert answer.status_code == 302
    agency.refresh_from_db()
    assert (agency.contact_name, agency.contact_mobile, agency.name) == ("مینا رستمی", "09901112244", "بهزیستی")


def test_a_mobile_that_is_none_is_refused(client, agency):
    client.force_login(UserFactory(role=Role.OFFICE, county=agency.county))

    answer = client.post(page(agency), {"contact_name": "", "contact_mobile": "12345"})

    assert answer.status_code == 200
    agency.refresh_from_db()
    assert agency.contact_mobile == "09901112233"


def test_another_countys_office_reads_the_agency_without_its_contact(client, agency):
    client.force_login(UserFactory(role=Role.OFFICE, county=CountyFactory()))

    assert "09901112233" not in client.get(page(agency)).content.decode()
    assert "۰۹۹۰۱۱۱۲۲۳۳" not in client.get(page(agency)).content.decode()
    assert client.post(page(agency), {"contact_name": "", "contact_mobile": ""}).status_code == 403


def test_the_administrator_changes_the_whole_agency(client, agency):
    client.force_login(UserFactory(role=Role.ADMIN))
    body = {"county": agency.county_id, "code": agency.code, "name": "بهزیستی شهرستان"}

    assert client.post(page(agency), body | {"contact_name": "", "contact_mobile": ""}).status_code == 302
    agency.refresh_from_db()
    assert agency.name == "بهزیستی شهرستان"
