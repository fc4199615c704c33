"""Stored values as people read them, in lists, on records and in the history."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from iran.templatetags.iran import fa, group_fa, jalali, jalali_datetime
from iran.text import to_persian_digits

# ASCII letters and digits that belong together, such as a tracking code or a file's name
_CODE = re.compile(r"([A-Za-z0-9._/-]*[A-Za-z][A-Za-z0-9._/-]*)")
UNGROUPED = frozenset({"year", "number", "rank"})


def with_names(rows: models.QuerySet) -> models.QuerySet:
    """Rows with everything that their names are made of, so that a list of names is one query.

    A model whose ``__str__`` follows foreign keys names them in ``named_by``.
    """
    return rows.select_related(*getattr(rows.model, "named_by", ()))


def with_relations(rows: models.QuerySet) -> models.QuerySet:
    """Rows with their own names and those of every record that they point to."""
    points_to = [field for field in rows.model._meta.fields if field.many_to_one]
    names = [f"{field.name}__{name}" for field in points_to for name in getattr(field.related_model, "named_by", ())]
    return with_names(rows).select_related(*(field.name for field in points_to), *names)


def shown(value: Any, *, name: str = "") -> str:
    """A stored value as the office reads it: Persian digits, Jalali days, grouped amounts, codes left to right."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return jalali_datetime(value)
    if isinstance(value, date):
        return jalali(value)
    if isinstance(value, int):
        return to_persian_digits(str(value)) if name in UNGROUPED else group_fa(value)
    if isinstance(value, Decimal):
        return fa(value)
    text = str(value)
    if text.isascii():
        return format_html('<bdi class="code">{}</bdi>', text)
    return format_html_join("", "{}", ((_part(part),) for part in _CODE.split(text) if part))


def _part(text: str) -> str:
    """A code inside a sentence stays as it is, left to right; any other digit is Persian."""
    return format_html('<bdi class="code">{}</bdi>', text) if _CODE.fullmatch(text) else to_persian_digits(text)


def shown_field(record: models.Model, field: models.Field) -> str:
    """The same for a field of a record; a choice by its words."""
    if field.choices:
        return shown(record._get_FIELD_display(field))
    return shown(getattr(record, field.name), name=field.name)
