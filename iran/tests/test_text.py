import pytest

from iran import text

ZWNJ = "\u200c"


def test_digits_of_three_scripts_become_ascii_and_grouping_stays():
    assert text.to_ascii_digits("۰۱۲۳۴۵۶۷۸۹ ٠١٢٣٤٥٦٧٨٩ 0123456789") == " ".join(["0123456789"] * 3)
    assert text.to_ascii_digits("۱٬۵۰۰ و ۲،۰۰۰") == "1٬500 و 2،000"


def test_ascii_and_arabic_digits_become_persian():
    assert text.to_persian_digits("1401/٠٥/۳۱ الف") == "۱۴۰۱/۰۵/۳۱ الف"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("علي كريمى", "علی کریمی"),
        ("  دو   فاصله \u00a0 اینجا\t", "دو فاصله اینجا"),
        ("\u200fراست\u200e \u202aچپ\u202c \u2067میان\u2069", "راست چپ میان"),
        ("کـــشیده", "کشیده"),
        (f"{ZWNJ}می{ZWNJ}{ZWNJ}رود{ZWNJ}", f"می{ZWNJ}رود"),
        (f"خانه {ZWNJ} ها {ZWNJ}", "خانه ها"),
        ("پلاک ۱۲ و ٣٤", "پلاک 12 و 34"),
        ("ا\u0653ب", "آب"),  # NFC
        ("آ\u200fب\x00", "آب"),
        ("ﻋﻠﻲ ﻻله", "علی لاله"),  # presentation forms of an old bank file
        ("سطر اول\nسطر دوم", "سطر اول سطر دوم"),
        ("abc123", "abc123"),
        ("", ""),
    ],
)
def test_text_is_stored_in_one_form(typed, stored):
    assert text.clean(typed) == stored
    assert text.clean(stored) == stored


def test_line_ends_stay_only_where_they_are_wanted():
    assert text.clean("\n یک  \r\n\nدو ي\n", multiline=True) == "یک\n\nدو ی"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("رضائي", "رضایی"),
        ("آقا", "اقا"),
        ("أحمد إبراهیم ٱلله", "احمد ابراهیم الله"),
        ("مؤمن", "مومن"),
        ("خانۀ فاطمة", "خانه فاطمه"),
        (f"اشتغال{ZWNJ}زایی", "اشتغالزایی"),
        ("مُحَمَّد", "محمد"),
        ("ABARKUH ۱۲", "abarkuh 12"),
        ("جزء", "جز"),
        ("ه\u0654مه", "همه"),
        ("دو  ً  کلمه", "دو کلمه"),
    ],
)
def test_spellings_of_one_word_are_found_together(one, other):
    assert text.search_key(one) == text.search_key(other)


def test_words_stay_apart_in_the_search_key():
    assert text.search_key(f" سید {ZWNJ} علي  ۹ ") == "سید علی 9"


def test_names_are_ordered_by_the_persian_alphabet():
    names = [
        "آرش",
        "احمد",
        "بابک",
        "پرویز",
        "تقی",
        "جواد",
        "چنگیز",
        "زهرا",
        "ژاله",
        "کاوه",
        "گلی",
        "لاله",
        "منصور",
        "نادر",
        "وحید",
        "همت",
        "یاسر",
    ]
    assert sorted(names, key=text.sort_key) == names


def test_the_shorter_name_and_the_number_come_first():
    assert sorted(["علیرضا", "علی یار", "علی", "۱۲ علی", "zar", "یاس"], key=text.sort_key) == [
        "۱۲ علی",
        "علی",
        "علی یار",
        "علیرضا",
        "یاس",
        "zar",
    ]


def test_spelling_and_punctuation_do_not_change_the_order():
    assert text.sort_key("«رضائي»، مُحمد") == text.sort_key("رضایی محمد")
    assert text.sort_key("Abar") == text.sort_key("abar")


def test_the_sort_key_is_ascii_for_persian_and_latin_text():
    assert text.sort_key("آب‌ریز پژوهش ۱۲ ABC ءئؤ").isascii()


@pytest.mark.parametrize("sql", [text.SEARCH_KEY_SQL("name"), text.SORT_KEY_SQL("name")])
def test_the_sql_stands_in_a_migration_without_parameters(sql):
    assert "%" not in sql
    assert sql.isascii()
    assert "translate(name, " in sql


class _Compiler:
    """Compiles a column to its name, as the compiler of a generated column does."""

    def compile(self, expression):
        return f'"{expression.name}"', []


@pytest.mark.parametrize("expression_class", [text.SearchKey, text.SortKey])
def test_columns_are_joined_by_a_space_and_null_counts_as_empty(expression_class):
    sql, params = expression_class("first_name", "last_name").as_sql(_Compiler(), connection=None)
    assert """COALESCE("first_name", '') || ' ' || COALESCE("last_name", '')""" in sql
    assert params == []


def test_the_bare_folding_expression_has_no_sql():
    with pytest.raises(NotImplementedError):
        text._FoldedKey("name").as_sql(_Compiler(), connection=None)


def test_a_migration_finds_the_expressions_where_they_are():
    assert text.SearchKey("name").deconstruct() == ("iran.text.SearchKey", ("name",), {})
    assert text.SortKey("name").deconstruct() == ("iran.text.SortKey", ("name",), {})
