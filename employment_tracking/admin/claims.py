from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from abarkuh_loans.acts import Act, WithActs
from abarkuh_loans.desk import ReadOnly
from abarkuh_loans.office_admin import OfficeModelAdmin
from employment_tracking.models import ClaimDispute, JobRecord
from employment_tracking.workflow import claims
from iran.calendar import programme_now
from iran.filters import JalaliMonthListFilter

_UNDECIDED = frozenset({ClaimDispute.Status.OPEN})


def _give(dispute_id: int, *, reason: str, by) -> None:
    claims.give(dispute_id, reason=reason, by=by, now=programme_now())


@admin.register(ClaimDispute)
class ClaimDisputeAdmin(WithActs, ReadOnly, OfficeModelAdmin):
    """Two agencies and one person: both records side by side, and the office's decision with its reason."""

    own_acts = (
        Act(
            name="keep",
            label=_("Stays with the first agency"),
            question=_("Why does this person stay with the agency that was first? Both agencies read the reason."),
            permission="employment_tracking.decide_claim",
            states=_UNDECIDED,
            run=claims.keep,
            needs_reason=True,
        ),
        Act(
            name="give",
            label=_("Give to the claiming agency"),
            question=_("Why is this person given to the claiming agency? Both agencies read the reason."),
            permission="employment_tracking.decide_claim",
            states=_UNDECIDED,
            run=_give,
            needs_reason=True,
        ),
    )
    change_form_template = "employment_tracking/claim_dispute.html"
    list_display = ["claim", "status", "first_agency", "claiming_agency", "claimed_at", "decided_at"]
    list_select_related = ["claim__agency", "against__agency"]
    list_filter = ["status", JalaliMonthListFilter("claimed_at")]
    folded_fields = ("claim__search_text",)
    search_help_text = _("name, national ID or mobile")
    fields = [
        "first", "second", "reason", "claimed_at", "claimed_by", "status", "decision_reason", "decided_at", "decided_by",
    ]  # fmt: skip
    readonly_fields = ["first", "second"]

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).select_related("claim__agency", "against__agency")

    def render_change_form(self, request: HttpRequest, context: dict, *args, **kwargs):
        if context.get("original") is not None:
            context["buttons"] = self.buttons(request, context["original"])
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("first agency"))
    def first_agency(self, dispute: ClaimDispute) -> str:
        return dispute.against.agency.name

    @admin.display(description=_("claiming agency"))
    def claiming_agency(self, dispute: ClaimDispute) -> str:
        return dispute.claim.agency.name

    @admin.display(description=_("first record"))
    def first(self, dispute: ClaimDispute) -> str:
        return _page_of(dispute.against)

    @admin.display(description=_("claiming record"))
    def second(self, dispute: ClaimDispute) -> str:
        return _page_of(dispute.claim)


def _page_of(record: JobRecord) -> str:
    address = reverse("admin:employment_tracking_jobrecord_change", args=[record.pk])
    return format_html('<a href="{}">{}</a>، {}، {}', address, record, record.agency, record.get_status_display())
