"""Who acts: told to the database, whose triggers write it into the trail."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def tell_database(*, actor_id: int | None, context: str) -> None:
    """Set the acting user and the occasion for the statements that follow on this connection."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('audit.actor', %s, false), set_config('audit.context', %s, false)",
            [str(actor_id or ""), context[:200]],
        )


@contextmanager
def acting_as(user, *, context: str) -> Iterator[None]:
    """Let every change inside the block be written to the trail as ``user``'s, on the occasion ``context``."""
    tell_database(actor_id=user.pk if user is not None else None, context=context)
    try:
        yield
    finally:
        if not connection.needs_rollback:
            tell_database(actor_id=None, context="")
