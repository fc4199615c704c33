import json

from django.core.management.base import BaseCommand

from oversight.invariants import check


class Command(BaseCommand):
    help = "Recompute every invariant that the data can show. Exit code 1 if one does not hold."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON only")

    def handle(self, *args, **options) -> None:
        result = check()
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        else:
            self.stdout.write(f"{len(result['checked'])} checks, {len(result['violations'])} violations")
            for violation in result["violations"]:
                self.stdout.write("  {invariant}: {where}: {detail}".format(**violation))
        if result["violations"]:
            raise SystemExit(1)
