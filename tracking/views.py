"""Pages that anybody may open."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from banks.letters import letter_by_code
from iran.calendar import programme_today
from tracking.letters import shown


@require_GET
@never_cache
@login_not_required
def letter_verify(request: HttpRequest, code: str) -> HttpResponse:
    """Is this letter genuine? Says to which branch and when it was written, and nothing by which a person is known."""
    referral = letter_by_code(code)
    context = {"code": code.upper()[:20], "letter": shown(referral, today=programme_today()) if referral else None}
    return render(request, "tracking/letter.html", context, status=200 if referral else 404)
