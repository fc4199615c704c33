from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApplicantsConfig(AppConfig):
    name = "applicants"
    verbose_name = _("Applicants")
    site_privileges = {"applicants_applicationevent": "SELECT, INSERT"}

    def ready(self) -> None:
        import_module("applicants.importing.kinds").announce()
