"""Job records at the programming interface: every field, faults at their field, flags and what came back."""

import pytest
from rest_framework.test import APIClient

from accounts.roles import Role
from accounts.tests.factories import UserFactory
from applicants.tests.factories import ApplicationFactory, national_id
from applicants.tests.lists import a_programme
from employment_tracking import workflow
from employment_tracking.models import JobRecord
from employment_tracking.tests.factories import registered

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/job-records/"
FULL = {
    "year": "1401", "national_id": national_id(7), "first_name": "مریم", "last_name": "احمدی", "mobile": "+989900000007",
    "mobile_owner_relation": "spouse", "phone_landline": "035 3282 1234", "job_title": "تذهیب", "isic4": "۰۱۲۳",
    "address": "خیابان امام", "postal_code": "89311-00331", "district": "مرکزی", "city": "ابرکوه", "rural_district": "فراغه",
    "village": "اسفندآباد", "latitude": "31.1289", "longitude": "53.2823", "starts_on": "1401/03/12",
}  # fmt: skip


@pytest.fixture
def programme():
    return a_programme()


@pytest.fixture
def agency(programme):
    return programme.county.agencies.get(code="relief")


@pytest.fixture
def api(agency):
    client = APIClient()
    client.force_login(UserFactory(role=Role.AGENCY_USER, agency=agency))
    return client


def test_every_field_goes_in_and_comes_out(api, programme, agency):
    supporter = ApplicationFactory(supporter=True, programme=programme, agency=agency)
    loan = ApplicationFactory(programme=programme, agency=agency, status="paid", approved_rial=1)

    made = api.post(
        ADDRESS, FULL | {"supporter": supporter.tracking_code, "loan": loan.tracking_code}, format="json"
    ).json()

    expected = FULL | {
        "year": 1401, "mobile": "09900000007", "phone_landline": "03532821234", "isic4": "0123", "postal_code": "8931100331",
        "latitude": "31.128900", "longitude": "53.282300", "starts_on": "2022-06-02", "flags": [], "sent_back": "",
        "supporter": supporter.tracking_code, "loan": loan.tracking_code, "line": "تذهیب",
    }  # fmt: skip
    assert {name: made[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("phone_landline", "12", "landline_format"),
        ("postal_code", "12", "postal_format"),
        ("isic4", "12", "isic_bad"),
        ("latitude", "91", "max_value"),
        ("longitude", None, "place_half"),
        ("mobile_owner_relation", "uncle", "invalid_choice"),
        ("supporter", "1401-0000", "supporter_unknown"),
        ("loan", "1401-0000", "loan_unknown"),
    ],
)
def test_a_fault_is_said_at_its_field(api, field, value, code):
    answer = api.post(ADDRESS, FULL | {field: value}, format="json")

    assert answer["Content-Type"] == "application/problem+json"
    assert {(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]} == {(f"/{field}", code)}
    assert not JobRecord.everything.exists()


def test_a_request_sent_again_with_its_key_registers_once(api):
    answers = [api.post(ADDRESS, FULL, format="json", headers={"Idempotency-Key": "a1"}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201] * 3
    assert JobRecord.everything.count() == 1


def test_a_person_of_another_agency_is_refused_with_what_to_do_and_without_his_name(api, programme):
    welfare = programme.county.agencies.get(code="welfare")
    registered(programme, welfare, 1, national_id=national_id(7), last_name="کریمی")

    answer = api.post(ADDRESS, FULL, format="json")

    assert (answer.status_code, answer.json()["code"]) == (409, "nid_exists")
    assert "ادعا" in answer.json()["detail"]
    assert "کریمی" not in answer.content.decode()


def test_an_agency_reads_what_it_can_mend(api, programme, agency):
    made = [registered(programme, agency, number, mobile="09121234567") for number in (1, 2, 3)]
    workflow.send_back(record_id=made[0].pk, cause="mobile")

    body = api.get(f"{ADDRESS}{made[0].pk}/").json()

    assert [flag["code"] for flag in body["flags"]] == ["mobile_shared"]
    assert "۳" in body["flags"][0]["message"]
    assert body["sent_back"]
