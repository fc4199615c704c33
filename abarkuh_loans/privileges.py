"""What the site's and the reader's role may do in the database. Given by the owner after every migration.

The site may select, insert, update and delete in every table, except where an app says otherwise; it never truncates,
owns nothing and makes no tables. An ``AppConfig`` may define:

* ``site_privileges = {"quotas_creditmovement": "SELECT, INSERT", ...}``: exactly what the site may do with that table;
* ``reader_hides = {"accounts_user": ["password"], "django_session": ["*"]}``: columns (or ``*``, all) kept from the reader.
"""

from django.apps import apps
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

EVERYTHING_BUT_TRUNCATE = "SELECT, INSERT, UPDATE, DELETE"


def registry(attribute: str) -> dict:
    """All apps' entries of one kind, by table name."""
    merged: dict = {}
    for config in apps.get_app_configs():
        merged |= getattr(config, attribute, {})
    return merged


def grant(owner: BaseDatabaseWrapper, *, site: str, reader: str) -> None:
    """Give both roles what they are meant to have and take away the rest, in one transaction of the owner's."""
    roles = {role for role in (site, reader) if role != owner.settings_dict["USER"]}
    if not roles:
        return
    with transaction.atomic(using=owner.alias), owner.cursor() as cursor:
        tables = owned_tables(cursor)
        reset(cursor, owner, roles)
        if site in roles:
            grant_site(cursor, owner, site, tables)
        if reader in roles and reader != site:
            grant_reader(cursor, owner, reader, tables)


def reset(cursor, owner: BaseDatabaseWrapper, roles: set[str]) -> None:
    quote = owner.ops.quote_name
    names = ", ".join(quote(role) for role in sorted(roles))
    database = quote(owner.settings_dict["NAME"])
    cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {names}")
    cursor.execute(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {names}")
    cursor.execute(f"REVOKE ALL ON DATABASE {database} FROM PUBLIC, {names}")
    cursor.execute(f"GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {names}")


def grant_site(cursor, owner: BaseDatabaseWrapper, site: str, tables: list[str]) -> None:
    quote = owner.ops.quote_name
    special = registry("site_privileges")
    for table in tables:
        if privileges := special.get(table, EVERYTHING_BUT_TRUNCATE):
            cursor.execute(f"GRANT {privileges} ON TABLE {quote(table)} TO {quote(site)}")
    cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {quote(site)}")


def grant_reader(cursor, owner: BaseDatabaseWrapper, reader: str, tables: list[str]) -> None:
    quote = owner.ops.quote_name
    hidden = registry("reader_hides")
    for table in tables:
        if table not in hidden:
            cursor.execute(f"GRANT SELECT ON TABLE {quote(table)} TO {quote(reader)}")
        elif columns := shown_columns(cursor, table, hidden[table]):
            listed = ", ".join(quote(column) for column in columns)
            cursor.execute(f"GRANT SELECT ({listed}) ON TABLE {quote(table)} TO {quote(reader)}")


def owned_tables(cursor) -> list[str]:
    """The owner's tables and views in the public schema; an extension's own are not ours to give."""
    cursor.execute(
        "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')"
        " AND pg_get_userbyid(c.relowner) = current_user ORDER BY 1"
    )
    return [name for (name,) in cursor.fetchall()]


def shown_columns(cursor, table: str, hidden: list[str]) -> list[str]:
    if "*" in hidden:
        return []
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " AND NOT attname = ANY(%s) ORDER BY attnum",
        [f'public."{table}"', hidden],
    )
    return [name for (name,) in cursor.fetchall()]
