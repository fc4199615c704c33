"""Which rows a person may see. One mechanism, on by itself: a view written later cannot forget it.

While a web request is answered, the default manager of every scoped model gives only the rows that
``QuerySet.visible_to(request.user)`` lets through, and nobody signed in sees nothing. Outside a request (commands,
tasks, tests) it gives all rows. Workflows, which must see rows that their caller may not (a bank officer's answer moves
the county's credit), use the second manager, ``everything``; an architecture test keeps that name out of views, forms,
admin classes and API endpoints.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import models
from django.http import HttpRequest

_request: ContextVar[HttpRequest | None] = ContextVar("scoping_request", default=None)


@contextmanager
def scoped_to(request: HttpRequest | None) -> Iterator[None]:
    """Let the scoped managers follow ``request.user`` inside the block (looked up late: the API signs in later)."""
    token = _request.set(request)
    try:
        yield
    finally:
        _request.reset(token)


class ScopedQuerySet(models.QuerySet):
    """Base of the querysets of rows that belong to somebody. Each one says in ``visible_to`` whose they are."""

    def visible_to(self, user) -> "ScopedQuerySet":
        raise NotImplementedError(f"{type(self).__name__} does not say who may see its rows")


class ScopedManager(models.Manager.from_queryset(ScopedQuerySet)):
    def get_queryset(self):
        rows = super().get_queryset()
        request = _request.get()
        if request is None:
            return rows
        if not request.user.is_authenticated:
            return rows.none()
        return rows.visible_to(request.user)


def scoped(queryset_class: type[ScopedQuerySet]) -> models.Manager:
    """The manager for ``objects``: rows of the user of the running request."""
    return ScopedManager.from_queryset(queryset_class)()


def everything(queryset_class: type[ScopedQuerySet]) -> models.Manager:
    """The manager for ``everything``: all rows, for workflows and rules."""
    return models.Manager.from_queryset(queryset_class)()
