import json
from contextlib import closing

from django.utils.translation import gettext as _

from abarkuh_loans.commands import ScriptCommand
from messaging.gateways import chosen
from messaging.workflow import pulling


class Command(ScriptCommand):
    help = "Fetch from the gateway what people wrote, and take it up. Safe to run twice: each message is kept once."

    def handle(self, *args, **options) -> None:
        with closing(chosen.gateway()) as gateway:
            counts = pulling.pull(gateway)
        if options["json"]:
            self.stdout.write(json.dumps(counts))
            return
        words = _("%(fetched)s messages were fetched, %(new)s of them new; %(taken_up)s were taken up.")
        self.stdout.write(words % counts)
