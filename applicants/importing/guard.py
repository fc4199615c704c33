"""What is looked at before an Excel file is parsed, so that no file can exhaust the machine.

The central directory first, then the parts that the parser will read: their true size, and that no cell stands so far
away that the sheet in between would not fit in memory.
"""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass

from applicants.importing.refusals import FileRefusedError

MAX_BYTES = 5 * 1024 * 1024
MAX_BYTES_OF_COMMAND = 64 * 1024 * 1024
MAX_UNPACKED_BYTES = 64 * 1024 * 1024
MAX_PARTS = 200
MAX_RATIO = 100
MAX_COLUMNS = 60
_MAX_TEXT_BYTES = 400 * 1024 * 1024

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_TEXT_PARTS = re.compile(r"xl/(?:workbook\.xml|sharedstrings\.xml|styles\.xml|worksheets/[^/]+\.xml)", re.IGNORECASE)
_FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# Column BI is the 61st.
_FAR_COLUMN = re.compile(rb"\sr\s*=\s*[\"'](?:[A-Za-z]{3}|[Bb][I-Zi-z]|[C-Zc-z][A-Za-z])[0-9]")
_CELL_WITHOUT_PLACE = re.compile(rb"<(?:\w+:)?c(?! r=\")(?:>|/|\s(?![^>]*\sr\s*=\s*[\"'][A-Za-z]))")
_REFERENCE = re.compile(rb"<v>([0-9]{1,9})</v>")


@dataclass(frozen=True)
class Limits:
    """How much one list may hold: less on a page than for a command."""

    max_bytes: int
    max_rows: int
    max_unpacked_bytes: int

    @property
    def far_row(self) -> re.Pattern[bytes]:
        """Finds a row number of five per cent or more above ``max_rows`` (20,000 or 200,000)."""
        digits = len(str(self.max_rows))
        number = rb"(?:2[1-9][0-9]{%d}|[3-9][0-9]{%d}|[1-9][0-9]{%d,})" % (digits - 2, digits - 1, digits)
        return re.compile(rb"\sr\s*=\s*[\"'][A-Za-z]{0,3}0*" + number + rb"[\"']")


PAGE = Limits(max_bytes=MAX_BYTES, max_rows=20_000, max_unpacked_bytes=MAX_UNPACKED_BYTES)
COMMAND = Limits(max_bytes=MAX_BYTES_OF_COMMAND, max_rows=200_000, max_unpacked_bytes=8 * MAX_UNPACKED_BYTES)


def check_file(content: bytes, limits: Limits = PAGE) -> None:
    """Say no to everything but a plain, whole Excel file of reasonable size. Raises FileRefusedError."""
    if not content.strip(b"\0 \r\n\t"):
        raise FileRefusedError("file_empty")
    if len(content) > limits.max_bytes:
        raise FileRefusedError("file_too_large")
    if content.startswith(_OLE):
        raise FileRefusedError("file_encrypted" if _ENCRYPTED in content else "file_old_xls")
    if not content.startswith(b"PK"):
        raise FileRefusedError("file_not_excel")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check_directory(package, limits)
            _check_parts(package, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise FileRefusedError("file_broken") from error


def _check_directory(package: zipfile.ZipFile, limits: Limits) -> None:
    parts = package.infolist()
    names = [part.filename.lower() for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        raise FileRefusedError("file_encrypted")
    if "xl/workbook.xml" not in names:
        raise FileRefusedError("file_not_excel")
    if len(parts) > MAX_PARTS:
        raise FileRefusedError("file_too_large")
    if len(set(names)) != len(names) or any(name.startswith(("/", "\\")) or ".." in name for name in names):
        raise FileRefusedError("file_broken")
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        raise FileRefusedError("file_macros")
    if any("externallink" in name for name in names):
        raise FileRefusedError("file_external_links")
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if unpacked > limits.max_unpacked_bytes or (unpacked > 1024 * 1024 and unpacked > MAX_RATIO * max(packed, 1)):
        raise FileRefusedError("file_too_large")


def _check_parts(package: zipfile.ZipFile, limits: Limits) -> None:
    """Reading a part to its end also proves its stated size and checksum."""
    longest_text, sheets = 0, []
    for part in package.infolist():
        if not _TEXT_PARTS.fullmatch(part.filename):
            continue
        content = package.read(part)
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise FileRefusedError("file_broken")
        if _FORBIDDEN.search(content):
            raise FileRefusedError("file_doctype")
        name = part.filename.lower()
        if name.startswith("xl/worksheets/"):
            _check_places(content, limits)
            sheets.append(content)
        elif name.endswith("sharedstrings.xml"):
            longest_text = max(map(len, content.split(b"<si")), default=0)
            lengths = content
    if longest_text and sum(sheet.count(b'="s"') for sheet in sheets) * longest_text > _MAX_TEXT_BYTES:
        _check_texts(lengths, sheets)


def _check_places(sheet: bytes, limits: Limits) -> None:
    if _FAR_COLUMN.search(sheet):
        raise FileRefusedError("file_too_many_columns")
    if limits.far_row.search(sheet):
        raise FileRefusedError("file_sparse")
    if _CELL_WITHOUT_PLACE.search(sheet):
        raise FileRefusedError("file_broken")


def _check_texts(strings: bytes, sheets: list[bytes]) -> None:
    """One long text that many cells share unpacks in every one of them."""
    sizes = [len(text) for text in re.split(rb"<si[ >/]", strings)[1:]]
    total = sum(
        sizes[int(number)] for sheet in sheets for number in _REFERENCE.findall(sheet) if int(number) < len(sizes)
    )
    if total > _MAX_TEXT_BYTES:
        raise FileRefusedError("file_too_large")
