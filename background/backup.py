"""The whole database in one file, and back: rows as COPY gives them, with a manifest that says what must come out.

A backup holds rows, not the schema: it goes back into a database made by the same migrations. Sessions are left out,
so everybody signs in anew. For recovery to a moment, a production server also archives its log (docs/operations.md).
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from django.db import OperationalError, connections, transaction
from django.utils.translation import gettext_lazy as _

from abarkuh_loans.errors import RuleError
from audit.continuing import continue_trail

OWNER = "owner"
FORMAT = "abarkuh-loans-backup-1"
MANIFEST = "manifest.json"
LEFT_OUT = ("django_migrations", "django_session")
# Filled by the migrations themselves, so that their rows do not make a database «not empty».
OF_MIGRATIONS = ("django_content_type", "auth_permission")


class BackupRefusedError(RuleError):
    """The file or the database is not fit for it."""

    code = "backup_refused"


def backup(file: Path) -> dict:
    """Write every row to ``file``, as they stood in one instant. Gives the manifest. The file appears whole or not at all."""
    unfinished = file.with_name(file.name + ".part")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as raw:
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            manifest = _write(archive)
        raw.flush()
        os.fsync(raw.fileno())
    unfinished.replace(file)
    return manifest


def _write(archive: zipfile.ZipFile) -> dict:
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        manifest = {
            "format": FORMAT,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "migrations": _migrations(cursor),
            "sequences": _sequences(cursor),
            "tables": [_write_table(cursor, archive, *table) for table in _tables(cursor)],
        }
    archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return manifest


def _write_table(cursor, archive: zipfile.ZipFile, table: str, columns: list[str]) -> dict:
    with archive.open(_member(table), "w", force_zip64=True) as member, closing(_Hashing(member)) as target:
        cursor.copy_expert(f"COPY {_named(table, columns)} TO STDOUT", target)
        return {"name": table, "columns": columns, "rows": cursor.rowcount, "sha256": target.digest}


def restore(file: Path, *, force: bool = False) -> dict:
    """Put a backup's rows in the place of the database's, all or nothing. Gives the manifest.

    Raises BackupRefusedError: not a backup, damaged, of another schema, or the database holds rows and not ``force``.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _read_manifest(archive)
            with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 0")
                tables = _check_fits(cursor, manifest, force=force)
                _fill(cursor, archive, manifest, tables)
    except (zipfile.BadZipFile, EOFError, KeyError, TypeError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BackupRefusedError(_("The file is not a backup of this system, or it is damaged.")) from error
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None) != "55P03":
            raise
        raise BackupRefusedError(_("The database is in use. Stop the site and its workers first.")) from error
    return manifest


def _read_manifest(archive: zipfile.ZipFile) -> dict:
    manifest = json.loads(archive.read(MANIFEST))
    if manifest["format"] != FORMAT:
        raise BackupRefusedError(_("The file is not a backup of this system, or it is damaged."))
    return manifest


def _check_fits(cursor, manifest: dict, *, force: bool) -> list[str]:
    """The tables to fill, if the schema is the backup's own and nothing is lost unasked."""
    present = [[table, columns] for table, columns in _tables(cursor)]
    backed_up = [[table["name"], table["columns"]] for table in manifest["tables"]]
    if manifest["migrations"] != _migrations(cursor) or present != backed_up:
        raise BackupRefusedError(
            _("The backup comes from another version of the system. Install that version, or migrate this one first.")
        )
    tables = [table for table, columns in present]
    if not force:
        for table in tables:
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}")')
            if cursor.fetchone()[0] and table not in OF_MIGRATIONS:
                raise BackupRefusedError(_("The database is not empty. Use --force to replace everything in it."))
    return tables


def _fill(cursor, archive: zipfile.ZipFile, manifest: dict, tables: list[str]) -> None:
    """With the guards off and the locks held, until every constraint has been asked again."""
    quoted = [f'"{table}"' for table in tables]
    for table in quoted:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    cursor.execute(f'TRUNCATE {", ".join(quoted)}, "django_session"')
    for table in manifest["tables"]:
        with archive.open(_member(table["name"])) as member:
            source = _Hashing(member)
            cursor.copy_expert(f"COPY {_named(table['name'], table['columns'])} FROM STDIN", source)
            if cursor.rowcount != table["rows"] or source.digest != table["sha256"]:
                raise BackupRefusedError(_("The file is not a backup of this system, or it is damaged."))
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in quoted:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    for name, last in manifest["sequences"].items():
        cursor.execute("SELECT setval(%s::regclass, %s, %s)", [f'"{name}"', last or 1, last is not None])
    continue_trail(cursor)


def _tables(cursor) -> Iterator[tuple[str, list[str]]]:
    """The owner's tables with the columns that are stored as given (a generated one makes itself), by name."""
    cursor.execute(
        """
        SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attgenerated = ''
          AND pg_get_userbyid(c.relowner) = current_user AND NOT c.relname = ANY(%s)
        GROUP BY c.relname ORDER BY c.relname
        """,
        [list(LEFT_OUT)],
    )
    return iter(cursor.fetchall())


def _migrations(cursor) -> list[list[str]]:
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    return [list(row) for row in cursor.fetchall()]


def _sequences(cursor) -> dict[str, int | None]:
    cursor.execute(
        "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND sequenceowner = current_user"
    )
    return dict(cursor.fetchall())


def _named(table: str, columns: list[str]) -> str:
    return f'"{table}" ({", ".join(f"{chr(34)}{column}{chr(34)}" for column in columns)})'


def _member(table: str) -> str:
    return f"tables/{table}.copy"


class _Hashing:
    """A file that remembers the digest of what went through it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._sha256 = file, hashlib.sha256()

    @property
    def digest(self) -> str:
        return self._sha256.hexdigest()

    def write(self, block: bytes) -> int:
        self._sha256.update(block)
        return self._file.write(block)

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size)
        self._sha256.update(block)
        return block

    def close(self) -> None:
        self._file.flush()
