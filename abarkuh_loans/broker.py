"""Is the broker there? Asked before a bell is rung: the clients of Celery and Redis try for many seconds, and for ever on a
broker that takes the connection and says nothing. No request waits for that; what is not rung for, the clock finds.
"""

import time

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

ANSWER_SECONDS = 0.5
DEAF_SECONDS = 5  # after a broker that did not answer: nobody else waits for it meanwhile
_deaf_until = 0.0


class BrokerSilentError(ConnectionError):
    """Nobody would hear the bell."""


def check() -> None:
    """Raises BrokerSilentError unless the broker answers at once."""
    global _deaf_until
    if time.monotonic() < _deaf_until:
        raise BrokerSilentError("it did not answer a moment ago")
    patience = {"socket_timeout": ANSWER_SECONDS, "socket_connect_timeout": ANSWER_SECONDS}
    try:
        with redis.Redis.from_url(settings.REDIS_URL, retry=Retry(NoBackoff(), 0), **patience) as client:
            client.ping()
    except redis.RedisError as error:
        _deaf_until = time.monotonic() + DEAF_SECONDS
        raise BrokerSilentError(str(error)) from error
