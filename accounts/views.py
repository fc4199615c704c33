from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from abarkuh_loans.navigation import entries_for


def landing(request: HttpRequest) -> HttpResponse:
    """Lead everybody to the desk where his work is: the office to the admin, others to their first page."""
    if request.user.is_office:
        return redirect("admin:index")
    if entries := entries_for(request.user):
        return redirect(entries[0].url_name)
    return render(request, "accounts/no_desk.html", {"roles": request.user.current_roles})
