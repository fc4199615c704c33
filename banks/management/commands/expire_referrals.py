import json

from django.core.management.base import BaseCommand

from banks.expiry import expire_due
from iran.calendar import programme_today


class Command(BaseCommand):
    help = "End unanswered referrals past their validity and free their credit. Safe to run twice."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON only")

    def handle(self, *args, **options) -> None:
        found = expire_due(today=programme_today())
        if options["json"]:
            self.stdout.write(json.dumps(found))
        else:
            self.stdout.write("{expired} of {due} expired, {left} left for the next run".format(**found))
