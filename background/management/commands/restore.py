import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from background.backup import BackupRefusedError, restore


class Command(BaseCommand):
    help = "Put a backup's rows into the database, all or nothing. Exit code 1 where that is refused."

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help="replace everything that the database holds")
        parser.add_argument("--json", action="store_true", help="print JSON only")

    def handle(self, *args, **options) -> None:
        file: Path = options["file"]
        try:
            manifest = restore(file, force=options["force"])
        except BackupRefusedError as error:
            raise CommandError(str(error), returncode=1) from error
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}", returncode=2) from error
        rows = sum(table["rows"] for table in manifest["tables"])
        done = {"made_at": manifest["made_at"], "tables": len(manifest["tables"]), "rows": rows}
        self.stdout.write(
            json.dumps(done) if options["json"] else "{rows} rows of {tables} tables, as of {made_at}".format(**done)
        )
