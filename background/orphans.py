"""Files that were stored for a form which nobody sent: let go of after a day.

What refers to a file is read from the models themselves, so that a new kind of reference is never forgotten.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, ManyToOneRel, OuterRef, QuerySet

from background.models import StoredFile

KEPT_FOR = timedelta(days=1)
BATCH = 100


def forget_unused(*, now: datetime) -> int:
    """Delete files older than a day to which no row refers; gives their number. Safe to run twice or at once."""
    gone, older_than = 0, 0
    while batch := _unused(now=now).filter(pk__gt=older_than).order_by("pk").values_list("pk", flat=True)[:BATCH]:
        ids = list(batch)
        gone += _delete(ids, now=now)
        older_than = ids[-1]
    return gone


@transaction.atomic
def _delete(ids: list[int], *, now: datetime) -> int:
    """Under their locks nobody can begin to refer to them; whoever did just before is seen by the second look."""
    rows = StoredFile.everything.filter(pk__in=ids).order_by("pk")
    held = list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True))
    return _unused(now=now).filter(pk__in=held).delete()[0]


def _unused(*, now: datetime) -> QuerySet[StoredFile]:
    rows = StoredFile.everything.filter(stored_at__lt=now - KEPT_FOR)
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel):
            referring = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            rows = rows.filter(~Exists(referring))
    return rows
