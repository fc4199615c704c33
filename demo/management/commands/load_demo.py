import json

from django.core.management.base import CommandError

from abarkuh_loans.commands import ScriptCommand
from demo.loading import DatabaseNotEmptyError, load


class Command(ScriptCommand):
    help = "Load the demo: the county's programme of 1401 with invented people. Into an empty database only."

    def handle(self, *args, **options) -> None:
        try:
            counts = load()
        except DatabaseNotEmptyError as error:
            raise CommandError(str(error), returncode=1) from error
        if options["json"]:
            self.stdout.write(json.dumps(counts))
            return
        for model, count in counts.items():
            self.stdout.write(f"{count:>6} {model}")
