"""An Excel file as rows of plain values, with the row numbers that Excel itself shows."""

import io
from collections.abc import Iterator
from dataclasses import dataclass

import python_calamine

from applicants.importing.guard import MAX_COLUMNS, PAGE, Limits, check_file
from applicants.importing.refusals import FileRefusedError

_BROKEN = (
    python_calamine.CalamineError,
    python_calamine.XmlError,
    python_calamine.ZipError,
    python_calamine.WorksheetNotFound,
    ValueError,
    OSError,
)


@dataclass(frozen=True)
class Sheet:
    """``rows[0]`` is Excel's row 1. Numbers come as floats, days as dates, nothing as the empty text."""

    name: str
    rows: list[list]


def read_sheets(content: bytes, limits: Limits = PAGE) -> Iterator[Sheet]:
    """The visible sheets of a file that passed the guard, one at a time. Raises FileRefusedError."""
    check_file(content, limits)
    try:
        workbook = python_calamine.load_workbook(io.BytesIO(content))
        for about in workbook.sheets_metadata:
            if (
                about.typ is python_calamine.SheetTypeEnum.WorkSheet
                and about.visible is python_calamine.SheetVisibleEnum.Visible
            ):
                yield _read(workbook, about.name, limits)
    except python_calamine.PasswordError as error:
        raise FileRefusedError("file_encrypted") from error
    except FileRefusedError:
        raise
    except _BROKEN as error:
        raise FileRefusedError("file_broken") from error


def _read(workbook: python_calamine.CalamineWorkbook, name: str, limits: Limits) -> Sheet:
    sheet = workbook.get_sheet_by_name(name)
    if sheet.end is None:
        return Sheet(name, [])
    if sheet.end[1] >= MAX_COLUMNS:
        raise FileRefusedError("file_too_many_columns")
    if sheet.end[0] > limits.max_rows + limits.max_rows // 10:
        raise FileRefusedError("file_too_many_rows")
    rows = sheet.to_python(skip_empty_area=False)
    return Sheet(name, rows)
