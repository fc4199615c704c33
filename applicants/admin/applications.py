from collections.abc import Iterator
from urllib.parse import quote

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from abarkuh_loans import spreadsheet
from abarkuh_loans.acts import WithActs
from abarkuh_loans.office_admin import OfficeModelAdmin, OfficeTabularInline
from abarkuh_loans.shown import shown
from applicants import exports, workflow
from applicants.acts import ACTS
from applicants.models import Application, Inquiry, SupportedWorker
from applicants.record import panel
from applicants.registration import RegistrationForm, ask_above_zero, narrow_choices
from applicants.rules import ASKED, CORRECTABLE
from applicants.stages import STAGES
from iran.calendar import format_jalali, programme_today
from iran.filters import JalaliMonthListFilter
from quotas.models import Programme, Track

CHIPS = ("registered", "returned", "eligible", "on_agenda", "approved", "conditional", "reserve", "referred", "paid")


class StageFilter(admin.SimpleListFilter):
    """How far applications have come: the steps of the funnel on the first page."""

    title = _("reached step")
    parameter_name = "stage"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(stage.name, stage.label) for stage in STAGES]

    def queryset(self, request: HttpRequest, queryset):
        found = next((stage for stage in STAGES if stage.name == self.value()), None)
        return queryset.identified().filter(status__in=found.states) if found else queryset


class SupportedWorkerInline(OfficeTabularInline):
    model = SupportedWorker
    fields = ["national_id", "first_name", "last_name", "mobile", "agreement_number", "agreed_on"]


