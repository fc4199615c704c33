"""Which programme an office page is about."""

from django.http import Http404, HttpRequest

from iran.calendar import programme_today
from iran.text import to_ascii_digits
from quotas.models import Programme


def programme_of(request: HttpRequest) -> Programme:
    """The one named by ``?year=``, else the running one, else the newest of the reader's county."""
    year = to_ascii_digits(request.GET.get("year", ""))
    rows = Programme.objects.select_related("county").order_by("-year")
    if year.isascii() and year.isdigit() and len(year) == 4:
        rows = rows.filter(year=int(year))
    today = programme_today()
    running = [programme for programme in rows if programme.opens_on <= today <= programme.closes_on]
    found = next(iter(running or rows), None)
    if found is None:
        raise Http404
    return found
