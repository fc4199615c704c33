"""Figures for whoever watches the site (Prometheus' text format). Apps declare theirs by name when the site starts.

No figure tells of a person. Each is read with one statement that an index answers, because it is asked every few seconds.
"""

import hmac
from collections.abc import Callable, Iterator, Mapping

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

Read = Callable[[], float | Mapping[str, float]]


class Figures(Collector):
    """What the apps have declared. A figure that cannot be read is left out, and ``figure_readable`` says so."""

    def __init__(self) -> None:
        self.declared: dict[str, tuple[str, str, Read]] = {}

    def collect(self) -> Iterator[GaugeMetricFamily]:
        readable = GaugeMetricFamily("figure_readable", "1 where a figure could be read", labels=["figure"])
        for name, (meaning, label, read) in self.declared.items():
            try:
                value = read()
            except DatabaseError:
                readable.add_metric([name], 0)
                continue
            readable.add_metric([name], 1)
            yield family(name, meaning, label, value)
        yield readable


def family(name: str, meaning: str, label: str, value: float | Mapping[str, float]) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, meaning, labels=[label] if label else [])
    for key, part in value.items() if isinstance(value, Mapping) else [("", value)]:
        gauge.add_metric([key] if label else [], part)
    return gauge


FIGURES = Figures()
REGISTRY = CollectorRegistry()
REGISTRY.register(FIGURES)


def declare(name: str, meaning: str, read: Read, *, label: str = "") -> None:
    """A figure under a name of its own: a number, or with ``label`` a number for each of its values."""
    FIGURES.declared[name] = (meaning, label, read)


@login_not_required
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """For this machine alone, or for whoever knows ``METRICS_TOKEN``; everybody else finds no such page."""
    if not (asked_from_here(request) or knows_the_token(request)):
        raise Http404
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


def asked_from_here(request: HttpRequest) -> bool:
    """A proxy stands on this machine too; what it passes on comes from elsewhere and says so."""
    return request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1", "") and "HTTP_X_FORWARDED_FOR" not in request.META


def knows_the_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.METRICS_TOKEN) and hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
