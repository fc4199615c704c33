"""Lists that go out as Excel files: right to left, a frozen head, identifiers as text."""

import io
from collections.abc import Iterable

import xlsxwriter

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(title: str, columns: Iterable[tuple[str, int]], rows: Iterable[Iterable[str | int | None]]) -> bytes:
    """The file; ``columns`` are headings with their widths.

    Text goes in as text, so that no cell becomes a formula and no identifier loses its zeros.
    """
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet(title)
        sheet.right_to_left()
        sheet.freeze_panes(1, 0)
        heading = book.add_format({"bold": True, "bg_color": "#e8edee", "text_wrap": True})
        money = book.add_format({"num_format": "#,##0"})
        for column, (words, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, words, heading)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(number, column, value, money)
                elif value:
                    sheet.write_string(number, column, value)
    return stream.getvalue()
