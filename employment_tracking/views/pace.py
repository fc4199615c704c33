"""The office's page of the agencies' pace: registered, verified and net beside quota and plan, who is behind."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from abarkuh_loans.spreadsheet import workbook
from banks.views.files import XLSX, download
from banks.views.year import programme_of
from employment_tracking.expectations import loans_without_jobs_by_agency
from employment_tracking.models import PaceReminder
from employment_tracking.pace import in_all, most_behind_first, pace_of_agencies
from employment_tracking.pace_export import cells, columns
from employment_tracking.rules.reminders import month_of_reminder
from employment_tracking.views.pace_table import office_links, table
from iran.calendar import format_jalali, programme_today

reads = permission_required("employment_tracking.view_jobrecord", raise_exception=True)


@require_GET
@reads
def pace_board(request: HttpRequest) -> HttpResponse:
    programme, today = programme_of(request), programme_today()
    paces = pace_of_agencies(programme, as_of=today)
    behind = [found for found in paces if found.behind]
    loans = loans_without_jobs_by_agency(programme)
    shown = behind if request.GET.get("show") == "behind" else paces
    links = office_links(programme, may_see_quota=request.user.has_perm("quotas.view_jobquota"))
    month = month_of_reminder(today)
    reminded = PaceReminder.objects.for_programme(programme).filter(month=month).count()
    context = {
        "programme": programme,
        "today": today,
        "rows": table(most_behind_first(shown), links, loans=loans),
        "total": in_all(programme, paces, as_of=today),
        "total_loans": sum(loans.values()),
        "chips": [
            {
                "label": _("all agencies"),
                "url": _address(programme.year),
                "count": len(paces),
                "current": shown is paces,
            },
            {
                "label": _("behind their plan"),
                "url": _address(programme.year, "behind"),
                "count": len(behind),
                "current": shown is behind,
            },
        ],
        "behind": len(behind),
        "reminded": reminded,
        "may_remind": request.user.has_perm("employment_tracking.remind_agency"),
    }
    return render(request, "employment_tracking/pace_board.html", context)


def _address(year: int, show: str = "") -> str:
    return f"?year={year}" + (f"&show={show}" if show else "")


@require_GET
@reads
def pace_export(request: HttpRequest) -> HttpResponse:
    programme, today = programme_of(request), programme_today()
    paces = most_behind_first(pace_of_agencies(programme, as_of=today))
    loans = loans_without_jobs_by_agency(programme)
    content = workbook(_("Pace"), columns(), (cells(found, loans.get(found.agency.pk, 0)) for found in paces))
    name = _("Pace of the agencies %(day)s") % {"day": format_jalali(today).replace("/", "-")}
    return download(content, name=f"{name}.xlsx", content_type=XLSX)
