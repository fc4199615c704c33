"""The office's referrals: the list, one referral with its history, its letter, taking it back."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from abarkuh_loans.errors import RuleError
from accounts.models import Bank
from applicants.models import Application
from audit.history import steps
from audit.models import AuditEntry
from banks import letters, referral_list, workflow
from banks.forms import CancelForm
from banks.models import Referral
from banks.readiness import readiness
from banks.rules import CANCELLABLE, ENDED_UNPAID
from banks.views.files import excel, letters_pdf
from banks.views.timelines import referral_events
from banks.views.year import programme_of
from iran.calendar import programme_today
from iran.text import to_persian_digits
from working_group.reserve import waiting_for_credit

PAGE_ROWS = 50
reads = permission_required("banks.view_referral", raise_exception=True)
issues = permission_required("banks.issue_referral", raise_exception=True)


def _rows(request: HttpRequest):
    return referral_list.listed(
        Referral.objects.all(), request.GET, programme=programme_of(request), today=programme_today()
    )


@require_GET
@reads
def referrals(request: HttpRequest) -> HttpResponse:
    programme, today = programme_of(request), programme_today()
    rows = _rows(request)
    page = Paginator(rows.for_desk(), PAGE_ROWS).get_page(request.GET.get("page"))
    numbers = referral_list.counts(Referral.objects.all(), programme=programme, today=today)
    ready = (
        sum(one.is_ready for one in readiness(programme, today=today))
        if request.user.has_perm("banks.issue_referral")
        else 0
    )
    context = {
        "programme": programme,
        "page_obj": page,
        "total_rial": rows.aggregate(rial=Sum("amount_rial"))["rial"] or 0,
        "chips": _chips(request, numbers),
        "banks": Bank.objects.filter(agent_roles__programme=programme),
        "bank": request.GET.get("bank", ""),
        "text": request.GET.get("q", ""),
        "kept": {name: request.GET[name] for name in ("filter", "bank", "year") if request.GET.get(name)},
        "ready": ready,
        "today": today,
        "most_letters": letters.MOST_AT_ONCE,
    }
    return render(request, "banks/referrals.html", context)


def _chips(request: HttpRequest, numbers: dict) -> list[dict]:
    chosen = request.GET.get("filter", "")
    chips = [
        {
            "label": _("all"),
            "url": _with(request, ""),
            "count": numbers["all"],
            "current": chosen not in referral_list.FILTERS,
        }
    ]
    return chips + [
        {"label": label, "url": _with(request, name), "count": numbers[name], "current": name == chosen}
        for name, (label, _condition) in referral_list.FILTERS.items()
        if numbers[name] or name == chosen
    ]


def _with(request: HttpRequest, chosen: str) -> str:
    query = request.GET.copy()
    for name in ("page", "filter"):
        query.pop(name, None)
    if chosen:
        query["filter"] = chosen
    return f"{reverse('referral-list')}?{query.urlencode()}"


@require_GET
@reads
def referrals_export(request: HttpRequest) -> HttpResponse:
    """Exactly what is filtered, all pages."""
    return excel(_rows(request).for_desk(), name=_("Referrals"))


@require_GET
@reads
def referral(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _one(pk), CancelForm())


def _one(pk: int) -> Referral:
    return get_object_or_404(
        Referral.objects.for_desk().select_related("issued_by", "answered_by", "application__agency"), pk=pk
    )


def _show(request: HttpRequest, referral: Referral, form: CancelForm, status: int = 200) -> HttpResponse:
    may_cancel = request.user.has_perm("banks.issue_referral") and referral.status in CANCELLABLE
    context = {
        "referral": referral,
        "form": form if may_cancel else None,
        "events": referral_events(referral),
        "history": steps(AuditEntry.objects.of(referral)[:50]) if request.user.has_perm("audit.view_history") else [],
        "next_up": _next_up(referral),
        "payments": referral.disbursements.select_related("recorded_by"),
        "today": programme_today(),
    }
    return render(request, "banks/referral.html", context, status=status)


def _next_up(referral: Referral) -> Application | None:
    """Whom the freed credit of an ended referral is for: the first in line, who may be the same name again."""
    if referral.status not in ENDED_UNPAID:
        return None
    return waiting_for_credit(referral.application.programme_id).first()


@require_POST
@issues
def referral_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    referral, form = _one(pk), CancelForm(request.POST)
    if not form.is_valid():
        return _show(request, referral, form, 422)
    try:
        workflow.cancel(referral_id=pk, reason=form.cleaned_data["reason"], by=request.user)
    except RuleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The referral is taken back and its credit is free again."))
    return redirect("referral-detail", pk=pk)


@require_GET
def referral_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter itself: for the office, and for the bank that it goes to."""
    if not (request.user.has_perm("banks.view_referral") or request.user.has_perm("banks.view_own_referrals")):
        raise PermissionDenied
    rows = Referral.objects.filter(pk=pk)
    name = get_object_or_404(rows).letter_number.replace("/", "-")
    return letters_pdf(request, rows, name=_("letter %(number)s") % {"number": name})


@require_GET
@reads
def referral_letters(request: HttpRequest) -> HttpResponse:
    """The letters of the named referrals (``?id=…&id=…``), or of all live ones in the filtered list, in one file."""
    ids = [int(pk) for pk in request.GET.getlist("id") if pk.isascii() and pk.isdigit() and len(pk) < 19]
    rows = Referral.objects.filter(pk__in=ids) if ids else _rows(request).live()
    rows = rows.order_by("branch__bank__name", "branch_id", "letter_number", "id")
    count = rows.count()
    if not 0 < count <= letters.MOST_AT_ONCE:
        words = _("Between 1 and %(most)s letters can be printed at once; %(count)s are chosen.")
        most = to_persian_digits(str(letters.MOST_AT_ONCE))
        messages.error(request, words % {"most": most, "count": to_persian_digits(str(count))})
        return redirect("referral-list")
    return letters_pdf(request, rows, name=_("letters of referral"))
