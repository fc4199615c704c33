from django.contrib import admin, messages
from django.db.models import IntegerField, OuterRef, Subquery, Sum
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from abarkuh_loans.desk import ReadOnly
from abarkuh_loans.office_admin import OfficeModelAdmin, OfficeStackedInline, OfficeTabularInline
from abarkuh_loans.shown import shown
from accounts.models import ExecutiveAgency
from iran.calendar import programme_today
from iran.filters import JalaliMonthListFilter
from iran.money import rial
from quotas import workflow
from quotas.forms import CreditNoticeForm, YearRuleForm, pools_of
from quotas.models import (
    AgentBank,
    CreditMovement,
    CreditNotice,
    CreditNoticeShare,
    CreditPool,
    JobPlanMonth,
    JobQuota,
    JobQuotaNotice,
    LoanTerm,
    Programme,
    RankingCriterion,
    RequiredInquiry,
    YearRule,
)
from quotas.quota_forms import NoticeForm, NoticeFormSet, PlanFormSet, plan_beside_quota
from quotas.rules import even_plan, planned_to_date, share_field
from quotas.year_rules import Basis


class SourcedInline(OfficeTabularInline):
    """Rules with what they rest on; a mere proposal is marked, so that nobody takes it for a circular."""

    readonly_fields = ["standing"]

    @admin.display(description=_("standing"))
    def standing(self, rule) -> str:
        if rule.pk is None:
            return "—"
        colour = "orange" if rule.basis == Basis.PROPOSAL else "plain"
        return format_html('<span class="tag t-{}">{}</span>', colour, rule.get_basis_display())


class LoanTermInline(SourcedInline):
    model = LoanTerm
    fields = [
        "track", "ceiling_rial", "per_job_rial", "min_jobs", "max_jobs", "fee_percent", "repayment_months",
        "grace_months", "standing", "basis", "source",
    ]  # fmt: skip
    max_num = 2


class YearRuleInline(SourcedInline):
    model = YearRule
    form = YearRuleForm
    fields = ["key", "value", "standing", "basis", "source"]


class RequiredInquiryInline(SourcedInline):
    model = RequiredInquiry
    fields = ["track", "kind", "validity_days", "standing", "basis", "source"]
    can_remove = True


class AgentBankInline(SourcedInline):
    model = AgentBank
    fields = ["bank", "standing", "basis", "source"]
    can_remove = True


class RankingCriterionInline(SourcedInline):
    model = RankingCriterion
    fields = ["trait", "points", "most_points", "standing", "basis", "source"]
    can_remove = True


@admin.register(Programme)
class ProgrammeAdmin(OfficeModelAdmin):
    list_display = ["year", "county", "opens_on", "closes_on"]
    list_select_related = ["county"]
    inlines = [LoanTermInline, YearRuleInline, RequiredInquiryInline, AgentBankInline, RankingCriterionInline]

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).select_related("county")

    def get_readonly_fields(self, request: HttpRequest, obj: Programme | None = None) -> list[str]:
        return ["county", "year"] if obj else []


class JobQuotaNoticeInline(OfficeStackedInline):
    model = JobQuotaNotice
    form = NoticeForm
    formset = NoticeFormSet
    fields = [("jobs", "effective_on"), ("letter_number", "letter_on"), "dispute", "note"]


class JobPlanMonthInline(OfficeTabularInline):
    model = JobPlanMonth
    formset = PlanFormSet
    fields = ["month", "jobs"]
    can_remove = True
    max_num = 12


