"""Many rows into a table at once, by PostgreSQL's COPY. Triggers, checks and indexes work as for any insert."""

import io
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import repeat

from django.db import connection

NULL = "\\N"


def new_ids(table: str, count: int) -> list[int]:
    """Numbers for ``count`` new rows, so that their children can be written in the same breath."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [row[0] for row in cursor.fetchall()]


def copy_rows(table: str, columns: Mapping[str, list | str | int | bool | None]) -> None:
    """Write rows of columns: a list has a value per row, anything else stands in every row. At least one is a list."""
    texts: list[Iterable[str]] = [
        list(map(_text, values)) if isinstance(values, list) else repeat(_text(values)) for values in columns.values()
    ]
    lines = "\n".join(map("\t".join, zip(*texts, strict=False)))
    names = ", ".join(f'"{name}"' for name in columns)
    copy_text(f'COPY "{table}" ({names}) FROM STDIN', lines)


def copy_text(statement: str, lines: str) -> None:
    with connection.cursor() as cursor:
        cursor.copy_expert(statement, io.StringIO(lines))


def _text(value: object) -> str:
    if value.__class__ is str:
        if "\\" in value or "\t" in value or "\n" in value or "\r" in value:
            value = value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
        return value
    if value is None:
        return NULL
    if value is True or value is False:
        return "t" if value else "f"
    return value.isoformat() if isinstance(value, date) else str(value)
