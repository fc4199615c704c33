"""Issuing referrals: the ready names, one more look, the letters."""

from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from applicants.models import Application
from background.models import RequestKey
from banks import batches, issuing
from banks.forms import IssueForm
from banks.models import Referral
from banks.rules import LetterDayError, PassedOverError, check_letter_day, check_order
from banks.sending import once_each
from banks.views.referrals import issues
from banks.views.year import programme_of
from iran.calendar import format_jalali, programme_today
from iran.text import clean, to_persian_digits


@require_GET
@issues
def ready(request: HttpRequest) -> HttpResponse:
    """The ready names, all chosen beforehand, each with the branch of the bank that holds its credit."""
    return _ready_page(request, IssueForm(initial={"letter_on": programme_today()}))


def _ready_page(request: HttpRequest, form: IssueForm, *, status: int = 200, chosen: set | None = None) -> HttpResponse:
    programme, today = programme_of(request), programme_today()
    names = issuing.ready_names(programme, today=today)
    rows = [
        {
            "name": one,
            "chosen": chosen is None or str(one.application.pk) in chosen,
            "branch_id": _posted_branch(request, one),
            "number": request.POST.get(f"number-{one.application.pk}", ""),
        }
        for one in names[: issuing.MOST_AT_ONCE]
    ]
    context = {
        "programme": programme,
        "form": form,
        "rows": rows,
        "more": max(len(names) - issuing.MOST_AT_ONCE, 0),
        "branches": issuing.branches_of(programme),
        "total_rial": sum(one.amount_rial for one in names[: issuing.MOST_AT_ONCE]),
    }
    return render(request, "banks/ready.html", context, status=status)


def _posted_branch(request: HttpRequest, one: issuing.Ready) -> int | None:
    posted = request.POST.get(f"branch-{one.application.pk}", "")
    return int(posted) if posted.isascii() and posted.isdigit() and len(posted) < 19 else one.branch_id


@require_POST
@issues
def issue_check(request: HttpRequest) -> HttpResponse:
    """Who goes where, with sums per bank; the last look before letters are issued."""
    batch = _Batch(request)
    if not batch.is_complete():
        return _ready_page(request, batch.form, status=422, chosen=batch.chosen)
    return render(request, "banks/issue_check.html", batch.context())


@require_POST
@issues
def issue(request: HttpRequest) -> HttpResponse:
    """Issue the letters, name by name; who is refused is named with the reason."""
    batch = _Batch(request)
    batch.form.is_valid()
    key = batch.form.cleaned_data.get("key", "")
    if RequestKey.objects.filter(key=key, endpoint="referral-issue").exists():
        return redirect("referral-issued", key=key)
    if not batch.is_complete():
        return _ready_page(request, batch.form, status=422, chosen=batch.chosen)
    given = batch.form.cleaned_data
    once_each(
        user=request.user,
        key=key,
        endpoint="referral-issue",
        content={"orders": [str(order) for order in batch.orders], "letter_on": given["letter_on"]},
        act=batch.body,
    )
    return redirect("referral-issued", key=key)


