"""A page for anybody: was the call that I got really from the labour office?"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from abarkuh_loans.client_address import client_address
from employment_tracking.call_forms import CheckForm
from employment_tracking.call_queue import genuine_call, published_number
from employment_tracking.workflow import guesses
from iran.calendar import programme_now


@require_http_methods(["GET", "POST"])
@login_not_required
@never_cache
def call_verify(request: HttpRequest) -> HttpResponse:
    """Yes or no, with the agency and the day of registration, and nothing by which a person is known."""
    form = CheckForm(request.POST or None)
    context = {"form": form, "asked": False}
    if request.method == "GET":
        return render(request, "employment_tracking/call_verify.html", context | {"form": CheckForm()})
    if not form.is_valid():
        return render(request, "employment_tracking/call_verify.html", context, status=422)
    address = client_address(request)
    if not guesses.count_try(address):
        return render(request, "429.html", status=429)
    case = genuine_call(**form.cleaned_data, now=programme_now())
    if case is None:
        return render(request, "employment_tracking/call_verify.html", context | {"asked": True}, status=404)
    guesses.give_back(address)
    found = {
        "asked": True,
        "agency": case.record.agency.name,
        "county": case.record.programme.county.name,
        "registered_on": case.record.registered_on,
        "published_number": published_number(case.record.programme),
    }
    return render(request, "employment_tracking/call_verify.html", context | found)
