"""How long and how often sending tries, as the settings say (``SMS_SENDING``, in seconds)."""

import random
import time

from django.conf import settings

from messaging.gateways.transport import ANSWER_SECONDS, CONNECT_SECONDS

LONGEST_CALL = CONNECT_SECONDS + 2 * ANSWER_SECONDS  # connect, send, and read the answer


def of(name: str) -> int:
    return settings.SMS_SENDING[name]


def backoff(retries: int) -> float:
    """Exponential, with full jitter: those who failed together do not come back together."""
    most = min(of("backoff_most"), of("backoff") * 2 ** min(retries, 20))
    return random.uniform(0, most)


def moment() -> float:
    """A clock that nobody sets, and that goes on while the process is stopped or the machine asleep."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
