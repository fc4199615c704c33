"""The agencies' own pages."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.roles import Role
from accounts.tests.factories import UserFactory
from applicants.tests.factories import ApplicantFactory, ApplicationFactory, national_id
from applicants.tests.lists import a_programme
from employment_tracking.models import JobRecord

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return a_programme()


@pytest.fixture
def agency(programme):
    return programme.county.agencies.get(code="relief")


@pytest.fixture
def signed_in(client, agency):
    user = UserFactory(role=Role.AGENCY_USER, agency=agency)
    client.force_login(user)
    return user


def typed(agency, **changes):
    return {
        "agency": agency.pk,
        "first_name": "مريم",
        "last_name": "احمدی",
        "national_id": "".join(chr(0x6F0 + int(digit)) for digit in national_id(7)),
        "mobile": "+98 990 000 0007",
        "job_title": "گلیم‌بافی",
        "starts_on": "۱۴۰۱/۰۳/۱۲",
        "address": "",
        "kind": "new",
        "hours_per_week": "۳۰",
        "insurance": "",
        "funding": "no_loan",
    } | changes


def a_job(programme, agency, number, **changes):
    fields = {
        "first_name": "مریم", "last_name": f"احمدی {number}", "mobile": "09900000001", "job_title": "تذهیب",
        "starts_on": date(2022, 5, 1), "registered_on": date(2022, 5, 2),
    }  # fmt: skip
    return JobRecord.everything.create(
        programme=programme, agency=agency, national_id=national_id(number), **fields | changes
    )


def test_an_agency_sees_its_own_jobs_alone(client, programme, agency, signed_in):
    a_job(programme, agency, 1)
    a_job(programme, programme.county.agencies.get(code="welfare"), 2)

    page = client.get(reverse("agency-home"))

    assert [record.last_name for record in page.context["page_obj"]] == ["احمدی 1"]
    assert page.context["counted"] == 1


@pytest.mark.parametrize("words", ["احمدي 1", "احمدی", "مريم احمدي", "۹۹۰۰۰۰۰"])
def test_the_search_forgives_letters_and_digits(client, programme, agency, signed_in, words):
    a_job(programme, agency, 1)

    assert len(client.get(reverse("agency-home"), {"q": words}).context["page_obj"]) == 1


def test_one_job_is_registered_as_typed_by_a_person(client, programme, agency, signed_in):
    answer = client.post(reverse("job-register"), typed(agency))

    record = JobRecord.everything.get()
    assert answer.status_code == 302
    assert (record.first_name, record.mobile, record.starts_on) == ("مریم", "09900000007", date(2022, 6, 2))
    assert record.registered_by == signed_in


def test_a_person_who_counts_already_is_refused_at_his_field(client, programme, agency, signed_in):
    a_job(programme, programme.county.agencies.get(code="welfare"), 7)

    answer = client.post(reverse("job-register"), typed(agency))

    assert answer.status_code == 422
    assert "national_id" in answer.context["form"].errors


def test_work_that_begins_tomorrow_is_refused_and_nothing_typed_is_lost(client, programme, agency, signed_in):
    answer = client.post(reverse("job-register"), typed(agency, starts_on="۱۴۰۱/۰۶/۰۱"))

    assert answer.status_code == 422
    assert "۱۴۰۱/۰۶/۰۱" in answer.content.decode()


def test_a_job_of_another_agency_is_not_registered(client, programme, agency, signed_in):
    other = programme.county.agencies.get(code="welfare")

    assert client.post(reverse("job-register"), typed(other)).status_code == 422


def test_a_paid_loan_without_a_job_is_shown_and_filled_in(client, programme, agency, signed_in):
    loan = ApplicationFactory(
        programme=programme, agency=agency, status="paid", approved_rial=300_000_000, line__programme=programme,
        applicant=ApplicantFactory(national_id=national_id(7)),
    )  # fmt: skip
    address = f"{reverse('job-register')}?application={loan.pk}"

    assert client.get(reverse("agency-home")).context["without_job_count"] == 1
    page = client.get(address).content.decode()
    assert "".join(chr(0x6F0 + int(digit)) for digit in national_id(7)) in page and 'name="national_id"' not in page
    client.post(address, typed(agency))
    assert JobRecord.everything.get().application == loan
    assert client.get(reverse("agency-home")).context["without_job_count"] == 0


def test_introduced_people_are_the_agencys_own(client, programme, agency, signed_in):
    own = ApplicationFactory(programme=programme, agency=agency)
    ApplicationFactory(programme=programme, agency=programme.county.agencies.get(code="welfare"))

    page = client.get(reverse("agency-applications"))

    assert list(page.context["page_obj"]) == [own]


@pytest.mark.parametrize("name", ["agency-home", "job-register", "agency-applications"])
def test_the_office_has_its_own_desk(client, programme, name):
    client.force_login(UserFactory(role=Role.OFFICE, county=programme.county))

    assert client.get(reverse(name)).status_code == 403
