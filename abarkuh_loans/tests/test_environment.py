import pytest

from abarkuh_loans.environment import Environment, EnvironmentProblem, read_file

REMEDY = "write it."


def test_a_missing_variable_is_named_with_its_remedy():
    with pytest.raises(EnvironmentProblem, match="SECRET_KEY is not set: write it"):
        Environment({"SECRET_KEY": " "}).text("SECRET_KEY", REMEDY)


@pytest.mark.parametrize(("value", "meaning"), [("yes", True), ("1", True), ("No", False), ("off", False)])
def test_flags_are_read_in_the_usual_spellings(value, meaning):
    assert Environment({"DEBUG": value}).flag("DEBUG", REMEDY, default=not meaning) is meaning


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda e: e.flag("X", REMEDY, default=False), "perhaps"),
        (lambda e: e.number("X", REMEDY, default=1), "-3"),
        (lambda e: e.number("X", REMEDY, default=1), "۳"),
        (lambda e: e.choice("X", REMEDY, {"a", "b"}, "a"), "c"),
        (lambda e: e.jalali_day("X", REMEDY), "2022-08-22"),
        (lambda e: e.database("X", REMEDY), "mysql://u:p@h/db"),
        (lambda e: e.database("X", REMEDY), "postgresql://u:p@h"),
    ],
)
def test_a_wrong_value_stops_with_its_name(read, value):
    with pytest.raises(EnvironmentProblem, match="X has a value that cannot be used"):
        read(Environment({"X": value}))


def test_a_database_address_may_name_a_socket_folder():
    found = Environment({"X": "postgresql://u%40x:p%2F@/db?host=/tmp/some&sslmode=disable"}).database("X", REMEDY)
    assert found["HOST"] == "/tmp/some"
    assert (found["USER"], found["PASSWORD"], found["NAME"], found["PORT"]) == ("u@x", "p/", "db", "")
    assert found["OPTIONS"] == {"sslmode": "disable"}


def test_a_database_address_may_name_a_host_and_a_port():
    found = Environment({"X": "postgres://u:p@db.example:6543/loans"}).database("X", REMEDY)
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", "6543", "loans")


def test_an_env_file_is_read_plainly(tmp_path):
    file = tmp_path / ".env"
    file.write_text("# a remark\n\nexport A='x = y'\nB=نام\nbroken line\n#C=1\nD=\"q\n", encoding="utf-8")
    assert read_file(file) == {"A": "x = y", "B": "نام", "D": '"q'}
