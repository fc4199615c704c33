"""The office's pages of messages: what went out, what came in, the texts, the rules of sending and its pauses."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from abarkuh_loans.acts import Act, WithActs
from abarkuh_loans.desk import ReadOnly
from abarkuh_loans.office_admin import OfficeModelAdmin
from abarkuh_loans.shown import shown
from accounts.models import County
from iran.filters import JalaliMonthListFilter
from messaging import texts
from messaging.alarm import pause_context
from messaging.forms import SendingRulesForm, TextForm
from messaging.gateways.codes import FAILURES, PAUSE_REASONS, meaning_of_message
from messaging.length import measure
from messaging.models import (
    DeliveryReport,
    InboundMessage,
    MessageTemplate,
    OptOut,
    OutboundMessage,
    SendingPause,
    SendingRules,
)
from messaging.workflow import inbound, pauses, wording

Outbound, Inbound = OutboundMessage.Status, InboundMessage.Status
SHORT = 60


def short(text: str) -> str:
    line = " ".join(text.split())
    return shown(line if len(line) <= SHORT else line[: SHORT - 1] + "…")


class UnderAlarm:
    """Lists with the alarm over them while sending is paused."""

    change_list_template = "messaging/change_list.html"

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return super().changelist_view(request, {**pause_context(request), **(extra_context or {})})


class PurposeFilter(admin.SimpleListFilter):
    """The purposes that there are, by the label of their text where one is declared."""

    title = _("purpose")
    parameter_name = "purpose"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(text.code, text.label) for text in texts.all_declared()]

    def queryset(self, request: HttpRequest, queryset):
        return queryset.filter(purpose=self.value()) if self.value() else queryset


@admin.register(OutboundMessage)
class OutboundMessageAdmin(UnderAlarm, ReadOnly, OfficeModelAdmin):
    """What we write to people. Only workflows write messages; here one sees what became of each."""

    list_display = ["receptor", "status", "why", "purpose_words", "text_start", "due_at"]
    list_filter = ["status", PurposeFilter, "channel", "second_line", JalaliMonthListFilter("created_at")]
    code_fields = ("receptor", "key", "provider_id")
    search_help_text = _("mobile, key or the gateway's number")
    fields = [
        "county", "receptor", "channel", "purpose_words", "text", "status", "why", "due_at", "sent_at", "ended_at", "answer_until",
        "sender", "second_line", "attempts", "provider_id", "gateway_said", "cost_rial", "reports", "key", "created_at",
    ]  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: OutboundMessage | None = None) -> list[str]:
        return self.fields

    @admin.display(description=_("purpose"), ordering="purpose")
    def purpose_words(self, message: OutboundMessage) -> str:
        known = {text.code: text.label for text in texts.all_declared()}
        return str(known.get(message.purpose, message.purpose))

    @admin.display(description=_("text"))
    def text_start(self, message: OutboundMessage) -> str:
        return short(message.text)

    @admin.display(description=_("why it did not arrive"))
    def why(self, message: OutboundMessage) -> str:
        return str(FAILURES.get(message.failure, message.failure)) or "—"

    @admin.display(description=_("gateway's last word"))
    def gateway_said(self, message: OutboundMessage) -> str:
        return "—" if message.provider_status is None else str(meaning_of_message(message.provider_status).label)

    @admin.display(description=_("delivery reports"))
    def reports(self, message: OutboundMessage) -> str:
        if message.provider_id is None:
            return "—"
        kept = DeliveryReport.objects.filter(provider_id=message.provider_id, channel=message.channel)
        lines = [
            f"{shown(r.received_at)}: {meaning_of_message(r.provider_status).label}" for r in kept.order_by("pk")[:20]
        ]
        return " · ".join(lines) or "—"


def _close(inbound_id: int, *, reason: str, by) -> None:
    inbound.close(inbound_id, decision=reason, by=by)


@admin.register(InboundMessage)
class InboundMessageAdmin(UnderAlarm, WithActs, ReadOnly, OfficeModelAdmin):
    """What people write to us, and the queue of what a person must look at."""

    own_acts = (
        Act(
            name="close",
            label=_("Seen and decided"),
            question=_("What did you decide about this message?"),
            permission="messaging.change_inboundmessage",
            states=frozenset({Inbound.FOR_A_PERSON}),
            run=_close,
            needs_reason=True,
        ),
    )
    change_form_template = "messaging/inbound_message.html"
    list_display = ["sender", "status", "meaning", "text_start", "note", "received_at"]
    list_filter = ["status", "meaning", "line", JalaliMonthListFilter("received_at")]
    list_select_related = ["question"]
    code_fields = ("sender", "provider_id")
    search_help_text = _("the sender's number")
    fields = [
        "sender", "line", "text", "received_at", "meaning", "status", "note", "question", "handled_at", "decision", "seen_at",
        "seen_by", "county", "provider_id",
    ]  # fmt: skip

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        waiting = InboundMessage.objects.filter(status=Inbound.FOR_A_PERSON).count()
        here, chosen = request.path, request.GET.get("status__exact", "")
        chips = [
            {"label": _("wait for you"), "url": f"{here}?status__exact=for_a_person", "count": waiting},
            {"label": _("all messages"), "url": here, "count": None},
        ]
        for chip, value in zip(chips, (Inbound.FOR_A_PERSON, ""), strict=True):
            chip["current"] = chosen == value
        return super().changelist_view(request, {"chips": chips, **(extra_context or {})})

    def render_change_form(self, request: HttpRequest, context: dict, *args, **kwargs) -> HttpResponse:
        if context.get("original") is not None:
            context["buttons"] = self.buttons(request, context["original"])
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("text"))
    def text_start(self, message: InboundMessage) -> str:
        return short(message.text)


@admin.register(MessageTemplate)
class MessageTemplateAdmin(ReadOnly, OfficeModelAdmin):
    """Every text that the programme sends, the office's own or as it came, each with a page to write it anew."""

    def get_urls(self) -> list:
        one = "text/<int:county_id>/<slug:code>/"
        view = self.admin_site.admin_view
        return [
            path(one, view(self.text_view), name="messaging_messagetemplate_text"),
            path(f"{one}count/", view(self.count_view), name="messaging_messagetemplate_count"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        own = {(row.county_id, row.code): row for row in MessageTemplate.objects.all()}
        counties = self._counties(request)
        rows = [
            self._row(county, declared, own.get((county.pk, declared.code)))
            for county in counties
            for declared in texts.all_declared()
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Message texts"),
            "opts": self.opts,
            "rows": rows,
            "several_counties": len(counties) > 1,
        }
        return TemplateResponse(request, "messaging/texts.html", context)

    def _counties(self, request: HttpRequest) -> list[County]:
        return list(County.objects.filter(pk__in=request.user.scope.counties).order_by("pk"))

    def _row(self, county: County, declared: texts.Declared, own: MessageTemplate | None) -> dict:
        text = own.text if own else declared.text
        return {
            "county": county,
            "label": declared.label,
            "text": text,
            "length": measure(texts.filled_with_samples(declared, text)),
            "is_own": own is not None,
            "url": reverse("admin:messaging_messagetemplate_text", args=[county.pk, declared.code]),
        }

    def change_view(self, request: HttpRequest, object_id: str, form_url="", extra_context=None) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        return redirect("admin:messaging_messagetemplate_text", row.county_id, row.code)

    def text_view(self, request: HttpRequest, county_id: int, code: str) -> HttpResponse:
        county, declared, text = self._found(request, county_id, code)
        if request.method != "POST":
            return self._page(request, county, declared, TextForm(declared=declared, initial={"text": text}), text)
        if not request.user.has_perm("messaging.change_messagetemplate"):
            raise PermissionDenied
        form = TextForm(request.POST, declared=declared)
        if not form.is_valid():
            return self._page(request, county, declared, form, request.POST.get("text", ""), status=422)
        wording.change(county_id=county.pk, code=code, text=form.cleaned_data["text"], by=request.user)
        messages.success(request, _("From now on messages of this kind have this text."))
        return redirect("admin:messaging_messagetemplate_changelist")

    @method_decorator(require_POST)
    def count_view(self, request: HttpRequest, county_id: int, code: str) -> HttpResponse:
        """Count what is typed, for a browser without scripts. Nothing is saved."""
        county, declared, _text = self._found(request, county_id, code)
        form = TextForm(request.POST, declared=declared)
        return self._page(
            request, county, declared, form, request.POST.get("text", ""), status=200 if form.is_valid() else 422
        )

    def _found(self, request: HttpRequest, county_id: int, code: str) -> tuple[County, texts.Declared, str]:
        if not self.has_view_permission(request):
            raise PermissionDenied
        county = next((county for county in self._counties(request) if county.pk == county_id), None)
        declared = next((declared for declared in texts.all_declared() if declared.code == code), None)
        if county is None or declared is None:
            raise Http404
        own = MessageTemplate.objects.filter(county=county, code=code).first()
        return county, declared, own.text if own else declared.text

    def _page(self, request, county, declared, form, text: str, *, status: int = 200) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": declared.label,
            "opts": self.opts,
            "county": county,
            "declared": declared,
            "form": form,
            "length": measure(texts.filled_with_samples(declared, text.replace("\r\n", "\n"))),
            "may_change": request.user.has_perm("messaging.change_messagetemplate"),
            "text": text,
            "count_url": reverse("admin:messaging_messagetemplate_count", args=[county.pk, declared.code]),
        }
        return TemplateResponse(request, "messaging/text.html", context, status=status)


@admin.register(SendingRules)
class SendingRulesAdmin(OfficeModelAdmin):
    """When and how much a county sends."""

    form = SendingRulesForm
    list_display = ["county", "quiet_from", "quiet_until", "daily_per_person", "daily_total", "published_number"]
    fields = ["county", "quiet_from", "quiet_until", "daily_per_person", "daily_total", "published_number"]

    def get_readonly_fields(self, request: HttpRequest, obj: SendingRules | None = None) -> list[str]:
        return ["county"] if obj else []

    def formfield_for_foreignkey(self, db_field, request: HttpRequest, **kwargs):
        if db_field.name == "county":
            without = ~Q(pk__in=SendingRules.objects.values("county"))
            kwargs["queryset"] = County.objects.filter(without, pk__in=request.user.scope.counties)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(SendingPause)
class SendingPauseAdmin(UnderAlarm, ReadOnly, OfficeModelAdmin):
    """When nothing was sent, and why; with the button that ends a pause or begins one."""

    change_list_template = "messaging/pauses.html"
    list_display = ["began_at", "reason_in_short", "ended_at", "ended_by", "detail"]
    list_select_related = ["ended_by"]
    fields = ["reason_words", "detail", "began_at", "try_again_at", "ended_at", "ended_by"]

    def get_urls(self) -> list:
        view = self.admin_site.admin_view
        return [
            path("resume/", view(self.resume_view), name="messaging_sendingpause_resume"),
            path("stop/", view(self.stop_view), name="messaging_sendingpause_stop"),
            *super().get_urls(),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: SendingPause | None = None) -> list[str]:
        return self.fields

    @admin.display(description=_("reason"), ordering="reason")
    def reason_words(self, pause: SendingPause) -> str:
        return str(PAUSE_REASONS.get(pause.reason, pause.reason))

    @admin.display(description=_("reason"), ordering="reason")
    def reason_in_short(self, pause: SendingPause) -> str:
        """What is wrong; what to do about it stands in the alarm and on the page of the pause."""
        return self.reason_words(pause).partition(". ")[0].rstrip(".")

    @method_decorator(require_POST)
    def resume_view(self, request: HttpRequest) -> HttpResponse:
        self._check(request)
        if pauses.resume(by=request.user):
            messages.success(request, _("Sending goes on. Messages that waited go out now."))
        else:
            messages.info(request, _("Sending was not paused any more."))
        return redirect("admin:messaging_sendingpause_changelist")

    @method_decorator(require_POST)
    def stop_view(self, request: HttpRequest) -> HttpResponse:
        self._check(request)
        pauses.stop_by_hand(detail=str(request.user))
        messages.success(request, _("Sending is stopped. Messages are kept until somebody resumes it."))
        return redirect("admin:messaging_sendingpause_changelist")

    def _check(self, request: HttpRequest) -> None:
        if not request.user.has_perm("messaging.change_sendingpause"):
            raise PermissionDenied


@admin.register(OptOut)
class OptOutAdmin(ReadOnly, OfficeModelAdmin):
    """People who asked for no more messages. A verification goes on by phone."""

    list_display = ["mobile", "asked_at", "inbound"]
    list_select_related = ["inbound"]
    code_fields = ("mobile",)
    search_help_text = _("mobile")
    fields = ["mobile", "asked_at", "inbound"]
