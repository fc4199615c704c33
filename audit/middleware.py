from django.http import HttpRequest, HttpResponse

from audit.acting import acting_as

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class ActingUserMiddleware:
    """Name the signed-in user to the database for every request that may change something."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in SAFE_METHODS:
            return self.get_response(request)
        user = request.user if request.user.is_authenticated else None
        with acting_as(user, context=f"{request.method} {request.path}"):
            return self.get_response(request)
