"""Waking whoever sends. Nothing depends on it: what the bell loses, the sweeper finds within half a minute."""

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError as BrokerDownError

from abarkuh_loans import broker

SEND_DUE = "messaging.tasks.send_due"
POLL_DELIVERIES = "messaging.tasks.poll_deliveries"
TAKE_UP_INBOUND = "messaging.tasks.take_up_inbound"
log = logging.getLogger(__name__)


def ring_on_commit(task: str = SEND_DUE) -> None:
    """Ring once for everything that this transaction writes, when it is committed."""
    connection = transaction.get_connection()
    if not any(getattr(entry[1], "rings", None) == task for entry in connection.run_on_commit):
        bell = partial(ring, task)
        bell.rings = task
        transaction.on_commit(bell)


def ring(task: str = SEND_DUE) -> None:
    try:
        broker.check()
        current_app.send_task(task, retry=False)
    except (BrokerDownError, OSError) as error:
        log.warning("messages wait for the sweeper: %s", error)
