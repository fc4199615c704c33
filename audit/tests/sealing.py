"""Sealing in tests, where other processes' transactions run on the same server."""

import time

from django.db.models import Max

from audit.models import AuditEntry, AuditSeal
from audit.tasks import seal_trail

MOST_SECONDS = 120


def seal_all() -> None:
    """Seal until every entry of now is covered: a seal waits for each transaction that was running when they were made."""
    newest = AuditEntry.objects.aggregate(newest=Max("transaction"))["newest"] or 0
    deadline = time.monotonic() + MOST_SECONDS
    while not AuditSeal.objects.filter(below_transaction__gt=newest).exists():
        if time.monotonic() > deadline:
            raise TimeoutError("a transaction elsewhere kept the trail open")
        seal_trail()
        time.sleep(0.02)
