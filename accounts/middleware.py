from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from accounts.scoping import scoped_to


class ScopeMiddleware:
    """Turn the scoping of rows on for the whole of each request."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with scoped_to(request):
            return self.get_response(request)


class SignInMiddleware(LoginRequiredMiddleware):
    """Sign-in first. Who sent a form after his session ended comes back to the page of the form, which keeps his text."""

    def handle_no_permission(self, request: HttpRequest, view_func) -> HttpResponse:
        page = urlsplit(request.headers.get("Referer", ""))
        if request.method not in ("GET", "HEAD", "OPTIONS") and page.netloc == request.get_host():
            back = f"{page.path}?{page.query}" if page.query else page.path
            return redirect_to_login(back, str(self.get_login_url(view_func)), self.get_redirect_field_name(view_func))
        return super().handle_no_permission(request, view_func)
