import json
from contextlib import closing

from django.utils.translation import gettext as _

from abarkuh_loans.commands import ScriptCommand
from messaging.gateways import chosen
from messaging.models import SendingPause
from messaging.workflow import sending


class Command(ScriptCommand):
    help = "Send the messages that are due, as beat does every half minute. Safe to run twice."

    def handle(self, *args, **options) -> None:
        with closing(chosen.gateway()) as gateway:
            counts = sending.send_due(gateway)
        pause = SendingPause.everything.filter(ended_at=None).first()
        if options["json"]:
            self.stdout.write(json.dumps(counts | {"paused": pause.reason if pause else ""}))
            return
        self.stdout.write(", ".join(f"{number} {status}" for status, number in counts.items()) or _("Nothing is due."))
        if pause:
            self.stderr.write(_("Sending is paused: %(reason)s") % {"reason": pause.reason})
