import pytest
from django.urls import reverse

from accounts.roles import Role
from accounts.tests.factories import ExecutiveAgencyFactory, UserFactory
from applicants.tests.factories import national_id
from employment_tracking.models import JobRecord
from quotas.tests.factories import ProgrammeFactory

pytestmark = pytest.mark.django_db
ADD = "admin:employment_tracking_jobrecord_add"


@pytest.fixture
def programme():
    return ProgrammeFactory()


@pytest.fixture
def office(client, programme):
    client.force_login(UserFactory(role=Role.OFFICE, county=programme.county))
    return client


@pytest.fixture
def typed(programme):
    return {
        "programme": programme.pk,
        "agency": ExecutiveAgencyFactory(county=programme.county).pk,
        "national_id": national_id(11),
        "first_name": "زهرا",
        "last_name": "رضایی",
        "mobile": "۰۹۱۲۳۴۵۶۷۸۹",
        "job_title": "قالی‌بافی",
        "starts_on": "۱۴۰۱/۰۳/۰۱",
        "kind": "new",
        "funding": "no_loan",
    }


def test_the_office_registers_a_job(office, typed):
    assert office.post(reverse(ADD), typed).status_code == 302

    record = JobRecord.objects.get()
    assert (record.status, record.registered_on.isoformat()) == ("registered", "2022-08-22")
    assert record.events.count() == 1


def test_a_person_counts_once_and_the_form_says_who_was_first(office, typed):
    office.post(reverse(ADD), typed)

    answer = office.post(reverse(ADD), typed)

    assert "این کد ملی امسال ثبت شده است: زهرا رضایی" in answer.context["adminform"].form.errors["national_id"][0]
    assert JobRecord.objects.count() == 1


def test_work_that_begins_tomorrow_is_refused_at_its_day(office, typed):
    answer = office.post(reverse(ADD), typed | {"starts_on": "۱۴۰۱/۰۶/۰۱"})

    assert answer.status_code == 422
    assert answer.context["adminform"].form.errors["starts_on"]
    assert "۱۴۰۱/۰۶/۰۱" in answer.content.decode()


def test_a_record_is_struck_out_with_its_reason(office, typed):
    office.post(reverse(ADD), typed)
    record = JobRecord.objects.get()

    office.post(
        reverse("admin:employment_tracking_jobrecord_act", args=["void"]), {"id": record.pk, "reason": "اشتباه بود"}
    )

    record.refresh_from_db()
    assert record.status == "void"


@pytest.mark.parametrize("hours", ["0", "101"])
def test_impossible_hours_are_refused_at_their_field(office, typed, hours):
    answer = office.post(reverse("admin:employment_tracking_jobrecord_add"), typed | {"hours_per_week": hours})
    assert answer.context["adminform"].form.errors["hours_per_week"] == ["ساعت کار هفته بین ۱ تا ۱۰۰ است"]
    assert not JobRecord.everything.exists()
