from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuotasConfig(AppConfig):
    name = "quotas"
    verbose_name = _("Credit and quotas")
    # What the site's database role may do to the ledger. UPDATE of a harmless column is what row locks ask for.
    site_privileges = {
        "quotas_creditpool": "SELECT, INSERT, UPDATE (title)",
        "quotas_commitment": "SELECT, INSERT",
        "quotas_creditmovement": "SELECT, INSERT",
        "quotas_creditnotice": "SELECT, INSERT",
        "quotas_creditnoticeshare": "SELECT, INSERT",
    }
