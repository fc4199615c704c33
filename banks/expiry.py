"""The end of letters that no bank answered in time. What beat runs, and an operator by hand."""

from datetime import date

from django.db import OperationalError

from banks import workflow
from banks.models import Referral


def expire_due(*, today: date) -> dict[str, int]:
    """End every unanswered referral past its validity, each in its own transaction.

    Safe to run twice, at once or after a kill: the state is read again under the lock, and a row that somebody holds
    (a bank answers this very moment) is left for the next run.
    """
    found = {"due": 0, "expired": 0, "left": 0}
    for referral_id in Referral.everything.past_validity(today).order_by("pk").values_list("pk", flat=True):
        found["due"] += 1
        try:
            found["expired"] += workflow.expire(referral_id=referral_id, today=today)
        except OperationalError as error:
            if "lock timeout" not in str(error):
                raise
            found["left"] += 1
    return found
