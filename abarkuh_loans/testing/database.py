"""One database per test process, as the site's role sees it.

The owner migrates once into a template that is named after the migrations; each process copies it in a moment. Tests
then run through the same three roles as the site, so a missing privilege shows here first.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase

from abarkuh_loans.testing import emptying

ALIASES = ("default", "owner", "reader")
# what a crash would lose is worth nothing here, and a test may think for longer than a page
SERVER_SETTINGS = " -c synchronous_commit=off -c idle_in_transaction_session_timeout=0"
TEMPLATE_LOCK = 1401_0601
SHAPING_FILES = (
    "migrations/*",
    "models.py",
    "models/*.py",
    "apps.py",
    "*.sql",
    "roles.py",
    "privileges.py",
    "triggers.py",
    "tracking.py",
)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker) -> Iterator[None]:
    """A fresh database for this process; gone afterwards."""
    real_name = connections["owner"].settings_dict["NAME"]
    with django_db_blocker.unblock():
        desk = maintenance_connection()
        template = ensure_template(desk, real_name)
        name = take_database(desk, real_name, template)
        point_at(name)
    TransactionTestCase._fixture_teardown = lambda case: emptying.restore_first_rows(connections["owner"])
    yield
    with django_db_blocker.unblock():
        point_at(real_name)
        drop(desk, name)
        desk.close()


@pytest.fixture(autouse=True)
def _reader_sees_the_test(request: pytest.FixtureRequest, _django_db_marker) -> Iterator[None]:
    """In a test that is rolled back, the reader looks through the site's connection, else it would see nothing.

    What the reader's role may do is a matter for tests with real transactions.
    """
    mark = request.node.get_closest_marker("django_db")
    if not mark or mark.kwargs.get("transaction") or (mark.args and mark.args[0]):
        yield
        return
    real = connections["reader"]
    connections["reader"] = connections["default"]
    yield
    connections["reader"] = real


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test with a database may use all three roles, and says so before Django forbids it."""
    apart = len({settings.DATABASES[alias]["USER"] for alias in ALIASES}) == len(ALIASES)
    for item in items:
        mark = item.get_closest_marker("django_db")
        fixtures = set(getattr(item, "fixturenames", ()))
        transactional = bool(fixtures & {"transactional_db", "live_server", "live_site"})
        if mark or transactional or "db" in fixtures:
            wishes = {"databases": "__all__", **(mark.kwargs if mark else {})}
            if transactional:
                wishes["transaction"] = True
            item.add_marker(pytest.mark.django_db(*(mark.args if mark else ()), **wishes), append=False)
        if not apart and item.get_closest_marker("separate_roles"):
            item.add_marker(
                pytest.mark.skip(reason="DATABASE_OWNER_URL and DATABASE_READER_URL are not roles of their own")
            )


def maintenance_connection() -> psycopg2.extensions.connection:
    """The owner's own connection to the real database, for CREATE DATABASE and for locks that last the whole run."""
    owner = connections["owner"]
    connection = psycopg2.connect(**owner.get_connection_params() | {"cursor_factory": None})
    connection.autocommit = True
    run(connection, "SET lock_timeout = 0")
    return connection


def ensure_template(desk, real_name: str) -> str:
    """The migrated database to copy, made anew when a migration, a model or a privilege has changed."""
    prefix = f"template_{real_name}_"
    template = prefix + shape()
    run(desk, "SELECT pg_advisory_lock(%s)", TEMPLATE_LOCK)
    try:
        existing = [
            name for (name,) in run(desk, "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", prefix)
        ]
        if template not in existing:
            half = prefix + "half"
            for name in existing:
                drop(desk, name)
            run(desk, f'CREATE DATABASE "{half}"')
            point_at(half)
            call_command("prepare_database", quiet=True)
            emptying.keep_first_rows(connections["owner"])
            emptying.number_as_in_a_later_year(connections["owner"])
            point_at(real_name)
            run(desk, f'ALTER DATABASE "{half}" RENAME TO "{template}"')
    finally:
        run(desk, "SELECT pg_advisory_unlock(%s)", TEMPLATE_LOCK)
    return template


def take_database(desk, real_name: str, template: str) -> str:
    """Copy the template under a name that no other run holds at this moment."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main") + os.environ.get("TEST_DB_SUFFIX", "")
    for turn in range(1, 20):
        name = f"test_{real_name}_{worker}_{turn}"
        if run(desk, "SELECT pg_try_advisory_lock(hashtext(%s))", name)[0][0]:
            drop(desk, name)
            run(desk, "SELECT pg_advisory_lock(%s)", TEMPLATE_LOCK)
            try:
                run(desk, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
            finally:
                run(desk, "SELECT pg_advisory_unlock(%s)", TEMPLATE_LOCK)
            return name
    pytest.exit("Twenty test runs hold a database each; one too many.")


def drop(desk, name: str) -> None:
    try:
        run(desk, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    except psycopg2.errors.InsufficientPrivilege:  # a given server, whose owner may not end other roles' sessions
        run(desk, f'DROP DATABASE IF EXISTS "{name}"')


def point_at(name: str) -> None:
    for alias in ALIASES:
        connections[alias].close()
        for places in (settings.DATABASES[alias], connections[alias].settings_dict):
            places["NAME"] = name
            places["CONN_MAX_AGE"] = 0
            if SERVER_SETTINGS not in places["OPTIONS"]["options"]:
                places["OPTIONS"]["options"] += SERVER_SETTINGS


def run(connection, statement: str, *values) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def shape() -> str:
    """A fingerprint of everything that decides how an empty database looks."""
    digest = hashlib.sha256()
    root = Path(settings.BASE_DIR)
    folders = sorted({app.split(".")[0] for app in settings.INSTALLED_APPS})
    for file in sorted(
        {file for app in folders for pattern in SHAPING_FILES for file in root.glob(f"{app}/{pattern}")}
    ):
        if file.is_file() and file.suffix in {".py", ".sql"}:
            digest.update(f"{file.relative_to(root)}\n".encode() + file.read_bytes())
    digest.update((root / "requirements.txt").read_bytes() + Path(__file__).with_name("emptying.py").read_bytes())
    return digest.hexdigest()[:12]
