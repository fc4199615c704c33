"""Waking the workers of the ladder. Nothing depends on it: beat comes round every minute."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError as BrokerDownError

from abarkuh_loans import broker

ADVANCE_CASES = "employment_tracking.tasks.advance_cases"
log = logging.getLogger(__name__)


def ring_on_commit() -> None:
    transaction.on_commit(ring)


def ring() -> None:
    try:
        broker.check()
        current_app.send_task(ADVANCE_CASES, retry=False)
    except (BrokerDownError, OSError) as error:
        log.warning("cases wait for beat: %s", error)
