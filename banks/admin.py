from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from abarkuh_loans.desk import ReadOnly, add_list_filter
from abarkuh_loans.office_admin import OfficeModelAdmin
from banks.models import Disbursement, Referral
from banks.readiness import readiness
from iran.calendar import programme_today
from iran.filters import JalaliMonthListFilter
from quotas.models import Programme


class ReadinessFilter(admin.SimpleListFilter):
    """Approved names that may go to a bank today, and those that something still holds back."""

    title = _("referral")
    parameter_name = "referable"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", _("ready for referral")), ("no", _("approved, not ready"))]

    def queryset(self, request: HttpRequest, queryset):
        if self.value() not in ("yes", "no"):
            return queryset
        today = programme_today()
        found = [place for programme in Programme.objects.all() for place in readiness(programme, today=today)]
        return queryset.filter(pk__in=[r.application.pk for r in found if r.is_ready == (self.value() == "yes")])


add_list_filter("applicants.application", ReadinessFilter)


class DeadlineFilter(admin.SimpleListFilter):
    title = _("bank's answer")
    parameter_name = "answer"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [
            ("waiting", _("waiting for the bank's answer")),
            ("overdue", _("past the deadline")),
            ("confirmed", _("confirmed, whether paid or not")),
        ]

    def queryset(self, request: HttpRequest, queryset):
        if self.value() == "waiting":
            return queryset.filter(status=Referral.Status.ISSUED)
        if self.value() == "overdue":
            return queryset.overdue(programme_today())
        return queryset.confirmed() if self.value() == "confirmed" else queryset


@admin.register(Referral)
class ReferralAdmin(ReadOnly, OfficeModelAdmin):
    """Referrals to banks. They are issued and answered on pages of their own."""

    list_display = [
        "letter_number",
        "applicant",
        "status",
        "branch",
        "amount_rial",
        "letter_on",
        "answer_due_on",
        "valid_until",
    ]
    list_select_related = ["application__applicant", "branch__bank"]
    list_filter = [
        DeadlineFilter, "status", "refusal_reason", "branch__bank", "application__programme", JalaliMonthListFilter("letter_on"),
    ]  # fmt: skip
    folded_fields = ("application__applicant__search_text",)
    code_fields = ("letter_number", "file_number", "application__tracking_code")
    search_help_text = _("name, national ID, mobile or letter number")
    summed_field = "amount_rial"
    fields = [
        "application", "branch", "letter_number", "letter_on", "amount_rial", "answer_due_on", "valid_until", "status",
        "payable_rial", "file_number", "refusal_reason", "passed_over_reason", "answered_at", "answered_by", "issued_at",
        "issued_by", "verification_code",
    ]  # fmt: skip

    @admin.display(description=_("applicant"), ordering="application__applicant__sort_name")
    def applicant(self, referral: Referral) -> str:
        return str(referral.application.applicant)


@admin.register(Disbursement)
class DisbursementAdmin(ReadOnly, OfficeModelAdmin):
    """Money that banks paid."""

    list_display = ["paid_on", "applicant", "bank", "amount_rial", "contract_number", "recorded_by", "reversed_at"]
    list_select_related = ["referral__application__applicant", "referral__branch__bank", "recorded_by"]
    list_filter = [
        ("reversed_at", admin.EmptyFieldListFilter), "referral__branch__bank", "referral__application__programme",
        JalaliMonthListFilter("paid_on"),
    ]  # fmt: skip
    folded_fields = ("referral__application__applicant__search_text",)
    code_fields = ("contract_number", "referral__letter_number")
    summed_field = "amount_rial"
    fields = [
        "referral",
        "amount_rial",
        "paid_on",
        "contract_number",
        "recorded_at",
        "recorded_by",
        "reversed_at",
        "reversed_by",
    ]

    @admin.display(description=_("applicant"), ordering="referral__application__applicant__sort_name")
    def applicant(self, payment: Disbursement) -> str:
        return str(payment.referral.application.applicant)

    @admin.display(description=_("bank"), ordering="referral__branch__bank__name")
    def bank(self, payment: Disbursement) -> str:
        return str(payment.referral.branch.bank)
