"""The bank officer's lists: waiting, ready for payment, paid, ended; their Excel file; confirming many at once."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from background.models import RequestKey
from banks import batches, desk
from banks.forms import new_key
from banks.models import Referral
from banks.sending import once_each
from banks.views.files import excel
from iran.calendar import programme_today
from iran.text import to_persian_digits

PAGE_ROWS = 25
answers = permission_required("banks.answer_referral", raise_exception=True)


def _rows(request: HttpRequest, tab: str):
    chosen, text = request.GET.get("filter", ""), request.GET.get("q", "")
    return desk.listed(Referral.objects.all(), tab=tab, chosen=chosen, text=text, today=programme_today())


def _list(request: HttpRequest, tab: str) -> HttpResponse:
    today = programme_today()
    numbers = desk.counts(Referral.objects.all(), tab=tab, today=today)
    rows = _rows(request, tab)
    total = rows.aggregate(rial=Sum("amount_rial"))["rial"] or 0
    page = Paginator(rows.for_desk(), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "tab": desk.TABS[tab],
        "tab_name": tab,
        "tabs": _tabs(tab, numbers),
        "chips": _chips(request, tab, numbers),
        "late": numbers["late_in_all"],
        "page_obj": page,
        "total_rial": total,
        "text": request.GET.get("q", ""),
        "chosen": request.GET.get("filter", ""),
        "today": today,
        "answered": sum(numbers[name] for name in ("payable", "paid", "ended")),
    }
    return render(request, "banks/desk_list.html", context)


def _tabs(tab: str, numbers: dict) -> list[dict]:
    return [
        {"label": one.title, "url": reverse(one.url_name), "current": name == tab, "count": numbers[name]}
        for name, one in desk.TABS.items()
    ]


def _chips(request: HttpRequest, tab: str, numbers: dict) -> list[dict]:
    here, chosen = reverse(desk.TABS[tab].url_name), request.GET.get("filter", "")
    if not desk.FILTERS[tab]:
        return []
    chips = [{"label": _("all"), "url": here, "count": numbers[tab], "current": chosen not in desk.FILTERS[tab]}]
    return chips + [
        {"label": label, "url": f"{here}?filter={name}", "count": numbers[f"filter_{name}"], "current": name == chosen}
        for name, (label, _condition) in desk.FILTERS[tab].items()
    ]


@require_GET
@answers
def inbox(request: HttpRequest) -> HttpResponse:
    return _list(request, "inbox")


@require_GET
@answers
def payable(request: HttpRequest) -> HttpResponse:
    return _list(request, "payable")


@require_GET
@answers
def paid(request: HttpRequest) -> HttpResponse:
    return _list(request, "paid")


@require_GET
@answers
def ended(request: HttpRequest) -> HttpResponse:
    return _list(request, "ended")


@require_GET
@answers
def export(request: HttpRequest, tab: str) -> HttpResponse:
    """Exactly the rows of the list that is open, all of its pages."""
    return excel(_rows(request, tab).for_desk(), name=str(desk.TABS[tab].title))


@require_POST
@answers
def confirm_check(request: HttpRequest) -> HttpResponse:
    """One more look at the chosen referrals and their sum."""
    chosen = _chosen(request)
    if not chosen:
        messages.error(request, _("Choose at least one referral"))
        return redirect("bank-inbox")
    context = {"referrals": chosen, "total_rial": sum(one.amount_rial for one in chosen), "key": new_key()}
    return render(request, "banks/confirm_many.html", context)


@require_POST
@answers
def confirm_many(request: HttpRequest) -> HttpResponse:
    chosen, key = _chosen(request), request.POST.get("key", "")[:64]
    if not chosen or not key:
        messages.error(request, _("Choose at least one referral"))
        return redirect("bank-inbox")
    once_each(
        user=request.user,
        key=key,
        endpoint="bank-confirm-many",
        content={"ids": sorted(one.pk for one in chosen)},
        act=lambda: batches.confirm(chosen, by=request.user).as_body(),
    )
    return redirect("bank-confirmed", key=key)


def _chosen(request: HttpRequest) -> list[Referral]:
    """The chosen rows that are the officer's own, a page at most; what is another bank's is not there at all."""
    ids = [int(pk) for pk in request.POST.getlist("ids") if pk.isascii() and pk.isdigit() and len(pk) < 19]
    return list(Referral.objects.filter(pk__in=ids[:PAGE_ROWS]).for_list().order_by("answer_due_on", "id"))


@require_GET
@answers
def confirmed(request: HttpRequest, key: str) -> HttpResponse:
    """What came of confirming many."""
    kept = get_object_or_404(RequestKey, user=request.user, key=key, endpoint="bank-confirm-many")
    done = Referral.objects.filter(pk__in=(kept.body or {}).get("done", [])).for_list()
    refused = [f"{row['name']}: {row['reason']}" for row in (kept.body or {}).get("refused", [])]
    context = {
        "at_work": kept.body is None,
        "referrals": done,
        "refused": refused,
        "title": _("%(count)s referrals confirmed") % {"count": to_persian_digits(str(len(done)))},
    }
    return render(request, "banks/confirmed_many.html", context)
