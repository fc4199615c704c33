"""Whatever is sent, the answer is a status that the schema knows: never a server error."""

import itertools

import pytest
from rest_framework.test import APIClient

from tests import world as worlds

pytestmark = pytest.mark.django_db
STRANGE = [
    "", "0", "-1", "1.5", "1e309", "9" * 40, "true", "null", "\x00", "\ud800".encode("utf-8", "replace").decode(),
    "۱۴۰۱", "٪", "%", "'", '"; DROP TABLE x; --', "../..", "<b>", "\u202e", "ي" * 500, "a,b", "[]", "{}",
]  # fmt: skip
PARAMETERS = ("q", "status", "agency", "bank", "track", "year", "page_size", "cursor", "as_of", "county", "format")
PATHS = (
    "programmes/", "programmes/1401/", "programmes/1401/summary/", "applications/", "referrals/", "job-records/", "schema/",
)  # fmt: skip
BODIES = [
    None,
    True,
    0,
    -1,
    1.5,
    10**40,
    "",
    "x" * 1000,
    "\x00",
    "ي",
    [],
    [1],
    {},
    {"a": {}},
    "1401/05/31",
    "2022-02-30",
]


@pytest.fixture
def client(settings):
    settings.PROGRAMME_TODAY = "1401/05/31"
    world = worlds.build()
    signed_in = APIClient()
    signed_in.world = world
    return signed_in


def test_strange_queries_are_answered(client):
    client.force_login(client.world.users["head"])
    values = itertools.cycle(STRANGE)  # each name meets its share, all together meet all
    for path, name, _turn in itertools.product(PATHS, PARAMETERS, range(2)):
        value = next(values)
        answer = client.get(f"/api/v1/{path}", {name: value})
        assert answer.status_code in (200, 400, 404), (path, name, value)


def test_strange_addresses_are_not_found(client):
    client.force_login(client.world.users["head"])
    for value in ("x", "-1", "0", "9" * 40, "%00", "۱", "..", "1%2F2"):
        for path in ("applications", "referrals", "job-records", "programmes"):
            assert client.get(f"/api/v1/{path}/{value}/").status_code == 404


@pytest.mark.parametrize(
    ("person", "path", "names"),
    [
        ("bank_officer", "referrals/{referral}/answer/", ["answer", "payable_rial", "reason", "file_number", "note", "seen"]),
        ("bank_officer", "referrals/{referral}/payments/", ["amount_rial", "paid_on", "contract_number", "is_final"]),
        ("expert", "referrals/", ["application", "branch", "letter_number", "letter_on", "passed_over_reason"]),
        ("agency_user", "job-records/", ["year", "county", "agency", "national_id", "last_name", "birth_on", "mobile",
                                         "starts_on", "hours_per_week", "kind", "gender"]),
    ],
)  # fmt: skip
def test_strange_bodies_are_answered(client, person, path, names):
    world = client.world
    client.force_login(world.users[person])
    good = {
        "answer": "confirm", "amount_rial": 1, "paid_on": "1401/05/31", "contract_number": "1",
        "application": world.applications["new"].pk, "branch": world.branches[0].pk, "letter_number": "1",
        "letter_on": "1401/05/31", "year": "1401", "national_id": worlds.national_id(7_000_002), "first_name": "ا",
        "last_name": "ب", "mobile": "09121234567", "job_title": "ج", "starts_on": "1401/05/01",
    }  # fmt: skip
    wanted = {
        "answer/": ["answer"], "payments/": ["amount_rial", "paid_on", "contract_number"],
        "referrals/": ["application", "branch", "letter_number", "letter_on"],
        "job-records/": ["year", "national_id", "first_name", "last_name", "mobile", "job_title", "starts_on"],
    }[path.split("/", 2)[-1] if "{" in path else path]  # fmt: skip
    base = {name: good[name] for name in wanted}
    values = itertools.cycle(BODIES)
    for name, _turn in itertools.product(names, range(5)):
        value = next(values)
        answer = client.post(
            f"/api/v1/{path.format(referral=world.referrals[0].pk)}", {**base, name: value}, format="json"
        )
        assert answer.status_code in (200, 201, 400, 409), (name, value, answer.content)
