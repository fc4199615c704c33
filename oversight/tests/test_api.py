import base64
import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.tests.factories import PASSWORD
from audit.models import AuditEntry
from banks.models import Disbursement, Referral
from quotas.tests.factories import A_DAY
from tests import world as worlds

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(settings):
    settings.PROGRAMME_TODAY = "1401/05/31"


@pytest.fixture
def world():
    return worlds.build()


@pytest.fixture
def api(world):
    def client(person: str) -> APIClient:
        signed_in = APIClient()
        signed_in.force_login(world.users[person])
        return signed_in

    return client


def is_problem(response, status: int, code: str) -> bool:
    assert response["Content-Type"] == "application/problem+json", response.content
    body = json.loads(response.content)
    assert {"type", "title", "status", "detail", "code"} <= body.keys()
    return (response.status_code, body["status"], body["code"]) == (status, status, code)


def test_a_bank_sees_its_own_referrals_and_nothing_of_ranks_and_others(world, api):
    rows = api("bank_officer").get("/api/v1/referrals/").json()["results"]

    assert [row["id"] for row in rows] == [world.referrals[0].pk]
    assert not {"rank", "passed_over_reason", "application", "events", "requested_rial"} & rows[0].keys()
    assert rows[0]["letter_on"] == "2022-08-22"
    assert rows[0]["letter_on_jalali"] == "1401/05/31"
    assert isinstance(rows[0]["amount_rial"], int)


def test_a_foreign_referral_answers_byte_for_byte_as_one_that_is_not_there(world, api):
    client = api("bank_officer")
    foreign, missing = world.referrals[1].pk, 10**15

    for method, tail, body in (
        ("get", "", None),
        ("post", "answer/", {"answer": "confirm"}),
        ("post", "payments/", {}),
    ):
        answers = [
            getattr(client, method)(f"/api/v1/referrals/{pk}/{tail}", body, format="json") for pk in (foreign, missing)
        ]
        assert [a.status_code for a in answers] == [404, 404]
        assert answers[0].content == answers[1].content
    assert is_problem(answers[0], 404, "not_found")


def test_an_officer_of_two_hats_does_not_answer_for_another_bank(world, api):
    person = world.users["bank_officer"]
    person.role_assignments.create(role="office", county=world.county)

    answer = api("bank_officer").post(
        f"/api/v1/referrals/{world.referrals[1].pk}/answer/", {"answer": "confirm"}, format="json"
    )

    assert answer.status_code == 404


def test_a_bank_may_not_list_applications(api):
    assert is_problem(api("bank_officer").get("/api/v1/applications/"), 403, "permission_denied")


def test_an_agency_sees_its_own_people_without_inquiries(world, api):
    client = api("agency_user")

    rows = client.get("/api/v1/applications/").json()["results"]
    detail = client.get(f"/api/v1/applications/{world.applications['new'].pk}/").json()

    assert {row["agency"] for row in rows} == {world.agencies[0].code}
    assert not {"inquiries", "rank", "events"} & detail.keys()
    assert client.get(f"/api/v1/applications/{world.applications['in_reserve'].pk}/").status_code == 404


def test_the_office_reads_the_whole_case(world, api):
    detail = api("expert").get(f"/api/v1/applications/{world.applications['new'].pk}/").json()

    assert [inquiry["kind"] for inquiry in detail["inquiries"]] == ["bounced_cheque"]
    assert detail["events"]


def test_search_forgives_letters_and_digits(world, api):
    name = world.applications["new"].applicant

    for typed in (name.last_name.translate(str.maketrans("0123456789ی", "۰۱۲۳۴۵۶۷۸۹ي")), name.national_id):
        found = api("expert").get("/api/v1/applications/", {"q": typed}).json()["results"]
        assert [row["id"] for row in found] == [world.applications["new"].pk]


@pytest.mark.parametrize("query", [{"colour": "red"}, {"status": "gone"}, {"page_size": "101"}, {"page_size": "x"}])
def test_an_unknown_filter_is_refused(api, query):
    answer = api("expert").get("/api/v1/applications/", query)

    assert is_problem(answer, 400, "invalid")
    assert answer.json()["errors"][0]["pointer"] == f"/{next(iter(query))}"


