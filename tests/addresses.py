"""Every address of the site, read from the resolver, and the objects that fill its places."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import admin
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern


@dataclass(frozen=True)
class Address:
    """One pattern: its full name (``admin:banks_referral_change``) and the names of its places."""

    name: str
    route: str
    places: tuple[str, ...]


def addresses() -> list[Address]:
    """All of them, also those without a name (which no rule can stand for, so they fail the matrix)."""
    return list(_walk(get_resolver().url_patterns, route="", namespace=""))


def _walk(patterns, *, route: str, namespace: str) -> Iterator[Address]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, route=here, namespace=inner)
        elif isinstance(pattern, URLPattern):
            places = (
                tuple(pattern.pattern.converters)
                if isinstance(pattern.pattern, RoutePattern)
                else tuple(pattern.pattern.regex.groupindex)
            )
            yield Address(name=f"{namespace}{pattern.name or ''}", route=here, places=places)


def desk_models() -> dict[str, type[Model]]:
    """The models on the office's desk by the beginning of their addresses' names."""
    return {f"{m._meta.app_label}_{m._meta.model_name}": m for m in admin.site._registry}
