from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.tests.factories import UserFactory
from background import idempotency
from background.models import RequestKey


@pytest.fixture
def user(db):
    return UserFactory()


def claim(user, key="k", digest="d", endpoint="/x/"):
    with transaction.atomic():
        return idempotency.claim(user=user, key=key, endpoint=endpoint, digest=digest)


def test_a_kept_answer_is_given_again(user):
    idempotency.keep(claim(user), status=201, body={"id": 1})

    again = claim(user)

    assert (again.status, again.body) == (201, {"id": 1})


@pytest.mark.parametrize("change", [{"digest": "other"}, {"endpoint": "/y/"}])
def test_another_request_under_the_same_key_is_refused(user, change):
    idempotency.keep(claim(user), status=200, body={})

    with pytest.raises(idempotency.KeyReusedError):
        claim(user, **change)


def test_two_people_may_use_the_same_key(user):
    idempotency.keep(claim(user), status=200, body={})

    assert claim(UserFactory()).status is None


def test_work_that_fails_leaves_its_key_free(user):
    with transaction.atomic():
        idempotency.claim(user=user, key="k", endpoint="/x/", digest="d")
        transaction.set_rollback(True)

    assert not RequestKey.everything.exists()


def test_the_order_of_names_does_not_matter():
    assert idempotency.digest_of({"a": 1, "b": [2]}) == idempotency.digest_of({"b": [2], "a": 1})


def test_keys_are_forgotten_after_a_month(user):
    idempotency.keep(claim(user), status=200, body={})
    now = timezone.now()

    assert idempotency.forget_old(now=now + timedelta(days=29)) == 0
    assert idempotency.forget_old(now=now + timedelta(days=31)) == 1
