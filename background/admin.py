from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from abarkuh_loans.desk import ReadOnly
from abarkuh_loans.office_admin import OfficeModelAdmin
from background.models import BackgroundTask
from iran.filters import JalaliMonthListFilter


@admin.register(BackgroundTask)
class BackgroundTaskAdmin(ReadOnly, OfficeModelAdmin):
    """Long work that the reader asked for."""

    list_display = ["asked_at", "kind", "status", "total", "done", "failed", "message"]
    list_filter = ["status", JalaliMonthListFilter("asked_at")]
    fields = ["kind", "status", "total", "done", "failed", "message", "attempts", "asked_at", "asked_by", "finished_at"]
    search_help_text = _("kind of work")
    code_fields = ("kind",)
