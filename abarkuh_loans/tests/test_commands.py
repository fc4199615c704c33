"""A command with a wrong argument says in Persian what is wrong; scripts read it as JSON."""

import json

import pytest
from django.core.management import call_command, load_command_class
from django.core.management.base import CommandError

from abarkuh_loans.commands import in_our_words


def test_what_is_missing_is_named_in_persian():
    with pytest.raises(CommandError, match="این‌ها را ننوشته‌اید: --programme"):
        call_command("summary")


def test_a_script_reads_the_refusal_as_json(capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["manage.py", "propose_list", "--programme", "1401", "--strategy", "x", "--json"])
    command = load_command_class("working_group", "propose_list")
    command._called_from_command_line = True

    with pytest.raises(SystemExit) as ended:
        command.create_parser("manage.py", "propose_list").parse_args(
            ["--programme", "1401", "--strategy", "x", "--json"]
        )

    said = capsys.readouterr()
    assert ended.value.code == 2
    assert json.loads(said.out)["code"] == "bad_arguments"
    assert "strict" in json.loads(said.out)["error"]
    assert "پذیرفته نیست" in said.err


@pytest.mark.parametrize(
    "message",
    [
        "the following arguments are required: --programme",
        "unrecognized arguments: --x",
        "argument --programme: expected one argument",
        "argument --count: invalid int value: 'x'",
    ],
)
def test_what_argparse_says_is_said_in_our_words(message):
    assert in_our_words(message) != message


def test_what_it_says_elsewhere_is_passed_on():
    assert in_our_words("conflicting options") == "conflicting options"