def test_lists_are_cut_into_pages(api):
    first = api("expert").get("/api/v1/applications/", {"page_size": 2}).json()
    second = api("expert").get(first["next"]).json()

    assert len(first["results"]) == 2
    assert not {row["id"] for row in first["results"]} & {row["id"] for row in second["results"]}


@pytest.mark.parametrize("position", ["abc", "9" * 30, "\x00"])
def test_a_made_up_page_is_not_found(api, position):
    cursor = base64.b64encode(f"p={position}".encode()).decode()

    assert api("expert").get("/api/v1/applications/", {"cursor": cursor}).status_code == 404


def test_basic_sign_in_is_scoped_and_named_in_the_trail(world):
    person = world.users["bank_officer"]
    person.set_password(PASSWORD)
    person.save()
    client = APIClient(
        HTTP_AUTHORIZATION="Basic " + base64.b64encode(f"{person.username}:{PASSWORD}".encode()).decode()
    )

    listed = client.get("/api/v1/referrals/").json()["results"]
    answer = client.post(f"/api/v1/referrals/{world.referrals[0].pk}/answer/", {"answer": "confirm"}, format="json")

    assert [row["id"] for row in listed] == [world.referrals[0].pk]
    assert answer.status_code == 200
    entry = AuditEntry.objects.of(world.referrals[0]).first()
    assert (entry.actor_id, entry.context) == (person.pk, f"POST /api/v1/referrals/{world.referrals[0].pk}/answer/")


def test_a_stranger_is_asked_to_sign_in():
    for path in ("/api/v1/referrals/", "/api/v1/programmes/1401/summary/"):
        answer = APIClient().get(path)
        assert is_problem(answer, 401, "not_authenticated")
        assert answer["WWW-Authenticate"].startswith("Basic")
    bad = APIClient(HTTP_AUTHORIZATION="Basic " + base64.b64encode(b"a\0:b").decode())
    assert is_problem(bad.get("/api/v1/referrals/"), 401, "authentication_failed")


def test_every_answer_is_a_problem_when_it_is_one(world, api):
    client = api("bank_officer")
    answer = f"/api/v1/referrals/{world.referrals[0].pk}/answer/"

    assert is_problem(client.get("/api/v1/nothing/here/"), 404, "not_found")
    assert is_problem(client.delete("/api/v1/referrals/"), 405, "method_not_allowed")
    assert is_problem(client.get(answer), 405, "method_not_allowed")
    assert is_problem(client.post(answer, b"answer=confirm", content_type="text/plain"), 415, "unsupported_media_type")
    assert is_problem(client.post(answer, {"answer": "decline"}, format="json"), 409, "reason_needed")


@pytest.mark.parametrize(
    "garbage",
    [b"", b"{", b"[" * 100_000, b'{"answer": NaN}', b'"text"', b"[]", b'{"answer": "\\ud800"}', b'{"answer": "confirm\\u0000"}',
     b'{"answer": "confirm", "payable_rial": 1e999}', b'{"answer": "confirm", "payable_rial": true}', b"\xff\xfe",
     b'{"answer": "confirm", "payable_rial": ' + b"9" * 5000 + b"}", b'{"answer": {"a": 1}}', b'{"answer": "confirm", "status": "paid"}',
     b'{"answer": "confirm", "reason": "' + b"x" * 400 + b'"}'],
)  # fmt: skip
def test_garbage_is_refused_and_changes_nothing(world, api, garbage):
    answer = api("bank_officer").post(
        f"/api/v1/referrals/{world.referrals[0].pk}/answer/", garbage, content_type="application/json"
    )

    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert Referral.objects.get(pk=world.referrals[0].pk).status == "issued"


