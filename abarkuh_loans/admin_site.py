"""The office's desk: Django's admin in the look of the programme, open to the labour office only."""

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from abarkuh_loans.office_menu import grouped
from messaging.alarm import pause_context
from oversight.dashboard import dashboard


class OfficeAdminSite(AdminSite):
    """The admin of the labour office. Other roles have pages of their own."""

    site_header = _("Home-business loans – Abarkuh county")
    site_title = _("Home-business loans")
    index_title = _("The office's desk")
    empty_value_display = "—"
    enable_nav_sidebar = True
    index_template = "admin/index.html"
    login_template = "registration/login.html"

    def has_permission(self, request: HttpRequest) -> bool:
        """Active people of the office, its head and the technical administrator (``User.is_office``)."""
        return request.user.is_active and getattr(request.user, "is_office", False)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """One door for everybody."""
        return redirect_to_login(request.GET.get("next", request.get_full_path()), settings.LOGIN_URL)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        apps = super().get_app_list(request, app_label)
        return apps if app_label else grouped(apps, request.user)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().index(request, {**dashboard(request), **pause_context(request), **(extra_context or {})})

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().app_index(request, app_label, {**pause_context(request), **(extra_context or {})})
