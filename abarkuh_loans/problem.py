"""Every refusal of the API as ``application/problem+json`` (RFC 9457): a stable code and a sentence in Persian."""

import logging
from http import HTTPStatus

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, UnreadablePostError
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.settings import api_settings

from abarkuh_loans.errors import RuleError

CONTENT_TYPE = "application/problem+json"
BUSY = {"55P03", "57014", "40P01", "40001"}  # lock wait ran out, statement cancelled, deadlock, serialisation
TITLES = {
    400: _("The request is not right"),
    401: _("Sign in first"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("This address does not take this method"),
    406: _("This form of answer is not available"),
    409: _("Refused by a rule of the programme"),
    413: _("The request is too large"),
    415: _("Send the request as JSON"),
    422: _("The request does not fit"),
    429: _("Too many requests"),
    503: _("Busy"),
}
logger = logging.getLogger(__name__)


class Busy(exceptions.APIException):
    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = _("Others are working on the same record. Send the request again in a moment.")
    default_code = "busy"
    wait = 2


class TooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = _("The request is larger than the system takes.")
    default_code = "too_large"


def handle(error: Exception, context: dict) -> Response | None:
    """The exception handler of the API. What it does not know is a fault of ours: 500, logged, and told as such."""
    request = context["request"]
    if isinstance(error, RuleError):
        return answer(error, path=request.path)
    known = _known(error)
    if known is None:
        return None
    response = _response(
        status_code=known.status_code,
        code=_code(known),
        detail=_detail(known),
        path=request.path,
        errors=list(_faults(known.get_full_details())) if isinstance(known, exceptions.ValidationError) else [],
    )
    if header := getattr(known, "auth_header", None):
        response["WWW-Authenticate"] = header
    if wait := getattr(known, "wait", None):
        response["Retry-After"] = str(int(wait))
    return response


def answer(error: RuleError, *, path: str) -> Response:
    """A rule's refusal, with its stable code; the field that it speaks of is pointed at."""
    errors = [{"pointer": f"/{error.field}", "code": error.code, "detail": str(error)}] if error.field else []
    return _response(status_code=error.status, code=error.code, detail=str(error), path=path, errors=errors)


def _known(error: Exception) -> exceptions.APIException | None:
    if isinstance(error, exceptions.APIException):
        return error
    if isinstance(error, Http404):
        return exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(error, RequestDataTooBig):
        return TooLarge()
    if isinstance(error, (SuspiciousOperation, UnreadablePostError, RecursionError)):
        return exceptions.ParseError()
    if isinstance(error, OperationalError) and getattr(error.__cause__, "pgcode", None) in BUSY:
        logger.warning("busy: %s", error)
        return Busy()
    return None


def _code(error: exceptions.APIException) -> str:
    if isinstance(error, exceptions.ValidationError):
        return "invalid"
    codes = error.get_codes()
    return codes if isinstance(codes, str) else error.default_code


def _detail(error: exceptions.APIException) -> str:
    if isinstance(error, exceptions.ValidationError):
        return str(_("Some values are missing or wrong; each is named under «errors»."))
    return str(error.detail)


def _faults(details, pointer: str = ""):
    """The leaves of a validation error, each with the JSON pointer of its value."""
    if isinstance(details, list):
        for place, item in enumerate(details):
            is_leaf = isinstance(item, dict) and item.keys() == {"message", "code"}
            yield from _faults(item, pointer if is_leaf else f"{pointer}/{place}")
    elif details.keys() == {"message", "code"} and not isinstance(details["message"], (dict, list)):
        yield {"pointer": pointer, "code": details["code"], "detail": str(details["message"])}
    else:
        for name, item in details.items():
            whole = name == api_settings.NON_FIELD_ERRORS_KEY
            yield from _faults(
                item, pointer if whole else f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"
            )


def _response(*, status_code: int, code: str, detail: str, path: str, errors: list[dict]) -> Response:
    body = {
        "type": f"urn:abarkuh-loans:problem:{code}",
        "title": str(TITLES.get(status_code, HTTPStatus(status_code).phrase)),
        "status": status_code,
        "detail": detail,
        "code": code,
    }
    if status_code != status.HTTP_404_NOT_FOUND:  # one answer for what is not there and for what is not yours
        body["instance"] = path
    return Response(body | {"errors": errors} if errors else body, status=status_code, content_type=CONTENT_TYPE)


def describe(result: dict, generator, request, public) -> dict:
    """Adds to the schema what every operation may answer besides its own: a problem, in one shape."""
    fault = {"type": "object", "properties": {name: {"type": "string"} for name in ("pointer", "code", "detail")}}
    words = {name: {"type": "string"} for name in ("type", "title", "detail", "code", "instance")}
    result["components"]["schemas"]["Problem"] = {
        "type": "object",
        "description": "RFC 9457. «code» is stable; «errors» points at the values that are wrong.",
        "properties": {**words, "status": {"type": "integer"}, "errors": {"type": "array", "items": fault}},
        "required": ["type", "title", "status", "detail", "code"],
    }
    problem = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in result["paths"].values():
        for method, operation in operations.items():
            statuses = [400, 401, 403, 404] + ([409, 415, 422] if method == "post" else []) + [503]
            for number in statuses:
                operation["responses"].setdefault(
                    str(number), {"description": HTTPStatus(number).phrase, "content": problem}
                )
    return result
