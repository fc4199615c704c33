"""Waking whoever sends. Nothing depends on it: what the bell loses, the sweeper finds within half a minute."""

import logging
import time

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError as BrokerDownError

SEND_DUE = "messaging.tasks.send_due"
DEAF_SECONDS = 5  # after a broker that did not answer: nobody else waits for it meanwhile
log = logging.getLogger(__name__)
_deaf_until = 0.0


def ring_on_commit() -> None:
    """Ring once for everything that this transaction writes, when it is committed."""
    connection = transaction.get_connection()
    if not any(entry[1] is ring for entry in connection.run_on_commit):
        transaction.on_commit(ring)


def ring() -> None:
    global _deaf_until
    if time.monotonic() < _deaf_until:
        return
    try:
        current_app.send_task(SEND_DUE, retry=False)
    except (BrokerDownError, OSError) as error:
        _deaf_until = time.monotonic() + DEAF_SECONDS
        log.warning("messages wait for the sweeper: %s", error)
