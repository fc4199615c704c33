import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, connections, transaction


@pytest.mark.django_db
@pytest.mark.separate_roles
def test_tests_run_as_the_site_and_not_as_the_owner():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)")
        assert cursor.fetchone() == (connection.settings_dict["USER"], False)
    assert connection.settings_dict["USER"] != connections["owner"].settings_dict["USER"]


@pytest.mark.django_db
@pytest.mark.separate_roles
@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE auth_group",
        "CREATE TABLE public.mine (a int)",
        "DROP TABLE auth_group",
        "ALTER TABLE auth_group DISABLE TRIGGER ALL",
        "DELETE FROM django_migrations",
    ],
)
def test_the_site_may_neither_truncate_nor_change_tables(statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
@pytest.mark.separate_roles
def test_the_reader_reads_but_not_password_hashes_nor_sessions():
    Group.objects.create(name="seen")
    assert Group.objects.using("reader").count() == 1
    for statement in ("SELECT password FROM accounts_user", "SELECT * FROM django_session", "DELETE FROM auth_group"):
        with pytest.raises(DatabaseError), connections["reader"].cursor() as cursor:
            cursor.execute(statement)
    with connections["reader"].cursor() as cursor:
        cursor.execute("SELECT id, username FROM accounts_user")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_committed_row_is_gone_for_the_next_test_but_first_rows_stay(turn):
    assert not Group.objects.filter(name="left behind").exists()
    Group.objects.create(name="left behind")
    assert ContentType.objects.filter(app_label="auth", model="group").exists()


@pytest.mark.django_db
def test_the_reader_sees_rows_of_a_test_that_is_rolled_back():
    Group.objects.create(name="not committed")
    assert Group.objects.using("reader").filter(name="not committed").exists()


@pytest.mark.django_db
def test_persian_letters_count_as_letters():
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(show_trgm('احمدی')) > 0")
        assert cursor.fetchone() == (True,)
