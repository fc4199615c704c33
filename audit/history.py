"""The trail of one record in the office's words: who changed what from what to what, and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from abarkuh_loans.shown import shown, with_names
from audit.models import AuditEntry

# Derived by the database, or of no meaning to a reader.
HIDDEN = frozenset({"id", "search_text", "sort_name", "title_key", "password", "last_login", "head", "sequence"})


@dataclass(frozen=True)
class Change:
    """One field of one change. ``old`` is empty when the record was added."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Step:
    """One entry of the trail."""

    entry: AuditEntry
    title: str
    by: str
    changes: list[Change]


@cache
def model_of(table_name: str) -> type[models.Model] | None:
    return next((model for model in apps.get_models() if model._meta.db_table == table_name), None)


def table_label(table_name: str) -> str:
    model = model_of(table_name)
    return str(model._meta.verbose_name) if model else table_name


def steps(entries: Iterable[AuditEntry]) -> list[Step]:
    """Entries with everything put into words. Queries: one for the people and one for each kind of record named."""
    entries = list(entries)
    people = get_user_model().objects.in_bulk({entry.actor_id for entry in entries if entry.actor_id})
    related = _related(entries)
    return [
        Step(
            entry=entry,
            title=str(entry.get_operation_display()),
            by=str(people.get(entry.actor_id) or _("the system")),
            changes=_changes(entry, related),
        )
        for entry in entries
    ]


def _changed(entry: AuditEntry) -> list[tuple[models.Field | None, str, object, object]]:
    old, new = entry.old or {}, entry.new or {}
    model = model_of(entry.table_name)
    fields = {field.column: field for field in model._meta.concrete_fields} if model else {}
    return [
        (fields.get(column), column, old.get(column), new.get(column))
        for column in (new or old)
        if column not in HIDDEN and old.get(column) != new.get(column)
    ]


def _related(entries: Iterable[AuditEntry]) -> dict[type[models.Model], dict]:
    """The records that changed foreign keys point to, as far as the reader may see them."""
    keys: dict[type[models.Model], set] = {}
    for entry in entries:
        for field, _column, old, new in _changed(entry):
            if field is not None and field.is_relation:
                keys.setdefault(field.related_model, set()).update(key for key in (old, new) if key is not None)
    return {model: with_names(model._default_manager.all()).in_bulk(wanted) for model, wanted in keys.items()}


def _changes(entry: AuditEntry, related: dict) -> list[Change]:
    return [
        Change(
            label=str(field.verbose_name) if field is not None else column,
            old=_in_words(field, old, related) if entry.old else "",
            new=_in_words(field, new, related) if entry.new else "",
        )
        for field, column, old, new in _changed(entry)
        if field is not None and not (entry.old is None and new in (None, "", False))
    ]


def _in_words(field: models.Field, value, related: dict) -> str:
    if value is None or value == "":
        return "—"
    if field.is_relation:
        return shown(str(related.get(field.related_model, {}).get(value) or value))
    if field.choices:
        return shown(str(dict(field.flatchoices).get(value, value)))
    if isinstance(value, dict | list):
        return _("(a list)") if value else "—"
    if isinstance(value, str) and isinstance(field, models.DateField):
        value = _moment(field, value) or value
    return shown(value, name=field.name)


def _moment(field: models.Field, value: str) -> date | datetime | None:
    return parse_datetime(value) if isinstance(field, models.DateTimeField) else parse_date(value)
