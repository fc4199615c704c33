from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EmploymentTrackingConfig(AppConfig):
    name = "employment_tracking"
    verbose_name = _("Employment monitoring")
    site_privileges = {
        "employment_tracking_jobrecordevent": "SELECT, INSERT",
        "employment_tracking_attempt": "SELECT, INSERT",
        "employment_tracking_jobevidence": "SELECT, INSERT",
        "employment_tracking_knownworker": "SELECT, INSERT",
        "employment_tracking_pacereminder": "SELECT, INSERT",
    }

    def ready(self) -> None:
        import_module("employment_tracking.importing").announce()
        import_module("employment_tracking.ladder_messages").announce()
        import_module("employment_tracking.figures").declare()
        reminders = import_module("employment_tracking.reminder_letters")
        import_module("messaging.texts").declare(
            reminders.TEXT_CODE,
            label=_("monthly reminder to an agency that is behind"),
            text=reminders.TEXT,
            places=reminders.PLACES,
        )
