from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IranConfig(AppConfig):
    name = "iran"
    verbose_name = _("Iranian identifiers, money and dates")
