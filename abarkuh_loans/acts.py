"""Acts of the office on records: a button or a choice over a list, one page to look again, one call of a workflow."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from abarkuh_loans.errors import RuleError
from iran.text import to_persian_digits

MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Act:
    """One transition. ``run(id, reason=…, by=…)`` calls the workflow; ``states`` are those it can start from."""

    name: str
    label: str
    question: str
    permission: str
    states: frozenset[str]
    run: Callable[..., Any]
    needs_reason: bool = False
    danger: bool = False

    def fits(self, record: Model) -> bool:
        return record.status in self.states


_added: dict[str, list[Act]] = {}


def add_act(model_label: str, act: Act) -> None:
    """A higher floor adds an act of its own to the records of a lower one."""
    _added.setdefault(model_label, []).append(act)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason; whoever it concerns may read it.")},
    )


class WithActs:
    """Mixin of a ``ModelAdmin`` whose records have a ``status`` and acts."""

    own_acts: tuple[Act, ...] = ()

    def acts(self, request: HttpRequest) -> list[Act]:
        every = [*self.own_acts, *_added.get(self.opts.label_lower, [])]
        return [act for act in every if request.user.has_perm(act.permission)]

    def buttons(self, request: HttpRequest, record: Model) -> list[dict]:
        """What may be done with a record now, for the head of its page."""
        return [
            {"label": act.label, "url": self.act_url(act, [record.pk]), "danger": act.danger}
            for act in self.acts(request)
            if act.fits(record)
        ]

    def act_url(self, act: Act, keys: list) -> str:
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_act", args=[act.name])
        return f"{address}?{urlencode({'id': keys}, doseq=True)}"

    def get_urls(self) -> list:
        name = f"{self.opts.app_label}_{self.opts.model_name}_act"
        return [path("act/<slug:name>/", self.admin_site.admin_view(self.act_view), name=name), *super().get_urls()]

    def get_actions(self, request: HttpRequest) -> dict:
        actions = super().get_actions(request)
        for act in self.acts(request):
            actions[act.name] = (self._chooser(act), act.name, act.label)
        return actions

    def _chooser(self, act: Act) -> Callable:
        def choose(model_admin: Any, request: HttpRequest, queryset: Any) -> HttpResponse | None:
            keys = list(queryset.order_by().values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
            if len(keys) > MOST_AT_ONCE:
                words = _("At most %(most)s at once; narrow the list down.")
                messages.error(request, words % {"most": to_persian_digits(str(MOST_AT_ONCE))})
                return None
            return redirect(self.act_url(act, keys))

        return choose

    def act_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """Look again and, where the act needs one, write the reason; then do it name by name."""
        act = next((found for found in self.acts(request) if found.name == name), None)
        if act is None:
            raise PermissionDenied
        records = self._chosen(request)
        able = [record for record in records if act.fits(record)]
        form = ReasonForm(request.POST or None) if act.needs_reason else None
        if request.method == "POST" and able and (form is None or form.is_valid()):
            return self._carry_out(request, act, able, reason=form.cleaned_data["reason"] if form else "")
        context = {
            **self.admin_site.each_context(request),
            "title": act.question,
            "opts": self.opts,
            "act": act,
            "able": able,
            "unable": [record for record in records if not act.fits(record)],
            "form": form,
        }
        status = 422 if request.method == "POST" else 200
        return TemplateResponse(request, "admin/act.html", context, status=status)

    def _chosen(self, request: HttpRequest) -> list[Model]:
        typed = (request.POST if request.method == "POST" else request.GET).getlist("id")
        keys = [int(key) for key in typed if key.isdecimal()][:MOST_AT_ONCE]
        records = list(self.get_queryset(request).filter(pk__in=keys).select_related(*(self.list_select_related or ())))
        if not records:
            raise Http404
        return records

    def _carry_out(self, request: HttpRequest, act: Act, records: list[Model], *, reason: str) -> HttpResponse:
        done = 0
        for record in records:
            try:
                act.run(record.pk, reason=reason, by=request.user)
            except RuleError as refusal:
                messages.error(request, str(refusal))
            else:
                done += 1
        if done:
            words = ngettext("%(act)s: %(count)s record.", "%(act)s: %(count)s records.", done)
            messages.success(request, words % {"act": act.label, "count": to_persian_digits(str(done))})
        if len(records) == 1:
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", records[0].pk)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
