"""The gateway's callbacks: on a path that only the gateway knows, without a session and without a person.

It asks again every two minutes, thirty times, unless it is answered 200. So 200 means «kept»: also for numbers that we do not
know and for what came before. What cannot be read is answered 400 and logged, and a fault of ours 500: both come again.
"""

import logging
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotFound
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from messaging import callbacks
from messaging.models import OutboundMessage
from messaging.workflow import inbound, reports

Channel = OutboundMessage.Channel
log = logging.getLogger(__name__)


def from_gateway(view: Callable[[list[callbacks.Fields]], None]) -> Callable[..., HttpResponse]:
    @csrf_exempt
    @login_not_required
    @require_http_methods(["GET", "POST"])
    @wraps(view)
    def answer(request: HttpRequest, secret: str) -> HttpResponse:
        if not settings.SMS_CALLBACK_SECRET or not constant_time_compare(secret, settings.SMS_CALLBACK_SECRET):
            log.warning("callback %s with a wrong secret from %s", view.__name__, request.META.get("REMOTE_ADDR", "?"))
            return _unlogged(HttpResponseNotFound())
        if int(request.META.get("CONTENT_LENGTH") or 0) > callbacks.MOST_BYTES:
            log.warning("callback %s is longer than %s bytes", view.__name__, callbacks.MOST_BYTES)
            return _unlogged(HttpResponse(status=413))
        try:
            view(callbacks.entries_of(request))
        except callbacks.UnreadableError:
            log.warning("callback %s cannot be read", view.__name__)
            return _unlogged(HttpResponseBadRequest())
        return HttpResponse("OK", content_type="text/plain")

    return answer


def _unlogged(response: HttpResponse) -> HttpResponse:
    """Django logs a refused request with its path, and the path is the secret. What we say of it is logged above."""
    response._has_been_logged = True
    return response


@from_gateway
def delivery(entries: list[callbacks.Fields]) -> None:
    channel = Channel.CALL if entries and entries[0].get("channel") == Channel.CALL else Channel.SMS
    reports.record(callbacks.reports_of(entries), channel=channel)


@from_gateway
def arrival(entries: list[callbacks.Fields]) -> None:
    inbound.keep(callbacks.messages_of(entries))