@admin.register(JobQuota)
class JobQuotaAdmin(OfficeModelAdmin):
    list_display = ["agency", "programme", "owed_now", "planned_now", "objection_now"]
    list_select_related = ["agency", "programme__county"]
    list_filter = ["programme"]
    code_fields = ("agency__name",)
    inlines = [JobQuotaNoticeInline, JobPlanMonthInline]

    def get_queryset(self, request: HttpRequest):
        notices = JobQuotaNotice.objects.filter(quota=OuterRef("pk"), effective_on__lte=programme_today())
        in_force = notices.order_by("-effective_on", "-pk")
        quotas = super().get_queryset(request).prefetch_related("plan_months")
        return quotas.annotate(
            jobs_in_force=Subquery(in_force.values("jobs")[:1], output_field=IntegerField()),
            dispute=Subquery(in_force.values("dispute")[:1]),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: JobQuota | None = None) -> list[str]:
        return ["programme", "agency"] if obj else []

    @admin.display(description=_("jobs owed in the year"), ordering="jobs_in_force")
    def owed_now(self, quota: JobQuota) -> str:
        return shown(quota.jobs_in_force)

    @admin.display(description=_("planned to date"))
    def planned_now(self, quota: JobQuota) -> str:
        months = {month.month: month.jobs for month in quota.plan_months.all()}
        plan = months or even_plan(quota.jobs_in_force or 0)
        return shown(planned_to_date(plan, year=quota.programme.year, today=programme_today()))

    @admin.display(description=_("objection"), ordering="dispute")
    def objection_now(self, quota: JobQuota) -> str:
        if quota.dispute in (None, JobQuotaNotice.Dispute.NONE):
            return "—"
        colour = "orange" if quota.dispute == JobQuotaNotice.Dispute.OBJECTED else "plain"
        return format_html('<span class="tag t-{}">{}</span>', colour, JobQuotaNotice.Dispute(quota.dispute).label)

    def formfield_for_foreignkey(self, db_field, request: HttpRequest, **kwargs):
        if db_field.name == "agency":
            agencies = ExecutiveAgency.objects.filter(county__in=Programme.objects.values("county"))
            kwargs["queryset"] = agencies
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_related(self, request: HttpRequest, form, formsets, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if words := plan_beside_quota(form.instance):
            messages.warning(request, words)


class CreditNoticeShareInline(ReadOnly, OfficeTabularInline):
    model = CreditNoticeShare
    fields = readonly_fields = ["pool", "change_rial"]


@admin.register(CreditNotice)
class CreditNoticeAdmin(OfficeModelAdmin):
    """Letters that give or take credit. Recorded once and never edited: a mistake needs a correcting letter."""

    list_display = ["letter_number", "dated_on", "total", "programme", "recorded_by", "recorded_at"]
    list_select_related = ["programme__county", "recorded_by"]
    list_filter = ["programme", JalaliMonthListFilter("dated_on")]
    code_fields = ("letter_number",)
    folded_fields = ()

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).annotate(total_rial=Sum("shares__change_rial"))

    @admin.display(description=_("change (rial)"), ordering="total_rial")
    def total(self, notice: CreditNotice) -> str:
        return shown(notice.total_rial)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("quotas.record_notice")

    def has_change_permission(self, request: HttpRequest, obj: CreditNotice | None = None) -> bool:
        return False

    def get_inlines(self, request: HttpRequest, obj: CreditNotice | None) -> list:
        return [CreditNoticeShareInline] if obj else []

    def get_form(self, request: HttpRequest, obj=None, change=False, **kwargs):
        if obj is not None:
            return super().get_form(request, obj, change, **kwargs)
        return super().get_form(
            request, obj, change, **{**kwargs, "form": CreditNoticeForm, "fields": CreditNoticeForm.Meta.fields}
        )

    def get_fieldsets(self, request: HttpRequest, obj: CreditNotice | None = None) -> list:
        letter = ["programme", "letter_number", "dated_on", "note"]
        if obj is not None:
            return [(None, {"fields": [*letter, "recorded_by", "recorded_at"]})]
        programme = self._programme(request)
        shares = [share_field(bank_id) for bank_id, _title in pools_of(programme)]
        words = _("Rial for each pool; with a minus sign where the letter takes credit back. Leave the others empty.")
        return [(None, {"fields": letter}), (_("shares of a notice"), {"fields": shares, "description": words})]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        return {"programme": self._programme(request), **super().get_changeform_initial_data(request)}

    def _programme(self, request: HttpRequest) -> Programme | None:
        chosen = request.POST.get("programme") or request.GET.get("programme") or ""
        programmes = Programme.objects.all()
        return (programmes.filter(pk=int(chosen)) if chosen.isdecimal() else programmes).first()

    def save_form(self, request: HttpRequest, form: CreditNoticeForm, change: bool) -> CreditNotice:
        letter = {name: form.cleaned_data[name] for name in ("letter_number", "dated_on", "note")}
        programme_id = form.cleaned_data["programme"].pk
        return workflow.record_notice(programme_id=programme_id, shares=form.shares(), by=request.user, **letter)

    def save_model(self, request: HttpRequest, obj: CreditNotice, form: CreditNoticeForm, change: bool) -> None:
        """Recorded already, by the workflow, with its shares and movements."""

    def save_related(self, request: HttpRequest, form: CreditNoticeForm, formsets, change: bool) -> None:
        """As above."""


@admin.register(CreditPool)
class CreditPoolAdmin(ReadOnly, OfficeModelAdmin):
    """What is left where. The figures follow from the movements and are never typed."""

    list_display = [
        "pool", "programme", "announced_rial", "approved_rial", "referred_rial", "paid_rial", "left",
    ]  # fmt: skip
    list_select_related = ["bank", "programme__county"]
    list_filter = ["programme"]
    fields = [
        "programme", "bank", "announced_rial", "approved_rial", "referred_rial", "paid_rial", "left", "sequence", "head",
    ]  # fmt: skip
    readonly_fields = ["left"]

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).with_left()

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None):
        pools = self.get_queryset(request)
        chosen = request.GET.get("programme__id__exact", "")
        pools = pools.filter(programme=int(chosen)) if chosen.isdecimal() else pools
        sums = pools.aggregate(
            announced=Sum("announced_rial", default=0),
            approved=Sum("approved_rial", default=0),
            referred=Sum("referred_rial", default=0),
            paid=Sum("paid_rial", default=0),
            left_over=Sum("left", default=0),
        )
        note = _(
            "Announced %(announced)s: approved %(approved)s, referred %(referred)s, paid %(paid)s, left %(left_over)s"
        )
        return super().changelist_view(
            request,
            {"list_note": note % {name: rial(int(value)) for name, value in sums.items()}, **(extra_context or {})},
        )

    @admin.display(description=_("pool"), ordering="bank__name")
    def pool(self, pool: CreditPool) -> str:
        return str(pool)

    @admin.display(description=_("left (rial)"), ordering="left")
    def left(self, pool: CreditPool) -> str:
        return shown(pool.left_rial)


@admin.register(CreditMovement)
class CreditMovementAdmin(ReadOnly, OfficeModelAdmin):
    """The ledger, newest first."""

    list_display = ["moved_at", "pool", "sequence", "kind", "amount_rial", "reason", "moved_by"]
    list_select_related = ["pool__bank", "moved_by"]
    list_filter = ["kind", "pool__programme", JalaliMonthListFilter("moved_at")]
    code_fields = ("reason",)
    fields = ["moved_at", "pool", "sequence", "kind", "amount_rial", "notice", "reason", "moved_by", "head"]
