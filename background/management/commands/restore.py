import json
from pathlib import Path

from django.core.management.base import CommandError

from abarkuh_loans.commands import ScriptCommand
from background.backup import BackupRefusedError, restore


class Command(ScriptCommand):
    help = "Put a backup's rows into the database, all or nothing. Exit code 1 where that is refused."

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help="replace everything that the database holds")

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
