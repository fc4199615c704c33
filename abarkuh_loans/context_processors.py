"""What the shell of every page needs to know."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from iran.calendar import programme_today


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation of the reader's role, the demo flag, the county's name and today's date.

    ``request.navigation`` is a list of dicts ``url``, ``label`` and optionally ``current``; without ``current`` the
    entry whose address is the longest beginning of the present path is the current one.
    """
    return {
        "navigation": _with_current(getattr(request, "navigation", []), request.path),
        "is_demo": getattr(settings, "DEMO", False),
        "county_name": getattr(request, "county_name", ""),
        "programme_today": programme_today(),
    }


def _with_current(items: list[dict[str, Any]], path: str) -> list[dict[str, Any]]:
    if any("current" in item for item in items):
        return items
    beginnings = [str(item["url"]) for item in items if path.startswith(str(item["url"]))]
    longest = max(beginnings, key=len, default=None)
    return [{**item, "current": str(item["url"]) == longest} for item in items]
