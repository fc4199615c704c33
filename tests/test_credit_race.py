"""Sixty-four hands reach for the last billion rial at once, as transactions. Never a rial over, nobody refused wrongly."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, connections, transaction

from accounts.tests.factories import BankFactory, UserFactory
from applicants.tests.factories import ApplicationFactory
from quotas import ledger
from quotas.models import CreditPool
from quotas.tests.factories import ProgrammeFactory, pool_with

CONTENDERS = 64
ROUNDS = 20
LAST_RIAL = 1_000_000_000
ASKED_RIAL = 300_000_000

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def contest():
    """A fresh pool holding the last billion, and 64 applications that each want 300 million of it."""

    def build():
        programme, head = ProgrammeFactory(), UserFactory()
        pool = pool_with(programme, LAST_RIAL, bank=BankFactory(), by=head)
        applications = ApplicationFactory.create_batch(CONTENDERS, programme=programme, requested_rial=ASKED_RIAL)
        return pool, applications, head

    return build


def race(pool: CreditPool, applications, head) -> list[str]:
    """Every application is approved in a transaction of its own, all released by one barrier."""
    start = Barrier(len(applications))

    def approve(application) -> str:
        start.wait()
        try:
            with transaction.atomic():
                pools = ledger.lock_pools(programme_id=pool.programme_id)
                ledger.approve(pools[pool.bank_id], application_id=application.pk, amount_rial=ASKED_RIAL, by=head)
            return "approved"
        except ledger.CreditExhaustedError:
            return "exhausted"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(applications)) as hands:
        return list(hands.map(approve, applications))


def test_the_last_billion_is_never_overdrawn(contest):
    for _round in range(ROUNDS):
        pool, applications, head = contest()

        answers = race(pool, applications, head)

        pool.refresh_from_db()
        assert sorted(answers) == ["approved"] * 3 + ["exhausted"] * (CONTENDERS - 3)
        assert pool.approved_rial == 3 * ASKED_RIAL
        assert pool.left_rial == LAST_RIAL - 3 * ASKED_RIAL


def test_without_the_guard_the_same_race_overdraws(contest, guard_dropped):
    """The negative control of the two tests around it."""
    pool, applications, head = contest()

    race(pool, applications, head)

    pool.refresh_from_db()
    assert pool.left_rial < 0


def test_the_database_alone_refuses_an_overdraft(contest):
    """Even code that forgets to look cannot take more than there is: the CHECK on the pool's row."""
    pool, applications, head = contest()
    start, refusals = Barrier(CONTENDERS), []

    def insert_blindly(application) -> bool:
        start.wait()
        try:
            with connection.cursor() as cursor, transaction.atomic():
                cursor.execute(
                    "INSERT INTO quotas_commitment (pool_id, application_id, amount_rial, paid_rial, stage)"
                    " VALUES (%s, %s, %s, 0, 'new') RETURNING id",
                    [pool.pk, application.pk, ASKED_RIAL],
                )
                cursor.execute(
                    "INSERT INTO quotas_creditmovement (pool_id, kind, amount_rial, commitment_id, reason, moved_by_id,"
                    " sequence, head) VALUES (%s, 'approve', %s, %s, '', %s, 0, '')",
                    [pool.pk, ASKED_RIAL, cursor.fetchone()[0], head.pk],
                )
            return True
        except IntegrityError as error:
            refusals.append(str(error))
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(CONTENDERS) as hands:
        taken = sum(hands.map(insert_blindly, applications))

    pool.refresh_from_db()
    assert taken == 3
    assert all("creditpool_not_overdrawn" in refusal for refusal in refusals)
    assert pool.approved_rial == 3 * ASKED_RIAL
