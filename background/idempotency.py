"""A request that arrives twice acts once: the key of the first is kept with its answer.

Inside the transaction of the act, a second request with the same key waits until the first has ended and then gets its
answer; if the first was rolled back, the second acts. Outside a transaction the claim stands at once, and an answer
that is still missing means that the first request is at work (or was killed).
"""

import hashlib
import json
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from abarkuh_loans.errors import RuleError
from background.models import RequestKey


class KeyReusedError(RuleError):
    """The same key came with another request."""

    code = "idempotency_key_reused"
    default_message = _("This form was sent already with other values. Open the page again to see what was recorded.")


def digest(content: Mapping | list | str) -> str:
    """What was asked, as one short text. Keys in any order give the same."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def claim(*, user, key: str, endpoint: str, digest: str) -> RequestKey | None:
    """Take the key for this request: ``None`` means go on, a row means that it was answered (or is at work) already.

    Raises KeyReusedError when the key belongs to another request.
    """
    try:
        with transaction.atomic():
            RequestKey.everything.create(user=user, key=key, endpoint=endpoint, request_digest=digest)
    except IntegrityError as error:
        if "requestkey_once_per_user" not in str(error):
            raise
    else:
        return None
    held = RequestKey.everything.get(user=user, key=key)
    if (held.endpoint, held.request_digest) != (endpoint, digest):
        raise KeyReusedError
    return held


def answer(*, user, key: str, status: int, body) -> None:
    """Keep the answer for whoever sends the request again."""
    kept = {"status": status, "body": body}  # the status of an HTTP answer, not a state of anything
    RequestKey.everything.filter(user=user, key=key).update(**kept)
