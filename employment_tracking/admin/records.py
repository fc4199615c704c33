from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from abarkuh_loans.acts import Act, WithActs
from abarkuh_loans.office_admin import OfficeModelAdmin
from accounts.models import ExecutiveAgency
from applicants.models import Application, BusinessLine
from employment_tracking import workflow
from employment_tracking.admin.flags import FlagCodeFilter
from employment_tracking.models import JobRecord, RecordReturn
from employment_tracking.pace import COUNTS, counted_as
from employment_tracking.rules import TRANSITIONS
from employment_tracking.views.summary import disputes_of, evidence_rows, findings_of
from iran.calendar import format_jalali_long, programme_today
from iran.filters import JalaliMonthListFilter
from quotas.models import Programme, Track

Status = JobRecord.Status


def _void(record_id: int, *, reason: str, by) -> None:
    workflow.void(record_id=record_id, reason=reason, by=by)


def _send_back(record_id: int, *, reason: str, by) -> None:
    workflow.send_back(record_id=record_id, cause=RecordReturn.Cause.OTHER, note=reason, by=by)


class CountedFilter(admin.SimpleListFilter):
    """What counts against the quota: all but void and duplicate records."""

    title = _("counted")
    parameter_name = "counted"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [
            ("yes", _("counted in the quota")),
            ("verified", _("of these, verified")),
            ("net", _("of these, net")),
            ("no", _("not counted")),
        ]

    def queryset(self, request: HttpRequest, queryset):
        if self.value() in ("yes", *COUNTS):
            name = "registered" if self.value() == "yes" else self.value()
            return counted_as(queryset, name, as_of=programme_today())
        return queryset.filter(status__in=queryset.NOT_COUNTED) if self.value() == "no" else queryset


POSSIBLE_HOURS = _("A week has between 1 and 100 hours of work")


class JobRecordForm(forms.ModelForm):
    """Says at the national ID who is counted already, before the database would."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if "hours_per_week" in self.fields:
            limits = (MinValueValidator(1, POSSIBLE_HOURS), MaxValueValidator(100, POSSIBLE_HOURS))
            self.fields["hours_per_week"].validators.extend(limits)

    def clean(self) -> dict:
        cleaned = super().clean()
        if self.instance.pk is None and cleaned.get("national_id") and cleaned.get("programme"):
            same = JobRecord.objects.counted().filter(
                programme=cleaned["programme"], national_id=cleaned["national_id"]
            )
            if found := same.select_related("agency").first():
                words = _("This national ID is counted this year: %(name)s, %(agency)s, %(day)s")
                values = {"name": found, "agency": found.agency, "day": format_jalali_long(found.registered_on)}
                self.add_error("national_id", ValidationError(words % values, code="nid_exists"))
        return cleaned


@admin.register(JobRecord)
class JobRecordAdmin(WithActs, OfficeModelAdmin):
    """The monitoring system as the office sees it: registering one job, finding records, striking one out."""

    form = JobRecordForm
    own_acts = (
        Act(
            name="send-back",
            label=_("Send back"),
            question=_("What shall the agency correct? It reads what you write."),
            permission="employment_tracking.change_jobrecord",
            states=frozenset(set(TRANSITIONS) - {Status.VOID, Status.DUPLICATE}),
            run=_send_back,
            needs_reason=True,
        ),
        Act(
            name="void",
            label=_("Strike out"),
            question=_("Why is this record struck out? It stays, and is not counted."),
            permission="employment_tracking.change_jobrecord",
            states=frozenset(state for state, arrows in TRANSITIONS.items() if Status.VOID in arrows),
            run=_void,
            needs_reason=True,
            danger=True,
        ),
    )
    change_form_template = "employment_tracking/job_record.html"
    list_display = [
        "name",
        "status",
        "national_id",
        "agency",
        "job_title",
        "starts_on",
        "kind",
        "funding",
        "registered_on",
    ]
    list_select_related = ["agency"]
    list_filter = [
        CountedFilter, FlagCodeFilter, "status", "agency", "kind", "funding", "insurance", "programme", JalaliMonthListFilter("registered_on"),
        JalaliMonthListFilter("starts_on"),
    ]  # fmt: skip
    folded_fields = ("search_text",)
    code_fields = ("monitoring_code", "application__tracking_code")
    search_help_text = _("name, national ID or mobile")
    identity = [
        "national_id", "first_name", "last_name", "mobile", "mobile_owner_relation", "phone_landline", "father_name", "birth_on",
        "gender",
    ]  # fmt: skip
    job = [
        "programme", "agency", "job_title", "line", "isic4", "starts_on", "kind", "hours_per_week", "insurance", "funding",
        "application", "supporter", "monitoring_code",
    ]  # fmt: skip
    place = [
        "address", "postal_code", "district", "city", "rural_district", "village", "latitude", "longitude",
    ]  # fmt: skip
    # whoever was counted stays who he is: a wrong record is struck out and registered anew
    fixed = ["national_id", "programme", "agency", "starts_on"]

    def get_fieldsets(self, request: HttpRequest, obj: JobRecord | None = None) -> list:
        return [
            (_("Identity"), {"fields": self.identity}),
            (_("Job"), {"fields": self.job}),
            (_("Place"), {"fields": self.place}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: JobRecord | None = None) -> list[str]:
        return self.fixed if obj else []

    def formfield_for_foreignkey(self, db_field, request: HttpRequest, **kwargs):
        programmes = Programme.objects.all()
        narrowed = {
            "agency": lambda: ExecutiveAgency.objects.filter(county__in=programmes.values("county")),
            "line": lambda: BusinessLine.objects.filter(programme__in=programmes.values("pk")),
            "application": lambda: Application.objects.filter(status=Application.Status.PAID).select_related(
                "applicant"
            ),
            "supporter": lambda: Application.objects.live().filter(track=Track.SUPPORTER).select_related("applicant"),
        }
        if db_field.name in narrowed:
            kwargs["queryset"] = narrowed[db_field.name]()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        return {"programme": Programme.objects.first(), **super().get_changeform_initial_data(request)}

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).select_related("programme__county", "agency")

    def save_model(self, request: HttpRequest, obj: JobRecord, form, change: bool) -> None:
        if not change:
            workflow.register(record=obj, by=request.user, today=programme_today())
        elif form.changed_data:
            changes = {name: form.cleaned_data[name] for name in form.changed_data}
            workflow.amend(record_id=obj.pk, changes=changes, by=request.user)

    def render_change_form(self, request: HttpRequest, context: dict, *args, **kwargs):
        if context.get("original") is not None:
            record = context["original"]
            context["buttons"] = self.buttons(request, record)
            context |= {
                "flags": findings_of(record),
                "evidence": evidence_rows(record),
                "disputes": disputes_of(record),
            }
            context["waiting"] = record.returns.waiting().first()
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("name"), ordering="sort_name")
    def name(self, record: JobRecord) -> str:
        return record.full_name
