import json

from abarkuh_loans.commands import ScriptCommand
from employment_tracking.workflow.advancing import advance
from iran.calendar import programme_now


class Command(ScriptCommand):
    help = "Open, remind, take up and close the verification cases that are due. Safe to run twice."

    def handle(self, *args, **options) -> None:
        found = advance(now=programme_now())
        if options["json"]:
            self.stdout.write(json.dumps(found))
        else:
            self.stdout.write("\n".join(f"{step}: {count}" for step, count in found.items()))
