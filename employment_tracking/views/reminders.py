"""The monthly reminder: whom to remind, one look at the letters, issuing them, and what went out."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from abarkuh_loans.errors import RuleError
from banks.views.files import download
from banks.views.year import programme_of
from employment_tracking.expectations import loans_without_jobs_by_agency
from employment_tracking.models import PaceReminder
from employment_tracking.pace import most_behind_first, pace_of_agencies
from employment_tracking.reminder_form import ReminderForm
from employment_tracking.rules.reminders import check_letter, month_of_reminder
from employment_tracking.workflow import reminders as workflow
from iran.calendar import format_jalali, programme_today
from iran.money import grouped_fa
from iran.text import clean

PAGE_SIZE = 50
reads = permission_required("employment_tracking.view_jobrecord", raise_exception=True)
reminds = permission_required("employment_tracking.remind_agency", raise_exception=True)


class _Batch:
    """Who may be reminded this month, and what was sent of it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request, self.programme, self.today = request, programme_of(request), programme_today()
        month = month_of_reminder(self.today)
        done = PaceReminder.objects.for_programme(self.programme).filter(month=month)
        self.reminded = set(done.values_list("agency_id", flat=True))
        behind = [found for found in pace_of_agencies(self.programme, as_of=self.today) if found.behind]
        self.names = most_behind_first(found for found in behind if found.agency.pk not in self.reminded)
        self.form = (
            ReminderForm(request.POST) if request.method == "POST" else ReminderForm(initial={"letter_on": self.today})
        )
        self.chosen = set(request.POST.getlist("ids"))

    def rows(self) -> list[dict]:
        """The list, everybody chosen until something else was sent."""
        loans = loans_without_jobs_by_agency(self.programme)
        first = self.request.method == "GET"
        return [
            {
                "pace": found,
                "loans": loans.get(found.agency.pk, 0),
                "chosen": first or str(found.agency.pk) in self.chosen,
                "number": self.request.POST.get(f"number-{found.agency.pk}", ""),
            }
            for found in self.names
        ]

    def numbers(self) -> dict[int, str]:
        """The letter number of each chosen agency: its own, else the common one."""
        common = clean(self.request.POST.get("letter_number", ""))
        return {
            found.agency.pk: clean(self.request.POST.get(f"number-{found.agency.pk}", "")) or common
            for found in self.names
            if str(found.agency.pk) in self.chosen
        }

    def is_complete(self) -> bool:
        """Whether letters can be issued from this; what is missing is said at its field."""
        numbers = self.numbers()
        if not self.form.is_valid():
            return False
        if not numbers:
            self.form.add_error(None, _("Choose at least one agency."))
            return False
        try:
            check_letter(
                numbers=list(numbers.values()), letter_on=self.form.cleaned_data["letter_on"], today=self.today
            )
        except RuleError as refusal:
            self.form.add_error(refusal.field, str(refusal))
        return not self.form.errors

    def page(self, *, status: int = 200) -> HttpResponse:
        context = {
            "programme": self.programme,
            "form": self.form,
            "rows": self.rows(),
            "reminded": len(self.reminded),
            "month": PaceReminder(month=month_of_reminder(self.today)).month_name,
        }
        return render(self.request, "employment_tracking/reminder_new.html", context, status=status)


@require_GET
@reminds
def reminder_new(request: HttpRequest) -> HttpResponse:
    """The agencies behind their plan, all chosen beforehand, most behind first."""
    return _Batch(request).page()


@require_POST
@reminds
def reminder_check(request: HttpRequest) -> HttpResponse:
    batch = _Batch(request)
    if not batch.is_complete():
        return batch.page(status=422)
    numbers = batch.numbers()
    rows = [
        row | {"number": numbers[row["pace"].agency.pk]} for row in batch.rows() if row["pace"].agency.pk in numbers
    ]
    context = {
        "programme": batch.programme,
        "rows": rows,
        "letter_on": format_jalali(batch.form.cleaned_data["letter_on"]),
        "day": batch.form.cleaned_data["letter_on"],
        "letter_number": batch.request.POST.get("letter_number", ""),
        "reachable": sum(bool(row["pace"].agency.contact_mobile) for row in rows),
        "unreachable": [str(row["pace"].agency) for row in rows if not row["pace"].agency.contact_mobile],
    }
    return render(request, "employment_tracking/reminder_check.html", context)


@require_POST
@reminds
def reminder_issue(request: HttpRequest) -> HttpResponse:
    batch = _Batch(request)
    there = f"{reverse('reminder-list')}?year={batch.programme.year}"
    if batch.chosen and not batch.numbers():
        messages.info(request, _("These agencies got this month's reminder already, or are not behind any more."))
        return redirect(there)
    if not batch.is_complete():
        return batch.page(status=422)
    outcome = workflow.remind(
        programme_id=batch.programme.pk,
        numbers=batch.numbers(),
        letter_on=batch.form.cleaned_data["letter_on"],
        by=request.user,
        today=batch.today,
    )
    for refusal in outcome.refused:
        messages.warning(request, refusal)
    if issued := outcome.issued:
        words = _("%(count)s reminders are issued.")
        messages.success(request, words % {"count": grouped_fa(len(issued))})
    return redirect(there)


@require_GET
@reads
def reminder_list(request: HttpRequest) -> HttpResponse:
    programme = programme_of(request)
    rows = PaceReminder.objects.for_programme(programme).without_files()
    context = {
        "programme": programme,
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "may_remind": request.user.has_perm("employment_tracking.remind_agency"),
    }
    return render(request, "employment_tracking/reminder_list.html", context)


@require_GET
def reminder_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter as it went out: for the office and for the agency that it was written to."""
    may = ("employment_tracking.view_jobrecord", "employment_tracking.view_own_jobs", "oversight.supervise")
    if not any(request.user.has_perm(permission) for permission in may):
        raise PermissionDenied
    reminder = get_object_or_404(PaceReminder.objects.select_related("letter"), pk=pk)
    letter = reminder.letter
    return download(bytes(letter.content), name=letter.name, content_type=letter.content_type, inline=True)
