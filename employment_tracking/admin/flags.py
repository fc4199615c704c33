from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from abarkuh_loans.desk import ReadOnly
from abarkuh_loans.office_admin import OfficeModelAdmin
from employment_tracking import checks
from employment_tracking.models import JobRecord, RecordFlag


class LiveFilter(admin.SimpleListFilter):
    title = _("cause")
    parameter_name = "live"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", _("stands")), ("no", _("is gone"))]

    def queryset(self, request: HttpRequest, queryset):
        if self.value() == "yes":
            return queryset.live()
        return queryset.exclude(cleared_at=None) if self.value() == "no" else queryset


class FlagCodeFilter(admin.SimpleListFilter):
    """On the list of records: those with a live flag, of any rule or of one."""

    title = _("flags")
    parameter_name = "flag"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("any", _("any flag")), ("none", _("no flag")), *RecordFlag.Code.choices]

    def queryset(self, request: HttpRequest, queryset):
        flagged = RecordFlag.objects.live().values("record")
        if self.value() == "none":
            return queryset.exclude(pk__in=flagged)
        if self.value() == "any":
            return queryset.filter(pk__in=flagged)
        if self.value() in RecordFlag.Code.values:
            return queryset.filter(pk__in=flagged.filter(code=self.value()))
        return queryset


@admin.register(RecordFlag)
class RecordFlagAdmin(ReadOnly, OfficeModelAdmin):
    """What the automatic checks found, over all records."""

    list_display = ["record", "code", "severity", "sentence", "found_at", "cleared_at"]
    list_select_related = ["record"]
    list_filter = [LiveFilter, "code", "severity"]
    folded_fields = ("record__search_text",)
    search_help_text = _("name, national ID or mobile")
    fields = ["record_page", "code", "severity", "sentence", "found_at", "cleared_at"]
    readonly_fields = ["record_page", "sentence"]

    @admin.display(description=_("what was found"))
    def sentence(self, flag: RecordFlag) -> str:
        return checks.said(flag.code, flag.detail)

    @admin.display(description=JobRecord._meta.verbose_name)
    def record_page(self, flag: RecordFlag) -> str:
        address = reverse("admin:employment_tracking_jobrecord_change", args=[flag.record_id])
        return format_html('<a href="{}">{}</a>', address, flag.record)
