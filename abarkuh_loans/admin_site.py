"""The office's desk: Django's admin in the look of the programme, open to the labour office only."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


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
