from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from abarkuh_loans.acts import Act, add_act
from abarkuh_loans.desk import ReadOnly, add_list_filter
from abarkuh_loans.office_admin import OfficeModelAdmin
from abarkuh_loans.shown import shown
from applicants.models import Application
from iran.filters import JalaliMonthListFilter
from quotas.models import Programme
from working_group import workflow
from working_group.models import Meeting, Member
from working_group.reserve import waiting_for_credit


def _meet_condition(application_id: int, *, reason: str, by) -> None:
    workflow.meet_condition(application_id=application_id, reason=reason, by=by)


add_act(
    "applicants.application",
    Act(
        name="condition",
        label=_("The condition is met"),
        question=_("How was the condition met?"),
        permission="applicants.assess_application",
        states=frozenset({Application.Status.CONDITIONAL}),
        run=_meet_condition,
        needs_reason=True,
    ),
)


class WaitingForCreditFilter(admin.SimpleListFilter):
    """Names that move up when credit is freed."""

    title = _("reserve")
    parameter_name = "reserve"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("waiting", _("waiting for credit"))]

    def queryset(self, request: HttpRequest, queryset):
        if self.value() != "waiting":
            return queryset
        keys = [name.pk for programme in Programme.objects.all() for name in waiting_for_credit(programme.pk)]
        return queryset.filter(pk__in=keys)


add_list_filter("applicants.application", WaitingForCreditFilter)


@admin.register(Member)
class MemberAdmin(OfficeModelAdmin):
    list_display = ["name", "position", "body", "seat", "votes", "is_active"]
    list_filter = ["seat", "votes", "is_active"]
    code_fields = ("name", "position", "body")
    fields = ["county", "name", "position", "body", "seat", "votes", "is_active"]


@admin.register(Meeting)
class MeetingAdmin(ReadOnly, OfficeModelAdmin):
    """Meetings and their minutes. They are prepared, held and signed on pages of their own."""

    list_display = ["number", "held_on", "place", "status", "names", "programme", "signed_at"]
    list_select_related = ["programme__county"]
    list_filter = ["status", "programme", JalaliMonthListFilter("held_on")]
    code_fields = ("place",)
    fields = [
        "programme", "number", "held_on", "place", "agenda", "discussion", "status", "names", "opened_at", "signed_at",
        "signed_by", "content_hash",
    ]  # fmt: skip
    readonly_fields = ["names"]

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).annotate(name_count=Count("items")).defer("minutes")

    @admin.display(description=_("names on the agenda"))
    def names(self, meeting: Meeting) -> str:
        return shown(meeting.name_count)
