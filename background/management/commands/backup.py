import json
from pathlib import Path

from django.core.management.base import CommandError

from abarkuh_loans.commands import ScriptCommand
from background.backup import backup


class Command(ScriptCommand):
    help = "Write the whole database to one file. Keep it as safe as the database: it holds people's data."

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)

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
