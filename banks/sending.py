"""One act for one shown form: a double click, a re-sent page and an impatient reload give one answer."""

from collections.abc import Callable

from django.db import transaction

from background import idempotency

AT_WORK, DONE = 202, 200


def once(*, user, key: str, endpoint: str, content: dict, act: Callable[[], dict]) -> dict:
    """Do ``act`` and keep what it returns, in one transaction; sent again, only give what was kept.

    Raises KeyReusedError, and whatever the act raises: a refused act leaves the key free for a corrected one.
    """
    with transaction.atomic():
        digest = idempotency.digest_of(content)
        claimed = idempotency.claim(user=user, key=key, endpoint=endpoint, digest=digest)
        if claimed.status is not None:
            return claimed.body
        body = act()
        idempotency.keep(claimed, status=DONE, body=body)
        return body


def once_each(*, user, key: str, endpoint: str, content: dict, act: Callable[[], dict]) -> None:
    """The same for a batch, whose parts commit one by one: the key is taken at once, the answer kept at the end.

    A key that stays without an answer belongs to a batch that is at work, or was killed; its parts speak for themselves.
    """
    with transaction.atomic():
        digest = idempotency.digest_of(content)
        claimed = idempotency.claim(user=user, key=key, endpoint=endpoint, digest=digest)
        if claimed.status is not None:
            return
        idempotency.keep(claimed, status=AT_WORK, body=None)
    idempotency.keep(claimed, status=DONE, body=act())
