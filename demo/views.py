"""The demo's clock, moved from the banner of every page. Not there outside the demo."""

from celery import current_app
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError

from demo import clock
from employment_tracking.workflow.advancing import advance
from iran.calendar import programme_now
from iran.templatetags.iran import jalali_long

STEPS = {"0": 0, "1": 1, "4": 4}
DAILY_WORK = ("banks.tasks.expire_referrals", "employment_tracking.tasks.advance_cases")


@require_POST
@login_required
def clock_move(request: HttpRequest) -> HttpResponse:
    """Move the day on and wake what waits for a day; the clock's own beat would come within minutes too."""
    if not clock.can_move() or not request.user.is_office or request.POST.get("days") not in STEPS:
        raise Http404
    advance(now=programme_now())  # what has left or arrived belongs to the day that ends
    today = clock.move_on(STEPS[request.POST["days"]])
    for name in DAILY_WORK:
        try:
            current_app.send_task(name, retry=False)
        except OperationalError:
            break
    messages.success(request, _("The demo's day is %(day)s now.") % {"day": jalali_long(today)})
    back = request.POST.get("back", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}) else "landing")
