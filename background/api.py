"""POST requests that are answered once, however often they arrive."""

import json
from collections.abc import Callable
from functools import wraps

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from abarkuh_loans import problem
from abarkuh_loans.errors import RuleError
from background import idempotency

HEADER = "Idempotency-Key"
KEY_PARAMETER = OpenApiParameter(
    HEADER,
    location=OpenApiParameter.HEADER,
    description="Made by the sender and kept over retries: the same request with the same key has one effect.",
)


class KeyNotUsable(exceptions.ValidationError):
    default_detail = _("An idempotency key has 1 to 100 visible ASCII characters.")
    default_code = "idempotency_key_bad"


def once(post: Callable) -> Callable:
    """Do a POST's work once per ``Idempotency-Key`` and give its answer again, a refusal by a rule too.

    Work and key stand in one transaction. A request that never came to a rule (bad values, no right, not found) leaves
    its key free. Without the header the request is done as it comes.
    """

    @wraps(post)
    def answered(view, request: Request, *args, **kwargs) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return post(view, request, *args, **kwargs)
        if not (0 < len(key) <= idempotency.LONGEST_KEY and key.isascii() and key.isprintable() and " " not in key):
            raise KeyNotUsable
        digest = idempotency.digest_of(request.data)
        with transaction.atomic():
            claimed = idempotency.claim(user=request.user, key=key, endpoint=request.path, digest=digest)
            if claimed.status is not None:
                return _answer(claimed.status, claimed.body, replayed=True)
            response = _worked(post, view, request, *args, **kwargs)
            body = json.loads(view.get_renderers()[0].render(response.data))
            idempotency.keep(claimed, status=response.status_code, body=body)
        return _answer(response.status_code, body)

    return answered


def _worked(post: Callable, view, request: Request, *args, **kwargs) -> Response:
    try:
        with transaction.atomic():
            return post(view, request, *args, **kwargs)
    except RuleError as error:
        return problem.answer(error, path=request.path)


def _answer(status: int, body, *, replayed: bool = False) -> Response:
    """The kept answer, byte for byte the same each time: the database does not keep the order of names, so they are sorted."""
    return Response(
        json.loads(json.dumps(body, sort_keys=True)),
        status=status,
        headers={"Idempotency-Replayed": "true"} if replayed else None,
        content_type=problem.CONTENT_TYPE if status >= 400 else None,
    )
