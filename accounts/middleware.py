from django.http import HttpRequest, HttpResponse

from accounts.scoping import scoped_to


class ScopeMiddleware:
    """Turn the scoping of rows on for the whole of each request."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with scoped_to(request):
            return self.get_response(request)
