"""Finding the list inside a sheet: which row holds the headings and which column holds what."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from applicants.importing.guard import PAGE, Limits
from applicants.importing.refusals import FileRefusedError
from applicants.importing.workbook import read_sheets
from iran.text import search_key

SEARCHED_ROWS = 20
_FEWEST_HEADINGS = 3
_NOT_WORD = re.compile(r"[^\w]+|_")


def word_key(text: object) -> str:
    """Letters and digits alone, folded for comparison: «مبلغ درخواستی (ریال)» and «مبلغ‌درخواستي ریال» are one."""
    return _NOT_WORD.sub("", search_key(str(text)))


@dataclass(frozen=True)
class Column:
    """A column that a list may have: our name of it, its usual heading, and what else people write over it."""

    name: str
    heading: str
    also: tuple[str, ...] = ()
    required: bool = False

    @property
    def keys(self) -> set[str]:
        return {word_key(heading) for heading in (self.heading, *self.also)}


@dataclass
class Table:
    """The list as it stands in the file. ``rows`` are whole rows of cells; ``numbers`` are Excel's row numbers."""

    heading_row: int
    headings: list[str]
    places: dict[str, int]
    numbers: list[int] = field(default_factory=list)
    rows: list[list] = field(default_factory=list)

    def values(self, name: str) -> list | None:
        """A column's cells from top to bottom; None when the list has no such column."""
        place = self.places.get(name)
        return None if place is None else [row[place] for row in self.rows]

    def heading(self, name: str) -> str:
        return self.headings[self.places[name]]

    def letter(self, name: str) -> str:
        return column_letter(self.places[name])


def column_letter(index: int) -> str:
    """Excel's name of a column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, remainder = divmod(index - 1, 26)
        letters = chr(65 + remainder) + letters
    return letters


def find_table(content: bytes, columns: Sequence[Column], limits: Limits = PAGE) -> Table:
    """The first visible sheet with the headings of this list. Raises FileRefusedError."""
    names = {key: column.name for column in columns for key in column.keys}
    anything = False
    for sheet in read_sheets(content, limits):
        anything = anything or bool(sheet.rows)
        table = _locate(sheet.rows, names)
        if table is not None:
            _check_required(table, columns)
            _take_rows(table, sheet.rows)
            if not table.rows:
                raise FileRefusedError("file_empty")
            if len(table.rows) > limits.max_rows:
                raise FileRefusedError("file_too_many_rows")
            return table
    raise FileRefusedError("file_headings_missing" if anything else "file_empty")


def _locate(rows: list[list], names: dict[str, str]) -> Table | None:
    best: Table | None = None
    for number, row in enumerate(rows[:SEARCHED_ROWS]):
        places: dict[str, int] = {}
        for index, cell in enumerate(row):
            name = names.get(word_key(cell)) if isinstance(cell, str) and cell else None
            if name is not None:
                places.setdefault(name, index)
        if len(places) >= _FEWEST_HEADINGS and (best is None or len(places) > len(best.places)):
            headings = [" ".join(str(cell).split()) if isinstance(cell, str) else "" for cell in row]
            best = Table(heading_row=number + 1, headings=headings, places=places)
    return best


def _check_required(table: Table, columns: Iterable[Column]) -> None:
    missing = [column.heading for column in columns if column.required and column.name not in table.places]
    if not missing:
        return
    raise FileRefusedError(
        "file_columns_missing",
        _("The list has no column «%(missing)s». Its columns: %(seen)s.")
        % {"missing": "»، «".join(missing), "seen": "، ".join(filter(None, table.headings))},
    )


def _take_rows(table: Table, rows: list[list]) -> None:
    """Every row under the headings with something in a column that we read."""
    places = sorted(table.places.values())
    for number in range(table.heading_row, len(rows)):
        row = rows[number]
        for place in places:
            if row[place] != "":
                table.numbers.append(number + 1)
                table.rows.append(row)
                break
