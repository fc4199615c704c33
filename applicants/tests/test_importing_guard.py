"""Files that would exhaust the machine, or are no lists at all: one sentence each, and soon."""

import io
import time
import zipfile

import pytest

from applicants.importing.guard import COMMAND, PAGE
from applicants.importing.refusals import FileRefusedError
from applicants.importing.workbook import read_sheets
from applicants.tests.lists import excel, person

SHEET = "xl/worksheets/sheet1.xml"


def remade(parts: dict[str, bytes | None], content: bytes | None = None) -> bytes:
    """A valid file with some of its parts replaced, added or (None) taken out."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content or excel(person()))) as source,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        kept = {part.filename: source.read(part) for part in source.infolist()}
        for name, part in (kept | parts).items():
            if part is not None:
                target.writestr(name, part)
    return result.getvalue()


def sheet(cells: str) -> bytes:
    return (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{cells}</sheetData></worksheet>"
    ).encode()


def strings(*texts: str) -> bytes:
    inside = "".join(f"<si><t>{text}</t></si>" for text in texts)
    return f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{inside}</sst>'.encode()


def many_cells_of_one_text() -> bytes:
    row = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 20_001))
    return remade({SHEET: sheet(row), "xl/sharedStrings.xml": strings("x" * 32_000)})


def lying_about_its_size() -> bytes:
    """The directory says that a part is small; what is packed in it is not."""
    content = remade({SHEET: sheet("<row/>" * 2_000_000)})
    directory = content.rindex(b"PK\x01\x02", 0, content.rindex(SHEET.encode()))
    return content[: directory + 24] + (1000).to_bytes(4, "little") + content[directory + 28 :]


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CASES = {
    "nothing at all": (lambda: b"", "file_empty"),
    "zeros": (lambda: b"\0" * 100, "file_empty"),
    "html": (lambda: b"<html><table></table></html>", "file_not_excel"),
    "text": (lambda: "نام,کد ملی".encode(), "file_not_excel"),
    "another zip": (lambda: remade({"xl/workbook.xml": None}), "file_not_excel"),
    "old xls": (lambda: OLE + b"\0" * 600, "file_old_xls"),
    "a password": (lambda: OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "file_encrypted"),
    "cut off": (lambda: excel(person())[:-200], "file_broken"),
    "a flipped byte": (lambda: flipped(excel(person())), "file_broken"),
    "macros": (lambda: remade({"xl/vbaProject.bin": b"x"}), "file_macros"),
    "links": (lambda: remade({"xl/externalLinks/externalLink1.xml": b"<x/>"}), "file_external_links"),
    "path upward": (lambda: remade({"../../etc/cron.d/x": b"x"}), "file_broken"),
    "ten thousand parts": (lambda: remade({f"xl/media/{n}": b"" for n in range(10_000)}), "file_too_large"),
    "billion laughs": (lambda: remade({SHEET: b'<!DOCTYPE x [<!ENTITY a "b">]>' + sheet("")}), "file_doctype"),
    "195 megabytes": (lambda: remade({SHEET: sheet("<row/>" * 33_000_000)}), "file_too_large"),
    "one huge cell": (lambda: remade({"xl/sharedStrings.xml": strings("x" * 70_000_000)}), "file_too_large"),
    "highly packed": (lambda: remade({"xl/sharedStrings.xml": strings("x" * 9_000_000)}), "file_too_large"),
    "the last cell": (
        lambda: remade({SHEET: sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')}),
        "file_too_many_columns",
    ),
    "the last row": (
        lambda: remade({SHEET: sheet('<row r="1048576"><c r="A1048576"><v>1</v></c></row>')}),
        "file_sparse",
    ),
    "single quotes": (
        lambda: remade({SHEET: sheet("<row r='9'><c r='XFD9'><v>1</v></c></row>")}),
        "file_too_many_columns",
    ),
    "cells without a place": (
        lambda: remade({SHEET: sheet("<row>" + "<c><v>1</v></c>" * 9 + "</row>")}),
        "file_broken",
    ),
    "one text in every cell": (many_cells_of_one_text, "file_too_large"),
    "a size that lies": (lying_about_its_size, "file_broken"),
    "two bytes a letter": (lambda: remade({SHEET: sheet("").decode().encode("utf-16")}), "file_broken"),
    "sixty-one columns": (lambda: excel(dict.fromkeys(map(str, range(61)), "1")), "file_too_many_columns"),
}


def flipped(content: bytes) -> bytes:
    place = content.index(SHEET.encode()) + 60
    return content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]


@pytest.mark.parametrize("case", CASES)
def test_a_bad_file_is_refused_in_one_sentence_and_soon(case):
    make, code = CASES[case]
    content = make()
    began = time.process_time()

    with pytest.raises(FileRefusedError) as refused:
        list(read_sheets(content))

    assert refused.value.code == code
    assert str(refused.value)
    assert time.process_time() - began < 1


def test_a_file_larger_than_five_megabytes_is_for_the_command_alone():
    content = b"PK" + b"x" * PAGE.max_bytes

    with pytest.raises(FileRefusedError) as refused:
        list(read_sheets(content, PAGE))
    assert refused.value.code == "file_too_large"
    with pytest.raises(FileRefusedError) as refused:
        list(read_sheets(content, COMMAND))
    assert refused.value.code == "file_broken"


@pytest.mark.parametrize(
    ("row", "far"), [(20_000, False), (20_999, False), (21_000, True), (99_999, True), (100_000, True)]
)
def test_the_last_row_of_a_page_is_where_it_is_said(row, far):
    assert bool(PAGE.far_row.search(f' r="A{row}"'.encode())) is far


@pytest.mark.parametrize(("row", "far"), [(99_999, False), (200_001, False), (210_000, True), (1_048_576, True)])
def test_the_last_row_of_a_command_is_where_it_is_said(row, far):
    assert bool(COMMAND.far_row.search(f' r="{row}"'.encode())) is far
