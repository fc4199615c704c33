from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Concat
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from abarkuh_loans.desk import ReadOnly
from abarkuh_loans.office_admin import OfficeModelAdmin
from abarkuh_loans.shown import shown
from audit.history import steps, table_label
from audit.models import AuditEntry
from iran.filters import JalaliMonthListFilter


class OperationFilter(admin.SimpleListFilter):
    title = _("operation")
    parameter_name = "operation"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return AuditEntry.Operation.choices

    def queryset(self, request: HttpRequest, queryset):
        return queryset.filter(operation=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly, OfficeModelAdmin):
    """The whole trail, newest first. Nobody changes it, here or elsewhere."""

    list_display = ["at", "actor", "record", "row", "done"]
    list_display_links = ["at"]
    list_filter = [OperationFilter, JalaliMonthListFilter("at")]
    ordering = ["-id"]
    code_fields = ("row_id",)
    search_help_text = _("number of the row")
    fields = ["at", "actor", "record", "row", "done", "changes", "context"]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest):
        people = get_user_model().objects.filter(pk=OuterRef("actor_id"))
        name = people.annotate(name=Concat("first_name", Value(" "), "last_name")).values("name")
        return super().get_queryset(request).annotate(actor_name=Coalesce(Subquery(name), Value("")))

    @admin.display(description=_("user"))
    def actor(self, entry: AuditEntry) -> str:
        return entry.actor_name.strip() or _("the system")

    @admin.display(description=_("record"), ordering="table_name")
    def record(self, entry: AuditEntry) -> str:
        return table_label(entry.table_name)

    @admin.display(description=_("row"))
    def row(self, entry: AuditEntry) -> str:
        return shown(entry.row_id)

    @admin.display(description=_("operation"), ordering="operation")
    def done(self, entry: AuditEntry) -> str:
        return entry.get_operation_display()

    @admin.display(description=_("changes"))
    def changes(self, entry: AuditEntry) -> str:
        (step,) = steps([entry])
        return format_html_join("", "<p>{}: {} ← {}</p>", ((c.label, c.new, c.old or "—") for c in step.changes))
