import json

from django.core.management.base import BaseCommand

from demo.loading import DatabaseNotEmptyError, load


class Command(BaseCommand):
    help = "Load the demo: the county's programme of 1401 with invented people. Into an empty database only."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON only")

    def handle(self, *args, **options) -> None:
        try:
            counts = load()
        except DatabaseNotEmptyError as error:
            if options["json"]:
                self.stdout.write(
                    json.dumps({"error": {"code": error.code, "message": str(error)}}, ensure_ascii=False)
                )
            else:
                self.stderr.write(str(error))
            raise SystemExit(1) from error
        if options["json"]:
            self.stdout.write(json.dumps(counts))
        else:
            for model, count in counts.items():
                self.stdout.write(f"{count:>6} {model}")
