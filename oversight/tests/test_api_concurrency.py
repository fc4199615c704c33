"""Requests that arrive at the same moment, over real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from rest_framework.test import APIClient

from background.models import RequestKey
from banks.models import Disbursement
from tests import world as worlds

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 8


@pytest.fixture
def world(settings):
    settings.PROGRAMME_TODAY = "1401/05/31"
    return worlds.build()


def at_once(world, send) -> list:
    """The answers to the same request of one person, sent by eight clients together."""
    barrier = Barrier(AT_ONCE)
    clients = [APIClient() for _ in range(AT_ONCE)]
    for client in clients:
        client.force_login(world.users["bank_officer"])

    def one(client: APIClient):
        barrier.wait()
        try:
            return send(client)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, clients))


def test_one_key_sent_eight_times_at_once_pays_once(world):
    pk = world.referrals[0].pk
    client = APIClient()
    client.force_login(world.users["bank_officer"])
    client.post(f"/api/v1/referrals/{pk}/answer/", {"answer": "confirm"}, format="json")

    answers = at_once(
        world,
        lambda client: client.post(
            f"/api/v1/referrals/{pk}/payments/",
            {"amount_rial": 5_000_000, "paid_on": "1401/05/31", "contract_number": "1"},
            format="json",
            headers={"Idempotency-Key": "the-same"},
        ),
    )

    assert [answer.status_code for answer in answers] == [201] * AT_ONCE
    assert len({answer.content for answer in answers}) == 1
    assert sum(1 for answer in answers if answer.get("Idempotency-Replayed")) == AT_ONCE - 1
    assert Disbursement.objects.filter(referral_id=pk).count() == 1
    assert RequestKey.objects.count() == 1


def test_answers_without_a_key_give_one_answer_and_seven_refusals(world):
    pk = world.referrals[0].pk

    answers = at_once(
        world, lambda client: client.post(f"/api/v1/referrals/{pk}/answer/", {"answer": "confirm"}, format="json")
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * (AT_ONCE - 1)
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"already_answered"}


def test_whoever_waits_too_long_is_told_to_come_again(world):
    pk = world.referrals[0].pk
    client = APIClient()
    client.force_login(world.users["bank_officer"])
    with connections["owner"].cursor() as held, connections["default"].cursor() as cursor:
        held.execute("BEGIN")
        held.execute("SELECT 1 FROM quotas_creditpool FOR UPDATE")
        cursor.execute("SET lock_timeout = '100ms'")
        answer = client.post(f"/api/v1/referrals/{pk}/answer/", {"answer": "confirm"}, format="json")
        held.execute("ROLLBACK")
        cursor.execute("RESET lock_timeout")

    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer["Retry-After"]
