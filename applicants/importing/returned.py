"""The faulty rows of a list as an Excel file that goes back to its sender, is corrected there and comes again."""

import io
from datetime import date

import xlsxwriter
from django.utils.translation import gettext as _

from applicants.importing.findings import FAULT, shown
from applicants.importing.headings import Table, find_table
from applicants.importing.workflow import KINDS
from applicants.models import ImportedList

_NUMBERS = ("promised_jobs", "requested_rial", "hours_per_week")  # the rest is text: zeros in front stay


def faulty_rows(imported_list: ImportedList) -> bytes:
    """An xlsx with the faulty rows alone: what is wrong first, then the list's own columns, wrong cells filled."""
    table = find_table(bytes(imported_list.file.content), KINDS[imported_list.kind].columns)
    faults: dict[int, list[dict]] = {}
    for finding in imported_list.findings:
        if finding["level"] == FAULT:
            faults.setdefault(finding["row"], []).append(finding)
    content = io.BytesIO()
    with xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        _fill(book, table, faults)
    return content.getvalue()


def _fill(book: xlsxwriter.Workbook, table: Table, faults: dict[int, list[dict]]) -> None:
    sheet = book.add_worksheet(_("Faulty rows"))
    sheet.right_to_left()
    sheet.freeze_panes(1, 0)
    plain = book.add_format({"num_format": "@", "valign": "top"})
    wrong = book.add_format({"num_format": "@", "valign": "top", "bg_color": "#FBDCDB"})
    words = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#821419"})
    head = book.add_format({"bold": True, "bg_color": "#E7ECEE", "text_wrap": True})
    sheet.set_column(0, 0, 60)
    sheet.set_column(1, len(table.headings), 18)
    for place, heading in enumerate((_("Fault"), *table.headings)):
        sheet.write_string(0, place, heading, head)
    places = {table.letter(name): place for name, place in table.places.items()}
    numbers = {table.places[name] for name in _NUMBERS if name in table.places}
    row_of = dict(zip(table.numbers, table.rows, strict=True))
    for line, (number, of_row) in enumerate(sorted(faults.items()), start=1):
        sheet.write_string(line, 0, "\n".join(f"{fault['field']}: {fault['message']}" for fault in of_row), words)
        marked = {places[fault["column"]] for fault in of_row}
        for place, cell in enumerate(row_of[number]):
            _write(sheet, line, place + 1, cell, wrong if place in marked else plain, as_number=place in numbers)


def _write(sheet, line: int, place: int, cell: object, style, *, as_number: bool) -> None:
    if cell == "":
        sheet.write_blank(line, place, None, style)
    elif as_number and isinstance(cell, float) and not isinstance(cell, date):
        sheet.write_number(line, place, cell)
    else:
        sheet.write_string(line, place, shown(cell) if not isinstance(cell, str) else cell, style)
