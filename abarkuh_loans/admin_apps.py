"""The office's desk in place of Django's default admin site."""

from django.contrib.admin.apps import AdminConfig


class OfficeAdminConfig(AdminConfig):
    default_site = "abarkuh_loans.admin_site.OfficeAdminSite"
