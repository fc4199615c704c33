"""Bring a test database back to its first rows after a test that committed.

Django's own flush cannot: the site may not truncate, and the append-only tables refuse it by trigger. The owner does
it, switching the triggers of the tables concerned off and back to exactly what they were.
"""

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

KEPT = "first_rows"  # schema with a copy of every row that the migrations made
NEVER_EMPTIED = {"django_migrations"}
SWITCH_ON = {"O": "ENABLE", "A": "ENABLE ALWAYS", "R": "ENABLE REPLICA"}


def keep_first_rows(owner: BaseDatabaseWrapper) -> None:
    """Called once, on the template, right after the migrations."""
    with transaction.atomic(using=owner.alias), owner.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {KEPT}")
        for table in filled_tables(cursor):
            columns = plain_columns(cursor, table)
            cursor.execute(f'CREATE TABLE {KEPT}."{table}" AS SELECT {columns} FROM public."{table}"')


def number_as_in_a_later_year(owner: BaseDatabaseWrapper) -> None:
    """Rows of tests are numbered from 20,001: a page that groups or translates an id fails here, not in its third year."""
    with transaction.atomic(using=owner.alias), owner.cursor() as cursor:
        cursor.execute(
            "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 20000) FROM pg_sequences"
            " WHERE schemaname = 'public' AND sequenceowner = current_user"
        )


def restore_first_rows(owner: BaseDatabaseWrapper) -> None:
    with transaction.atomic(using=owner.alias), owner.cursor() as cursor:
        filled = filled_tables(cursor)
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [KEPT])
        kept = {table for (table,) in cursor.fetchall()}
        if not filled and not kept:
            return
        concerned = sorted({*filled, *kept, *referring_tables(cursor, {*filled, *kept})})
        triggers = enabled_triggers(cursor, concerned)
        for table, name, _mode in triggers:
            cursor.execute(f'ALTER TABLE public."{table}" DISABLE TRIGGER "{name}"')
        cursor.execute("TRUNCATE " + ", ".join(f'public."{table}"' for table in concerned))
        for table in sorted(kept):
            columns = plain_columns(cursor, table)
            cursor.execute(f'INSERT INTO public."{table}" ({columns}) SELECT {columns} FROM {KEPT}."{table}"')
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # ALTER TABLE refuses while checks are waiting
        for table, name, mode in triggers:
            cursor.execute(f'ALTER TABLE public."{table}" {SWITCH_ON[mode]} TRIGGER "{name}"')
    owner.close()


def filled_tables(cursor) -> list[str]:
    """The tables that hold a row, asked in one statement."""
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " AND NOT relispartition AND pg_get_userbyid(relowner) = current_user"
    )
    names = [name for (name,) in cursor.fetchall() if name not in NEVER_EMPTIED]
    cursor.execute(
        " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM public.\"{name}\")" for name in names)
    )
    return [name for (name,) in cursor.fetchall()]


def referring_tables(cursor, tables: set[str]) -> set[str]:
    """Those that point at the given ones, however far: PostgreSQL empties them together or not at all."""
    cursor.execute(
        "WITH RECURSIVE pointing AS (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%s)"
        " UNION SELECT conrelid FROM pg_constraint JOIN pointing ON confrelid = pointing.oid WHERE contype = 'f')"
        " SELECT relname FROM pg_class JOIN pointing USING (oid)",
        [sorted(tables)],
    )
    return {name for (name,) in cursor.fetchall()}


def enabled_triggers(cursor, tables: list[str]) -> list[tuple[str, str, str]]:
    cursor.execute(
        "SELECT relname, tgname, tgenabled FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid"
        " WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%s) AND NOT tgisinternal AND tgenabled <> 'D'",
        [tables],
    )
    return [(table, name, mode) for table, name, mode in cursor.fetchall()]


def plain_columns(cursor, table: str) -> str:
    """All columns but the generated ones, which nobody may write."""
    cursor.execute(
        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
        [f'public."{table}"'],
    )
    return cursor.fetchone()[0]
