"""Fixtures of the tests that cross the houses."""

from collections.abc import Iterator

import pytest
from django.db import connections

from quotas import ledger
from quotas.models import CreditPool

_NOT_OVERDRAWN = "creditpool_not_overdrawn"
_CHECK = "CHECK (announced_rial >= approved_rial + referred_rial + paid_rial)"


@pytest.fixture
def guard_dropped(transactional_db, monkeypatch) -> Iterator[None]:
    """The ledger without its guard, for negative controls: no lock before the check, and no CHECK on the pool's row."""

    def unlocked(*, programme_id):
        return {pool.bank_id: pool for pool in CreditPool.everything.filter(programme_id=programme_id)}

    monkeypatch.setattr(ledger, "lock_pools", unlocked)
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"ALTER TABLE quotas_creditpool DROP CONSTRAINT {_NOT_OVERDRAWN}")
    yield
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE quotas_creditpool DISABLE TRIGGER USER")
        cursor.execute("UPDATE quotas_creditpool SET approved_rial = 0")
        cursor.execute("ALTER TABLE quotas_creditpool ENABLE TRIGGER USER")
        cursor.execute(f"ALTER TABLE quotas_creditpool ADD CONSTRAINT {_NOT_OVERDRAWN} {_CHECK}")
