import json

from abarkuh_loans.commands import ScriptCommand
from employment_tracking.checks import check_every_programme


class Command(ScriptCommand):
    help = "Run the automatic checks over every job record: write what is new, clear what is gone. Safe to run twice."

    def handle(self, *args, **options) -> None:
        found = check_every_programme()
        if options["json"]:
            self.stdout.write(json.dumps(found))
            return
        for code, numbers in found["rules"].items():
            self.stdout.write("{code}: {found} found, {new} new, {cleared} cleared".format(code=code, **numbers))
