"""The commands as scripts call them: exit codes and JSON."""

import json

import pytest
from django.core.management import CommandError, call_command

from applicants.models import Applicant, Application, ApplicationEvent, ImportedList
from applicants.tests.lists import a_programme, excel, person, sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return a_programme()


@pytest.fixture
def file(tmp_path):
    def write(content, name="list.xlsx"):
        path = tmp_path / name
        path.write_bytes(content)
        return str(path)

    return write


def run(capsys, *arguments, command="import_applicants"):
    code = 0
    try:
        call_command(command, *arguments, "--json")
    except SystemExit as stop:
        code = stop.code
    return code, json.loads(capsys.readouterr().out)


def test_without_commit_nothing_is_written(programme, file, capsys):
    code, answer = run(capsys, file(sample("applicants_1401.xlsx")), "--programme", "1401")

    assert (code, answer["read"], answer["valid"], answer["committed"]) == (0, 122, 122, 0)
    assert not ImportedList.everything.exists()
    assert not Applicant.everything.exists()


def test_with_commit_the_valid_rows_go_in_and_the_faulty_are_reported(programme, file, capsys):
    code, answer = run(capsys, file(sample("applicants_faulty.xlsx")), "--programme", "۱۴۰۱", "--commit")

    assert (code, answer["committed"], answer["faulty"]) == (0, 49, 11)
    assert Application.everything.filter(programme=programme, status="registered").count() == 49
    assert ApplicationEvent.everything.count() == 49
    assert ImportedList.everything.get().rows_valid == 49


def test_the_same_file_a_second_time_is_refused(programme, file, capsys):
    path = file(sample("applicants_1401.xlsx"))
    run(capsys, path, "--programme", "1401", "--commit")

    code, answer = run(capsys, path, "--programme", "1401", "--commit")

    assert (code, answer["code"], answer["committed"]) == (1, "file_already_imported", 0)
    assert Application.everything.count() == 122


@pytest.mark.parametrize(
    "arguments",
    [
        ("--programme", "1402"),
        ("--programme", "abc"),
        ("--programme", "1401", "--agency", "nobody"),
    ],
)
def test_arguments_that_name_nothing_end_with_two(programme, file, capsys, arguments):
    code, answer = run(capsys, file(excel(person())), *arguments)

    assert code == 2
    assert answer["error"]


def test_a_missing_file_ends_with_two(programme, capsys, tmp_path):
    code, answer = run(capsys, str(tmp_path / "none.xlsx"), "--programme", "1401")

    assert (code, answer["read"]) == (2, 0)


def test_an_unreadable_file_ends_with_one(programme, file, capsys):
    code, answer = run(capsys, file(b"not excel"), "--programme", "1401", "--commit")

    assert (code, answer["code"]) == (1, "file_not_excel")


def test_without_json_a_refusal_is_one_sentence(programme, file):
    with pytest.raises(CommandError) as refused:
        call_command("import_applicants", file(b"x"), "--programme", "1401")

    assert refused.value.returncode == 1


def test_the_jobs_of_an_agency_go_in(programme, file, capsys):
    code, answer = run(
        capsys, file(sample("jobs_agriculture.xlsx")), "--programme", "1401", "--agency", "agriculture", "--commit",
        command="import_jobs",
    )  # fmt: skip

    assert (code, answer["committed"]) == (0, 118)
