"""Bring the database to the code's state: extension, migrations, privileges of the three roles."""

from argparse import ArgumentParser

from django.core.management import BaseCommand, CommandError, call_command
from django.db import OperationalError, connections

from abarkuh_loans import privileges

OLDEST_SERVER = 150000
LOCK = 1401_0531  # one preparation at a time, whoever starts it


class Command(BaseCommand):
    help = "Migrate as the owner, then give the site's and the reader's role exactly what they may do."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="say nothing unless something is wrong")

    def handle(self, *, quiet: bool, **options) -> None:
        owner = connections["owner"]
        try:
            owner.ensure_connection()
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {error}پایگاه داده پاسخ نمی‌دهد.") from error
        with owner.cursor() as cursor:
            check_server(cursor)
            cursor.execute("SET lock_timeout = 0")  # another preparation may take its time
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            cursor.execute("RESET lock_timeout")
            try:
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
                check_persian_search(cursor)
                call_command("migrate", database="owner", interactive=False, verbosity=0 if quiet else 1)
                privileges.grant(
                    owner,
                    site=connections["default"].settings_dict["USER"],
                    reader=connections["reader"].settings_dict["USER"],
                )
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def check_server(cursor) -> None:
    cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('server_version')")
    number, name = cursor.fetchone()
    if number < OLDEST_SERVER:
        raise CommandError(f"PostgreSQL 15 or newer is needed; this server is {name}.")


def check_persian_search(cursor) -> None:
    """Under LC_CTYPE C no Persian letter counts as a letter: the search would find nothing and say nothing."""
    cursor.execute("SELECT cardinality(show_trgm('احمدی')) > 0, 'ی' ~ '\\w'")
    if cursor.fetchone() != (True, True):
        raise CommandError(
            "This database was made with LC_CTYPE C, where Persian search finds nothing; "
            "make it with --locale=C.UTF-8. پایگاه داده را با ‎C.UTF-8‎ بسازید، وگرنه جست‌وجوی فارسی کار نمی‌کند."
        )
