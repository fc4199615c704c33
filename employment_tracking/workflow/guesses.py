"""Guessing codes of calls ends after some tries: a count per address in the database, the same for every process.

A try is counted before anybody looks, so that tries at once are no more than tries one after another; who was right gets
his try back.
"""

from django.db import connection
from django.utils.crypto import salted_hmac

from abarkuh_loans.client_address import household
from employment_tracking.models import CodeGuess

MOST, WITHIN = 30, "15 minutes"

_COUNT = f"""
    INSERT INTO employment_tracking_codeguess AS guess (place, times, since) VALUES (%s, 1, statement_timestamp())
    ON CONFLICT (place) DO UPDATE SET
        times = CASE WHEN guess.since < excluded.since - interval '{WITHIN}' THEN 1
            ELSE least(guess.times + 1, {MOST} + 1) END,
        since = CASE WHEN guess.since < excluded.since - interval '{WITHIN}' THEN excluded.since ELSE guess.since END
    RETURNING times"""
_FORGET = f"""
    DELETE FROM employment_tracking_codeguess WHERE place IN (
        SELECT place FROM employment_tracking_codeguess WHERE since < statement_timestamp() - interval '{WITHIN}'
        ORDER BY since LIMIT 100 FOR UPDATE SKIP LOCKED)"""


def count_try(address: str) -> bool:
    """Count one more try of this address; says whether it may still ask."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [place_of(address)])
        (times,) = cursor.fetchone()
        if times == 1:  # a new place: some that are long over make room
            cursor.execute(_FORGET)
    return times <= MOST


def give_back(address: str) -> None:
    """It was no guess."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE employment_tracking_codeguess SET times = times - 1 WHERE place = %s AND times > 0",
            [place_of(address)],
        )


def place_of(address: str) -> str:
    return salted_hmac(CodeGuess._meta.label, household(address), algorithm="sha256").hexdigest()
