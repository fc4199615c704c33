import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from background.backup import backup


class Command(BaseCommand):
    help = "Write the whole database to one file. Keep it as safe as the database: it holds people's data."

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="print JSON only")

    def handle(self, *args, **options) -> None:
        file: Path = options["file"]
        try:
            manifest = backup(file)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}", returncode=2) from error
        done = {
            "file": str(file),
            "bytes": file.stat().st_size,
            "tables": len(manifest["tables"]),
            "rows": sum(table["rows"] for table in manifest["tables"]),
        }
        self.stdout.write(
            json.dumps(done) if options["json"] else "{rows} rows of {tables} tables in {file}".format(**done)
        )
