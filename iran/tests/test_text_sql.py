"""The folding and the check digits in SQL are those of Python."""

import pytest
from django.db import connections, models
from django.test.utils import isolate_apps

from iran import identifiers, sql, text

SAMPLES = [
    "",
    "علي كريمى",
    "  رضائي   مُحَمَّد  ",
    "آقا أحمد إبراهیم ٱلله مؤمن خانۀ فاطمة جزء",
    "اشتغال\u200cزایی، «پرویز» (۱۴۰۱/۰۵/۳۱) – ٪۳٫۵",
    "ABARKUH loans 12-٣٤ 'quoted' \\ back % per cent",
    "ژاله\u200f پژوهش\u00a0گر\tچنگیز",
    "".join(map(chr, range(0x20, 0x7F))),
    "".join(map(chr, range(0x0621, 0x06D6))),
]

pytestmark = pytest.mark.django_db
connection = connections["owner"]  # the site's role makes neither tables nor functions


def _select(expression: str, value: str):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {expression}", [value])
        return cursor.fetchone()[0]


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_server_folds_text_as_python_does(sample):
    stored = text.clean(sample)
    assert _select(text.SEARCH_KEY_SQL("%s::text"), stored) == text.search_key(sample)
    assert _select(text.SORT_KEY_SQL("%s::text"), stored) == text.sort_key(sample)


def test_the_server_keeps_a_generated_column_and_orders_it():
    with connection.cursor() as cursor:
        cursor.execute(
            f"""CREATE TEMPORARY TABLE folded (
                name text,
                search_key text GENERATED ALWAYS AS ({text.SEARCH_KEY_SQL("name")}) STORED,
                sort_key text COLLATE "C" GENERATED ALWAYS AS ({text.SORT_KEY_SQL("name")}) STORED
            )"""
        )
        cursor.execute("INSERT INTO folded (name) SELECT unnest(%s)", [["یاسر", "پرویز", "گلی", "آرش", "هما", "تقی"]])
        cursor.execute("SELECT name FROM folded ORDER BY sort_key")
        assert [row[0] for row in cursor.fetchall()] == ["آرش", "پرویز", "تقی", "گلی", "هما", "یاسر"]


@isolate_apps("iran")
def test_a_model_keeps_the_keys_of_two_columns():
    class Folded(models.Model):
        first_name = models.CharField(max_length=50)
        last_name = models.CharField(max_length=50, null=True)
        found_by = models.GeneratedField(
            expression=text.SearchKey("first_name", "last_name"), output_field=models.TextField(), db_persist=True
        )
        ordered_by = models.GeneratedField(
            expression=text.SortKey("last_name", "first_name"),
            output_field=models.TextField(db_collation="C"),
            db_persist=True,
        )

        class Meta:
            app_label = "iran"

    with connection.schema_editor() as editor:
        editor.create_model(Folded)
    Folded.objects.using("owner").create(first_name="علی", last_name="پژوهش\u200cگر")
    Folded.objects.using("owner").create(first_name="مینا", last_name=None)
    Folded.objects.using("owner").create(first_name="زهرا", last_name="آریایی")
    rows = Folded.objects.using("owner").order_by("ordered_by")
    assert [row.found_by for row in rows] == ["زهرا اریایی", "علی پژوهشگر", "مینا"]
    assert [row.ordered_by for row in rows] == sorted(
        text.sort_key(name) for name in ("پژوهش\u200cگر علی", "مینا", "آریایی زهرا")
    )
    assert Folded.objects.using("owner").annotate(key=text.SearchKey("first_name")).filter(key="علی").count() == 1


@pytest.mark.parametrize(
    ("ddl", "function", "predicate", "stem", "length"),
    [
        (sql.NATIONAL_ID_OK_SQL, "iran_national_id_ok", identifiers.is_national_id, "00135424", 2),
        (sql.LEGAL_ID_OK_SQL, "iran_legal_id_ok", identifiers.is_legal_id, "103802847", 2),
    ],
)
def test_the_server_checks_digits_as_python_does(ddl, function, predicate, stem, length):
    values = [f"{stem}{ending:0{length}d}" for ending in range(10**length)]
    values += ["", "1111111111", "0000000001", "1230000001", "12300000019", stem, f"{stem}00\n", "۰۰۱۳۵۴۲۴۱۹"]
    with connection.cursor() as cursor:
        cursor.execute(ddl)
        cursor.execute(f"SELECT value, {function}(value) FROM unnest(%s::text[]) AS value", [values])
        assert dict(cursor.fetchall()) == {value: predicate(value) for value in values}
        cursor.execute(f"SELECT {function}(NULL)")
        assert cursor.fetchone() == (None,)


def test_the_server_checks_sheba_numbers_as_python_does():
    values = [f"IR{check:02d}2960000000100324200001" for check in range(100)] + ["", "IR06296"]
    with connection.cursor() as cursor:
        cursor.execute(sql.SHEBA_OK_SQL)
        cursor.execute("SELECT value, iran_sheba_ok(value) FROM unnest(%s::text[]) AS value", [values])
        assert dict(cursor.fetchall()) == {value: identifiers.is_sheba(value) for value in values}


@pytest.mark.parametrize("ddl", [sql.NATIONAL_ID_OK_DROP_SQL, sql.LEGAL_ID_OK_DROP_SQL, sql.SHEBA_OK_DROP_SQL])
def test_the_functions_can_be_taken_away_twice(ddl):
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT before")
        cursor.execute(ddl + " CASCADE")
        cursor.execute(ddl)
        cursor.execute("ROLLBACK TO SAVEPOINT before")
