"""The manner of the commands that scripts call: ``--json`` gives JSON alone on stdout, also where they refuse."""

import json

from django.core.management.base import BaseCommand, CommandError


class ScriptCommand(BaseCommand):
    """Exit code 0 is done, 1 refused or violated, 2 bad arguments. A refusal is ``{"error": sentence}`` with ``--json``."""

    def add_arguments(self, parser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON only")

    def execute(self, *args, **options):
        try:
            return super().execute(*args, **options)
        except CommandError as error:
            if options["json"]:
                self.stdout.write(json.dumps({"error": str(error)}, ensure_ascii=False))
            raise
