from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from abarkuh_loans.office_admin import OfficeModelAdmin, OfficeStackedInline
from abarkuh_loans.shown import shown
from applicants.models import Applicant, BusinessLine, LineRestriction


@admin.register(Applicant)
class ApplicantAdmin(OfficeModelAdmin):
    """Persons, whatever the year. They come in with an application, not by themselves."""

    list_display = ["name", "identifier", "mobile", "kind", "gender", "birth_on", "requests"]
    list_filter = ["kind", "gender"]
    ordering = ["sort_name", "id"]
    folded_fields = ("search_text",)
    search_help_text = _("name, national ID or mobile")
    fieldsets = [
        (None, {"fields": ["kind", "national_id", "legal_id", "first_name", "last_name"]}),
        (_("Person"), {"fields": ["father_name", "birth_on", "gender"]}),
        (_("Contact and account"), {"fields": ["mobile", "address", "postal_code", "sheba"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).annotate(request_count=Count("applications"))

    @admin.display(description=_("name"), ordering="sort_name")
    def name(self, applicant: Applicant) -> str:
        return applicant.full_name

    @admin.display(description=_("national or legal ID"))
    def identifier(self, applicant: Applicant) -> str:
        return shown(applicant.identifier)

    @admin.display(description=_("applications"))
    def requests(self, applicant: Applicant) -> str:
        return shown(applicant.request_count)


class LineRestrictionInline(OfficeStackedInline):
    model = LineRestriction
    can_remove = True


class RestrictionFilter(admin.SimpleListFilter):
    title = _("restriction")
    parameter_name = "restricted"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", _("excluded this year")), ("no", _("open"))]

    def queryset(self, request: HttpRequest, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(restriction__isnull=self.value() == "no")


@admin.register(BusinessLine)
class BusinessLineAdmin(OfficeModelAdmin):
    list_display = ["title", "isic4", "has_local_advantage", "excluded", "programme"]
    list_select_related = ["programme__county", "restriction"]
    list_filter = [RestrictionFilter, "has_local_advantage", "programme"]
    folded_fields = ("title_key",)
    code_fields = ("isic4",)
    fields = ["programme", "title", "isic4", "has_local_advantage"]
    inlines = [LineRestrictionInline]

    @admin.display(description=_("restriction"))
    def excluded(self, line: BusinessLine) -> str:
        restriction = getattr(line, "restriction", None)
        return restriction.reason if restriction else "—"
