from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = _("Messages")
    site_privileges = {"messaging_deliveryreport": "SELECT, INSERT"}

    def ready(self) -> None:
        import_module("messaging.figures").declare()