def test_a_rule_answers_with_its_code_and_field(world, api):
    answer = api("bank_officer").post(
        f"/api/v1/referrals/{world.referrals[0].pk}/answer/",
        {"answer": "confirm", "payable_rial": 10**12},
        format="json",
    )

    assert is_problem(answer, 409, "amount_not_payable")
    assert answer.json()["errors"][0]["pointer"] == "/payable_rial"


def test_the_second_officer_is_told_who_was_first(world, api):
    path = f"/api/v1/referrals/{world.referrals[0].pk}/answer/"
    api("bank_officer").post(path, {"answer": "confirm"}, format="json")

    second = api("branch_officer").post(path, {"answer": "confirm"}, format="json")

    assert is_problem(second, 409, "already_answered")
    assert str(world.users["bank_officer"]) in second.json()["detail"]


def test_the_same_key_pays_once(world, api):
    client, pk = api("bank_officer"), world.referrals[0].pk
    client.post(f"/api/v1/referrals/{pk}/answer/", {"answer": "confirm"}, format="json")
    payment = {"amount_rial": 1_000_000, "paid_on": "1401/05/31", "contract_number": "ق-۱"}

    def pay(key: str, **changes):
        return client.post(
            f"/api/v1/referrals/{pk}/payments/", {**payment, **changes}, format="json", headers={"Idempotency-Key": key}
        )

    first, again = pay("k-1"), pay("k-1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    assert Disbursement.objects.filter(referral_id=pk).count() == 1
    assert is_problem(pay("k-1", amount_rial=2_000_000), 422, "idempotency_key_reused")
    assert is_problem(pay("two words"), 400, "invalid")


def test_a_refusal_is_given_again_and_bad_values_leave_the_key_free(world, api):
    client, path = api("bank_officer"), f"/api/v1/referrals/{world.referrals[0].pk}/answer/"

    def answer(key: str, **body):
        return client.post(path, body, format="json", headers={"Idempotency-Key": key})

    assert is_problem(answer("a", answer="decline"), 409, "reason_needed")
    replayed = answer("a", answer="decline")
    assert is_problem(replayed, 409, "reason_needed")
    assert replayed["Idempotency-Replayed"] == "true"
    assert answer("b", answer="nonsense").status_code == 400
    assert answer("b", answer="confirm").status_code == 200


def test_the_office_issues_a_referral_and_the_order_of_steps_holds(world, api):
    body = {"branch": world.branches[0].pk, "letter_number": "د/۱۳۰۰", "letter_on": "1401/05/31"}

    early = api("expert").post(
        "/api/v1/referrals/", {**body, "application": world.applications["new"].pk}, format="json"
    )
    bank = api("bank_officer").post("/api/v1/referrals/", body, format="json")

    assert is_problem(early, 409, "not_approved")
    assert is_problem(bank, 403, "permission_denied")


def test_a_foreign_application_is_unknown_to_the_office(world, api):
    other = worlds.build()
    body = {"branch": world.branches[0].pk, "letter_number": "1", "letter_on": "1401/05/31"}

    answers = [
        api("expert").post("/api/v1/referrals/", {**body, "application": pk}, format="json").json()["errors"]
        for pk in (other.applications["new"].pk, 10**15)
    ]

    assert [answer[0]["code"] for answer in answers] == ["does_not_exist", "does_not_exist"]


def new_job(world, **changes) -> dict:
    return {
        "year": "۱۴۰۱", "national_id": worlds.national_id(7_000_001), "first_name": "زهرا", "last_name": "كريمي",
        "mobile": "۰۹۱۲۳۴۵۶۷۸۹", "job_title": "قالی‌بافی", "starts_on": "1401/05/01", **changes,
    }  # fmt: skip


def test_an_agency_registers_a_job_of_its_own_and_a_person_once(world, api):
    client = api("agency_user")

    made = client.post("/api/v1/job-records/", new_job(world), format="json")
    twice = client.post("/api/v1/job-records/", new_job(world), format="json")
    foreign = client.post("/api/v1/job-records/", new_job(world, agency=world.agencies[1].code), format="json")
    forced = client.post("/api/v1/job-records/", new_job(world, status="verified"), format="json")

    assert made.status_code == 201
    assert (made.json()["agency"], made.json()["last_name"], made.json()["mobile"]) == (
        world.agencies[0].code, "کریمی", "09123456789",
    )  # fmt: skip
    assert is_problem(twice, 409, "nid_exists")
    assert foreign.json()["errors"][0]["code"] == "agency_unknown"
    assert forced.json()["errors"][0] == {
        "pointer": "/status",
        "code": "unknown",
        "detail": forced.json()["errors"][0]["detail"],
    }


def test_wrong_values_are_named_by_pointer_and_code(world, api):
    answer = api("agency_user").post(
        "/api/v1/job-records/",
        new_job(world, national_id="1234567890", mobile="12", starts_on="1401/13/01"),
        format="json",
    )

    assert {fault["pointer"]: fault["code"] for fault in answer.json()["errors"]} == {
        "/national_id": "nid_checksum", "/mobile": "mobile_format", "/starts_on": "date_impossible",
    }  # fmt: skip


def test_a_supervisor_reads_everything_and_writes_nothing(world, api):
    client = api("supervisor")

    for path in ("applications", "referrals", "job-records", "programmes"):
        assert client.get(f"/api/v1/{path}/").json()["results"]
    assert is_problem(client.post("/api/v1/job-records/", new_job(world), format="json"), 403, "permission_denied")


def test_the_summary_takes_persian_digits_and_says_no_to_a_bad_day(world, api):
    client = api("head")

    good = client.get("/api/v1/programmes/۱۴۰۱/summary/", {"as_of": "۱۴۰۱/۰۵/۳۱"})

    assert (good.status_code, good.json()["as_of"], good.json()["job_quota"]) == (200, "2022-08-22", 240)
    assert is_problem(client.get("/api/v1/programmes/1401/summary/", {"as_of": "1401/13/01"}), 400, "invalid")
    assert is_problem(client.get("/api/v1/programmes/1390/summary/"), 404, "not_found")
    assert is_problem(client.get("/api/v1/programmes/x/summary/"), 404, "not_found")
    assert is_problem(api("bank_officer").get("/api/v1/programmes/1401/summary/"), 403, "permission_denied")


@pytest.mark.parametrize("path", ["applications", "referrals", "job-records", "programmes"])
def test_a_list_takes_the_same_number_of_queries_for_many_rows(world, api, path, django_assert_max_num_queries):
    client = api("head")

    with django_assert_max_num_queries(8):
        assert client.get(f"/api/v1/{path}/", {"page_size": 100}).json()["results"]


def test_the_schema_is_the_committed_one(settings, tmp_path):
    made = tmp_path / "openapi.yaml"
    call_command("spectacular", "--lang", "en", "--validate", "--fail-on-warn", "--file", str(made))

    assert made.read_text(encoding="utf-8") == (settings.BASE_DIR / "docs" / "openapi.yaml").read_text(encoding="utf-8")


def test_the_docs_page_asks_no_other_host(api):
    for name in ("api-docs", "api-schema"):
        answer = api("expert").get(reverse(name))
        assert answer.status_code == 200
    page = api("expert").get(reverse("api-docs")).content.decode()
    assert "//cdn" not in page
    assert "https://" not in page


def test_a_day_before_the_letter_is_no_day_of_payment(world, api):
    client, pk = api("bank_officer"), world.referrals[0].pk
    client.post(f"/api/v1/referrals/{pk}/answer/", {"answer": "confirm"}, format="json")

    paid = client.post(
        f"/api/v1/referrals/{pk}/payments/",
        {"amount_rial": 1, "paid_on": (A_DAY - timedelta(days=1)).isoformat(), "contract_number": "1"},
        format="json",
    )

    assert is_problem(paid, 409, "day_not_possible")


@pytest.mark.browser
def test_the_docs_page_works_under_the_content_policy(live_site):
    page = live_site.page()

    page.goto("/api/v1/docs/")

    page.get_by_text("/api/v1/programmes/{year}/summary/").wait_for()