@admin.register(Application)
class ApplicationAdmin(WithActs, OfficeModelAdmin):
    """Applications of the year: the office's main list, the record of each, and the form that registers one."""

    own_acts = ACTS
    change_form_template = "applicants/application_record.html"
    list_display = [
        "name",
        "status",
        "national_id",
        "agency",
        "track_words",
        "line_words",
        "promised_jobs",
        "requested_rial",
    ]
    list_select_related = ["applicant", "agency", "line"]
    list_filter = [
        StageFilter, "status", "track", "is_pioneer", "agency", "wished_bank", "programme", JalaliMonthListFilter("registered_at"),
    ]  # fmt: skip
    ordering = ["-id"]
    folded_fields = ("applicant__search_text",)
    code_fields = ("tracking_code", "licence_number", "referrals__letter_number")
    search_help_text = _("name, national ID, mobile, tracking code or letter number")
    summed_field = "requested_rial"
    asked = [
        "agency", "track", "is_pioneer", "pioneer_agreement", "line", "line_title", "promised_jobs", "requested_rial",
        "heads_household", "is_graduate", "is_earlier_registrant", "lives_underserved", "has_skill_certificate",
    ]  # fmt: skip
    later = ["wished_bank", "licence_number", "licence_expires_on"]
    add_fieldsets = [
        (_("Identity"), {"fields": ["national_id", "first_name", "last_name", "mobile"]}),
        (
            _("Request"),
            {
                "fields": [
                    "programme", "agency", "track", "is_pioneer", "line", "promised_jobs", "requested_rial", "amount_is_right",
                    "wished_bank",
                ]
            },
        ),
    ]  # fmt: skip

    def get_fieldsets(self, request: HttpRequest, obj: Application | None = None) -> list:
        if obj is None:
            return self.add_fieldsets
        return [(_("Request"), {"fields": self.asked}), (_("Bank and licence"), {"fields": self.later})]

    def get_readonly_fields(self, request: HttpRequest, obj: Application | None = None) -> list[str]:
        """What was assessed stands from then on; states, approved amounts and moments are never on the form."""
        return [] if obj is None or obj.status in CORRECTABLE else self.asked

    def get_inlines(self, request: HttpRequest, obj: Application | None) -> list:
        return [SupportedWorkerInline] if obj is not None and obj.track == Track.SUPPORTER else []

    def get_form(self, request: HttpRequest, obj: Application | None = None, change: bool = False, **kwargs):
        if obj is None:
            kwargs |= {"form": RegistrationForm, "fields": RegistrationForm.Meta.fields}
            return super().get_form(request, obj, change, **kwargs)
        form = super().get_form(request, obj, change=change, **kwargs)

        class CorrectionForm(form):
            def __init__(self, *args, **values):
                super().__init__(*args, **values)
                narrow_choices(self)
                ask_above_zero(self)

        return CorrectionForm

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        return {"programme": Programme.objects.first(), **super().get_changeform_initial_data(request)}

    def save_form(self, request: HttpRequest, form, change: bool) -> Application:
        if change:
            changes = {name: form.cleaned_data[name] for name in form.changed_data if name in ASKED | set(self.later)}
            if changes:
                workflow.correct(application_id=form.instance.pk, changes=changes, by=request.user)
            return form.instance
        return workflow.register(applicant=form.person(), application=form.instance, by=request.user)

    def save_model(self, request: HttpRequest, obj: Application, form, change: bool) -> None:
        """Written already, by the workflow."""

    def save_related(self, request: HttpRequest, form, formsets: list, change: bool) -> None:
        for formset in formsets:
            self.save_formset(request, form, formset, change)

    def save_formset(self, request: HttpRequest, form, formset, change: bool) -> None:
        for worker in formset.save(commit=False):
            worker.programme_id = form.instance.programme_id
            worker.save()

    def render_change_form(self, request: HttpRequest, context: dict, *args, **kwargs) -> HttpResponse:
        application = context.get("original")
        if application is not None:
            context["record"] = panel(application)
            context["buttons"] = self.buttons(request, application)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Application | None:
        found = super().get_object(request, object_id, from_field)
        if found is None:
            return None
        rows = self.get_queryset(request).select_related(
            "applicant", "agency", "line__restriction", "programme__county", "wished_bank"
        )
        return rows.prefetch_related(Prefetch("inquiries", queryset=Inquiry.objects.order_by("kind", "-asked_on"))).get(
            pk=found.pk
        )

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        export = reverse("admin:applicants_application_export")
        own = {"chips": list(self._chips(request)), "export_url": f"{export}?{request.GET.urlencode()}"}
        return super().changelist_view(request, {**own, **(extra_context or {})})

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.export_view)
        return [path("export/", view, name="applicants_application_export"), *super().get_urls()]

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """The list exactly as it is filtered, searched and ordered, without its pages."""
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        try:
            rows = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return redirect("admin:applicants_application_changelist")
        rows = rows.select_related("applicant", "agency", "line", "wished_bank").iterator(chunk_size=500)
        content = spreadsheet.workbook(str(_("Applications")), exports.columns(), map(exports.cells, rows))
        response = HttpResponse(content, content_type=spreadsheet.CONTENT_TYPE)
        name = quote(f"{_('Applications')}-{format_jalali(programme_today()).replace('/', '-')}.xlsx")
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
        return response

    def _chips(self, request: HttpRequest) -> Iterator[dict]:
        """Ready-made filters with their counts: one query over the index."""
        address = reverse("admin:applicants_application_changelist")
        rows = self.get_queryset(request).order_by().values_list("status").annotate(number=Count("pk"))
        counts, chosen = dict(rows), request.GET.get("status__exact")
        yield {"label": _("All"), "url": address, "count": sum(counts.values()), "current": not request.GET}
        for status in CHIPS:
            if counts.get(status):
                url = f"{address}?status__exact={status}"
                yield {
                    "label": Application.Status(status).label,
                    "url": url,
                    "count": counts[status],
                    "current": status == chosen,
                }

    @admin.display(description=_("applicant"), ordering="applicant__sort_name")
    def name(self, application: Application) -> str:
        return application.applicant.full_name

    @admin.display(description=_("national ID"))
    def national_id(self, application: Application) -> str:
        return shown(application.applicant.identifier)

    @admin.display(description=_("kind of applicant"), ordering="track")
    def track_words(self, application: Application) -> str:
        return " ".join([application.get_track_display(), *([str(_("and pioneer"))] if application.is_pioneer else [])])

    @admin.display(description=_("business line"), ordering="line__title_key")
    def line_words(self, application: Application) -> str:
        return application.line_name or "—"
