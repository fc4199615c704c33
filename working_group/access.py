"""Who may do what with meetings, as the pages ask it."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

READ = ("working_group.view_meeting", "working_group.attend_meeting")


def any_permission(*permissions: str) -> Callable:
    """Let through whoever has one of these permissions; everybody else is refused (403)."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not any(request.user.has_perm(permission) for permission in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def may(user) -> dict[str, bool]:
    """What a person may do on the pages, for the templates."""
    return {
        "prepare": user.has_perm("working_group.prepare_meeting"),
        "decide": user.has_perm("working_group.decide"),
        "sign": user.has_perm("working_group.sign_minutes"),
        "promote": user.has_perm("working_group.promote_reserve"),
    }
