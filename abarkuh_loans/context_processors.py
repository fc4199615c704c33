"""What the shell of every page needs to know."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from abarkuh_loans.navigation import menu
from iran.calendar import programme_today


def shell(request: HttpRequest) -> dict[str, Any]:
    """The reader's menu, the demo flag and today's date. A page that failed early may have no user yet."""
    user = getattr(request, "user", None)
    return {
        "navigation": SimpleLazyObject(lambda: menu(user, request.path) if user is not None else []),
        "is_demo": settings.DEMO,
        "county_name": "",
        "programme_today": programme_today(),
    }
