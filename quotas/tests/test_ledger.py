"""The ledger against a model in thirty lines, and against whoever tries to write its figures himself."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from accounts.tests.factories import BankFactory, UserFactory
from applicants.tests.factories import ApplicationFactory
from quotas import ledger
from quotas.models import Commitment, CreditMovement, CreditPool
from quotas.rules import NoticeBelowUseError
from quotas.tests.factories import A_DAY, ProgrammeFactory, pool_with
from quotas.workflow import record_notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def head():
    return UserFactory()


@pytest.fixture
def pool(head):
    return pool_with(ProgrammeFactory(), 1_000, bank=BankFactory(), by=head)


def committed(pool, head, amount=600):
    application = ApplicationFactory(programme=pool.programme)
    return ledger.approve(pool, application_id=application.pk, amount_rial=amount, by=head)


def figures(pool):
    pool.refresh_from_db()
    return pool.announced_rial, pool.approved_rial, pool.referred_rial, pool.paid_rial


def test_credit_goes_from_approved_to_referred_to_paid(pool, head):
    commitment = committed(pool, head)
    assert figures(pool) == (1_000, 600, 0, 0)
    ledger.refer(commitment, by=head)
    assert figures(pool) == (1_000, 0, 600, 0)
    ledger.pay(commitment, 250, by=head)
    assert figures(pool) == (1_000, 0, 350, 250)
    ledger.pay(commitment, 350, by=head)
    assert figures(pool) == (1_000, 0, 0, 600)
    assert commitment.stage == Commitment.Stage.PAID


def test_a_release_gives_back_what_is_not_paid(pool, head):
    commitment = committed(pool, head)
    ledger.refer(commitment, by=head)
    ledger.pay(commitment, 250, by=head)

    ledger.release(commitment, by=head, reason="کمتر")

    assert figures(pool) == (1_000, 0, 0, 250)
    assert commitment.stage == Commitment.Stage.PAID


def test_a_reversed_payment_is_referred_again(pool, head):
    commitment = committed(pool, head)
    ledger.refer(commitment, by=head)
    payment = ledger.pay(commitment, 600, by=head)

    ledger.reverse_payment(payment, by=head, reason="اشتباه")

    assert figures(pool) == (1_000, 0, 600, 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        ledger.reverse_payment(payment, by=head, reason="دوباره")


def test_more_than_is_left_is_refused_and_says_by_how_much(pool, head):
    committed(pool, head, 600)

    with pytest.raises(ledger.CreditExhaustedError, match="۲۰۰"):
        committed(pool, head, 600)


def test_more_than_is_approved_cannot_be_paid(pool, head):
    commitment = committed(pool, head)
    ledger.refer(commitment, by=head)
    ledger.pay(commitment, 400, by=head)

    with pytest.raises(ledger.PaymentTooLargeError):
        ledger.pay(commitment, 201, by=head)


def test_an_application_holds_one_live_commitment(pool, head):
    commitment = committed(pool, head, 100)

    with pytest.raises(IntegrityError, match="commitment_one_live_per_application"), transaction.atomic():
        ledger.approve(pool, application_id=commitment.application_id, amount_rial=100, by=head)

    ledger.release(commitment, by=head, reason="آزاد")
    ledger.approve(pool, application_id=commitment.application_id, amount_rial=100, by=head)


@pytest.mark.parametrize(
    ("kind", "amount"),
    [("approve", 600), ("pay", 600), ("refer", 599), ("release", 1), ("reverse_payment", 600)],
)
def test_a_movement_that_does_not_fit_its_commitment_is_refused(pool, head, kind, amount):
    commitment = committed(pool, head)

    with pytest.raises(IntegrityError), transaction.atomic():
        CreditMovement.everything.create(pool=pool, kind=kind, amount_rial=amount, commitment=commitment, moved_by=head)


def test_a_notice_below_what_is_in_use_is_refused_and_says_by_how_much(pool, head):
    committed(pool, head, 600)

    with pytest.raises(NoticeBelowUseError, match="۱۰۰"):
        record_notice(
            programme_id=pool.programme_id, letter_number="کاهش", dated_on=A_DAY, shares={pool.bank_id: -500}, by=head
        )

    record_notice(
        programme_id=pool.programme_id, letter_number="کاهش", dated_on=A_DAY, shares={pool.bank_id: -400}, by=head
    )
    assert figures(pool) == (600, 600, 0, 0)


def test_a_notice_may_move_credit_between_banks(pool, head):
    other = BankFactory()

    record_notice(
        programme_id=pool.programme_id,
        letter_number="جابه‌جایی",
        dated_on=A_DAY,
        shares={pool.bank_id: -300, other.pk: 300},
        by=head,
    )

    assert figures(pool)[0] == 700
    assert CreditPool.everything.get(programme=pool.programme, bank=other).announced_rial == 300


def test_a_refused_notice_leaves_nothing_behind(pool, head):
    before = CreditMovement.everything.count()

    with pytest.raises(NoticeBelowUseError):
        record_notice(
            programme_id=pool.programme_id,
            letter_number="دو بانک",
            dated_on=A_DAY,
            shares={BankFactory().pk: 50, pool.bank_id: -1_001},
            by=head,
        )

    assert CreditMovement.everything.count() == before
    assert CreditPool.everything.filter(programme=pool.programme).count() == 1


def test_movements_form_a_chain_whose_head_the_pool_keeps(pool, head):
    commitment = committed(pool, head)
    ledger.refer(commitment, by=head)
    pool.refresh_from_db()
    movements = list(pool.movements(manager="everything").order_by("sequence"))

    assert [movement.sequence for movement in movements] == [1, 2, 3]
    assert pool.head == movements[-1].head
    assert len({movement.head for movement in movements}) == 3


FORBIDDEN = [
    "UPDATE quotas_creditmovement SET amount_rial = 1",
    "DELETE FROM quotas_creditmovement",
    "TRUNCATE quotas_creditmovement CASCADE",
    "UPDATE quotas_creditpool SET announced_rial = announced_rial + 1",
    "UPDATE quotas_creditpool SET paid_rial = 0, head = ''",
    "DELETE FROM quotas_creditpool",
    "TRUNCATE quotas_creditpool CASCADE",
    "UPDATE quotas_commitment SET amount_rial = amount_rial + 1",
    "DELETE FROM quotas_commitment",
    "UPDATE quotas_creditnoticeshare SET change_rial = 5",
    "ALTER TABLE quotas_creditmovement DISABLE TRIGGER USER",
    "ALTER TABLE quotas_creditpool DROP CONSTRAINT creditpool_not_overdrawn",
    "DROP TABLE quotas_creditmovement",
    "SET ROLE postgres",
]


@pytest.mark.separate_roles
@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_sites_role_cannot_touch_the_ledger(pool, head, statement):
    committed(pool, head)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("statement", FORBIDDEN[:2] + FORBIDDEN[3:5] + FORBIDDEN[7:8])
def test_the_owner_meets_the_triggers(statement, transactional_db):
    """Even the role that migrates is refused, unless it first switches the triggers off, which the checks then find."""
    head = UserFactory()
    pool = pool_with(ProgrammeFactory(), 1_000, bank=BankFactory(), by=head)
    committed(pool, head)

    with pytest.raises(DatabaseError), connections["owner"].cursor() as cursor:
        cursor.execute(statement)


def test_a_pool_and_a_commitment_start_at_nothing_whatever_is_inserted(pool, head):
    application = ApplicationFactory(programme=pool.programme)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO quotas_commitment (pool_id, application_id, amount_rial, paid_rial, stage)"
            " VALUES (%s, %s, 10, 10, 'paid') RETURNING stage, paid_rial",
            [pool.pk, application.pk],
        )
        assert cursor.fetchone() == ("new", 0)


def test_pools_are_locked_inside_a_transaction_only(pool, transactional_db):
    with pytest.raises(RuntimeError):
        ledger.lock_pools(programme_id=pool.programme_id)
