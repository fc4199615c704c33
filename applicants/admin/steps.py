from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from abarkuh_loans.desk import ReadOnly
from abarkuh_loans.office_admin import OfficeModelAdmin
from applicants.models import ImportedList, Inquiry
from iran.filters import JalaliMonthListFilter


class ChoiceFilter(admin.SimpleListFilter):
    """A filter with fixed answers, each with its condition."""

    answers: dict[str, tuple[str, dict]] = {}

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(value, words) for value, (words, _condition) in self.answers.items()]

    def queryset(self, request: HttpRequest, queryset):
        found = self.answers.get(self.value())
        return queryset.filter(**found[1]) if found else queryset


class FaultFilter(ChoiceFilter):
    title = _("faulty rows")
    parameter_name = "faulty"
    answers = {
        "yes": (_("with faulty rows"), {"rows_faulty__gt": 0}),
        "no": (_("without"), {"rows_faulty": 0}),
    }


@admin.register(ImportedList)
class ImportedListAdmin(ReadOnly, OfficeModelAdmin):
    """Lists that came in from Excel. They are uploaded, checked and registered on a page of their own."""

    list_display = [
        "file", "kind", "agency", "status", "rows_read", "rows_valid", "rows_faulty", "rows_corrected", "uploaded_at",
    ]  # fmt: skip
    list_filter = ["kind", "status", FaultFilter, "agency", "programme", JalaliMonthListFilter("uploaded_at")]
    code_fields = ("file__name",)
    fields = [
        "kind", "programme", "agency", "status", "rows_read", "rows_valid", "rows_faulty", "rows_corrected", "message",
        "uploaded_at", "uploaded_by", "registered_at", "file_sha256",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).select_related("file", "agency").defer("file__content", "findings")


@admin.register(Inquiry)
class InquiryAdmin(ReadOnly, OfficeModelAdmin):
    """Questions to other bodies. They are asked and answered on a page of their own."""

    list_display = ["applicant", "kind", "result", "asked_on", "asked_of", "answered_on", "valid_until"]
    list_select_related = ["application__applicant"]
    list_filter = [
        "kind", "result", "application__programme", JalaliMonthListFilter("asked_on"), JalaliMonthListFilter("valid_until"),
    ]  # fmt: skip
    folded_fields = ("application__applicant__search_text",)
    code_fields = ("asked_letter", "answer_letter", "application__tracking_code")
    fields = [
        "application", "kind", "asked_of", "asked_on", "asked_letter", "result", "answered_on", "answer_letter", "valid_until",
        "note", "recorded_at", "recorded_by",
    ]  # fmt: skip

    @admin.display(description=_("applicant"), ordering="application__applicant__sort_name")
    def applicant(self, inquiry: Inquiry) -> str:
        return str(inquiry.application.applicant)