class _Batch:
    """What was sent from the list of ready names, read against who is ready now."""

    def __init__(self, request: HttpRequest) -> None:
        self.request, self.form = request, IssueForm(request.POST)
        self.chosen = set(request.POST.getlist("ids"))
        names = issuing.ready_names(programme_of(request), today=programme_today())[: issuing.MOST_AT_ONCE]
        self.names = [one for one in names if str(one.application.pk) in self.chosen]
        self.passed_over = issuing.passed_over(names, self.chosen)
        self.branches = {branch.pk: branch for branch in issuing.branches_of(programme_of(request))}
        self.gone = self._gone()
        common = clean(request.POST.get("letter_number", ""))
        posted = {name: clean(value) for name, value in request.POST.items()}
        self.orders = issuing.orders(self.names, posted=posted, chosen=self.chosen, common_number=common)

    def _gone(self) -> list[Application]:
        """Chosen names that are ready no more: a colleague was first, or an inquiry has run out."""
        known = {str(one.application.pk) for one in self.names}
        ids = [int(pk) for pk in self.chosen - known if pk.isascii() and pk.isdigit() and len(pk) < 19]
        return list(Application.objects.filter(pk__in=ids[: issuing.MOST_AT_ONCE]).select_related("applicant"))

    def body(self) -> dict:
        """Issue; the names that are ready no more stand among the refused."""
        given = self.form.cleaned_data
        outcome = batches.issue(
            self.orders,
            letter_on=given["letter_on"],
            passed_over_reason=given["passed_over_reason"],
            by=self.request.user,
            today=programme_today(),
        )
        reason = _("not ready for referral any more")
        outcome.refused += [{"name": str(name.applicant), "code": "not_ready", "reason": reason} for name in self.gone]
        return outcome.as_body()

    def is_complete(self) -> bool:
        """Whether letters can be issued from this; what is missing is said at its field."""
        if not self.names and not self.gone:
            messages.error(self.request, _("Choose at least one name"))
            return False
        if not self.form.is_valid():
            return False
        if any(not order.letter_number or len(order.letter_number) > 50 for order in self.orders):
            self.form.add_error("letter_number", _("Enter the letter number, here or for every chosen name"))
        if any(order.branch_id not in self.branches for order in self.orders):
            self.form.add_error(None, _("Choose a branch for every chosen name"))
        self._check_day()
        self._check_order()
        return not self.form.errors

    def _check_day(self) -> None:
        """A letter of tomorrow, or one that has run out already, is refused here and not name by name."""
        validity = programme_of(self.request).rule("referral_validity_days")
        try:
            check_letter_day(self.form.cleaned_data["letter_on"], validity_days=validity, today=programme_today())
        except LetterDayError as error:
            self.form.add_error("letter_on", str(error))

    def _check_order(self) -> None:
        plain = next((one.application for one in self.names if not one.application.is_priority), None)
        if plain is None:
            return
        try:
            check_order(plain, ready_before=self.passed_over, reason=self.form.cleaned_data["passed_over_reason"])
        except PassedOverError as error:
            self.form.add_error("passed_over_reason", str(error))

    def context(self) -> dict:
        rows = [
            {"name": one, "order": order, "branch": self.branches[order.branch_id]}
            for one, order in zip(self.names, self.orders, strict=True)
        ]
        by_bank = sorted(rows, key=lambda row: str(row["branch"]))
        given = self.form.cleaned_data
        return {
            "groups": [
                _group(str(branch), list(group)) for branch, group in groupby(by_bank, key=lambda row: row["branch"])
            ],
            "rows": rows,
            "total_rial": sum(one.amount_rial for one in self.names),
            "given": given,
            "letter_on": format_jalali(given["letter_on"]),
            "passed_over": self.passed_over,
            "gone": [str(name.applicant) for name in self.gone],
            "year": self.request.GET.get("year", ""),
        }


def _group(branch: str, rows: list[dict]) -> dict:
    return {
        "branch": branch,
        "count": len(rows),
        "rows": rows,
        "total_rial": sum(row["name"].amount_rial for row in rows),
    }


@require_GET
@issues
def issued(request: HttpRequest, key: str) -> HttpResponse:
    """What came of a batch: the letters to print, and who was refused and why."""
    kept = get_object_or_404(RequestKey, user=request.user, key=key, endpoint="referral-issue")
    body = kept.body or {"done": [], "refused": []}
    done = Referral.objects.filter(pk__in=body["done"]).for_list().order_by("id")
    query = "&".join(f"id={pk}" for pk in body["done"])
    context = {
        "at_work": kept.body is None,
        "referrals": done,
        "refused": [f"{row['name']}: {row['reason']}" for row in body["refused"]],
        "letters_url": f"{reverse('referral-letters')}?{query}" if body["done"] else "",
        "title": _("%(count)s referrals issued") % {"count": to_persian_digits(str(len(body["done"])))},
    }
    return render(request, "banks/issued.html", context)
