"""The same request sent twice does its work once: its answer is kept under the sender's key and given again.

::

    with transaction.atomic():
        claimed = idempotency.claim(user=user, key=key, endpoint=path, digest=idempotency.digest_of(body))
        if claimed.status is not None:
            return claimed.status, claimed.body  # answered before
        ...  # the work, in a savepoint if a refusal is to be kept too
        idempotency.keep(claimed, status=status, body=body)

The claim is a row inserted in the transaction of the work: a crash frees the key, and a second request with the same
key waits at the insert until the first one has ended.
"""

import hashlib
import json
from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext_lazy as _

from abarkuh_loans.errors import RuleError
from background.models import RequestKey

LONGEST_KEY = 100
KEPT_FOR = timedelta(days=30)


class KeyReusedError(RuleError):
    """The key was used for another request."""

    code = "idempotency_key_reused"
    status = 422
    default_message = _("This idempotency key was already used for a different request; use a new one.")


def claim(*, user, key: str, endpoint: str, digest: str) -> RequestKey:
    """The row of a user's key: new (``status`` is ``None``), or with the answer that was given. Inside a transaction.

    Raises KeyReusedError when the key belongs to another request.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a request key is claimed in the transaction of its work")
    claimed = RequestKey(user=user, key=key, endpoint=endpoint[:200], request_digest=digest)
    RequestKey.everything.bulk_create([claimed], ignore_conflicts=True)
    stored = RequestKey.everything.get(user=user, key=key)
    if (stored.endpoint, stored.request_digest) != (claimed.endpoint, digest):
        raise KeyReusedError
    return stored


def keep(claimed: RequestKey, *, status: int, body) -> None:
    """Write down the answer to a new request; ``body`` is JSON."""
    RequestKey(pk=claimed.pk, status=status, body=body).save(update_fields=["status", "body"])


def digest_of(content) -> str:
    """SHA-256 over a request's content, whatever order its keys came in. Takes whatever JSON can hold."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def forget_old(*, now: datetime) -> int:
    """Delete keys older than a month; gives their number. A request that comes again later is a new one."""
    return RequestKey.everything.filter(created_at__lt=now - KEPT_FOR).delete()[0]
