"""Loaded by the workers of a trial alone (``celery worker --include``): shorter waits, and guards broken on purpose.

``TRIAL_QUICK=yes`` shortens the lease and the waits, so that a trial in CI need not wait for the real ones.
``TRIAL_BATCH=20`` makes the calls small, so that there are many of them to be hit.
``TRIAL_WITHOUT=question`` sends again without asking the gateway; ``lease`` lets a claim end while its call is on the way;
``return`` never takes up what a dead worker had in its hands.
"""

import os
import re

from django.conf import settings

from messaging import timing
from messaging.gateways import transport
from messaging.gateways.kavenegar import Entry, Kavenegar
from messaging.workflow import claiming

NOT_THERE = 100


def shorten_waits() -> None:
    settings.SMS_SENDING.update(lease=14, grace=6, backoff=1, backoff_most=4, most_retries=100)
    transport.CONNECT_SECONDS, transport.ANSWER_SECONDS = 1, 2
    timing.LONGEST_CALL = 5


def never_ask(gateway: Kavenegar, localids) -> dict[int, Entry]:
    return {localid: Entry(0, NOT_THERE) for localid in localids}


if most := os.environ.get("TRIAL_BATCH"):
    claiming.MOST_RECEPTORS = int(most)
if os.environ.get("TRIAL_QUICK") == "yes":
    shorten_waits()
if os.environ.get("TRIAL_WITHOUT") == "question":
    Kavenegar.status_of_own = never_ask
if os.environ.get("TRIAL_WITHOUT") == "lease":
    settings.SMS_SENDING["lease"] = 1
    claiming.Batch.may_still_call = lambda batch: True
if os.environ.get("TRIAL_WITHOUT") == "return":
    claiming.IN_DOUBT, broken = re.subn(r"AND lease_until < \w+\(\)", "AND false", claiming.IN_DOUBT)
    assert broken == 1
