"""The manner of the commands that scripts call: ``--json`` gives JSON alone on stdout, also where they refuse."""

import json
import re
import sys
from collections.abc import Callable
from functools import partial
from typing import NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext_lazy as _

BAD_ARGUMENTS = 2
# What argparse says, which speaks English alone, and what we say instead.
SENTENCES: list[tuple[str, str]] = [
    (r"the following arguments are required: (?P<names>.+)", _("These are missing: %(names)s.")),
    (r"unrecognized arguments: (?P<names>.+)", _("These are not known here: %(names)s. Try --help.")),
    (r"argument (?P<name>.+?): expected .+", _("Write a value after %(name)s.")),
    (
        r"argument (?P<name>.+?): invalid choice: (?P<value>.+) \(choose from (?P<choices>.+)\)",
        _("%(value)s does not fit %(name)s; there are: %(choices)s."),
    ),
    (
        r"argument (?P<name>.+?): invalid int value: (?P<value>.+)",
        _("%(value)s does not fit %(name)s: write a number."),
    ),
]


class ScriptCommand(BaseCommand):
    """Exit code 0 is done, 1 refused or violated, 2 bad arguments. A refusal is ``{"error": sentence}`` with ``--json``."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.error = partial(refuse_arguments, parser, self.stdout.write)
        return parser

    def add_arguments(self, parser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON only")

    def execute(self, *args, **options):
        try:
            return super().execute(*args, **options)
        except CommandError as error:
            if options["json"]:
                self.stdout.write(json.dumps({"error": str(error)}, ensure_ascii=False))
            raise


def refuse_arguments(parser: CommandParser, write: Callable[[str], object], message: str) -> NoReturn:
    """End with one sentence of ours; with JSON too where the caller reads JSON."""
    sentence = in_our_words(message)
    if not parser.called_from_command_line:
        raise CommandError(sentence, returncode=BAD_ARGUMENTS)
    if "--json" in sys.argv:
        write(json.dumps({"error": sentence, "code": "bad_arguments"}, ensure_ascii=False))
    parser.exit(BAD_ARGUMENTS, f"{parser.prog}: {sentence}\n")


def in_our_words(message: str) -> str:
    for pattern, sentence in SENTENCES:
        if found := re.fullmatch(pattern, message):
            return str(sentence) % found.groupdict()
    return message
