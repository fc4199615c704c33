import json

from django.core.management.base import BaseCommand

from audit.verification import verify


class Command(BaseCommand):
    help = "Recompute the audit trail's chains and seals and hold them against the data. Exit code 1 if broken."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON only")

    def handle(self, *args, **options) -> None:
        result = verify()
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        else:
            self.stdout.write(f"{result['rows']} entries, {len(result['broken'])} broken")
            for fault in result["broken"]:
                self.stdout.write("  {fault}: {table} {row} {version}".format(**fault))
        if result["broken"]:
            raise SystemExit(1)
