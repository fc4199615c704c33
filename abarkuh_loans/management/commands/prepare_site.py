"""Everything between an empty folder and a site that can be served; ``bin/run`` calls it at every start."""

import hashlib
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, call_command, get_commands


class Command(BaseCommand):
    help = (
        "Prepare the database, load the demo into an empty one if asked, collect static files, name the demo's users."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="load the demo into an empty database")
        parser.add_argument("--demo-mark", type=Path, help="file to make once the database holds the demo")

    def handle(self, *, demo: bool, demo_mark: Path | None, **options) -> None:
        call_command("prepare_database", quiet=True)
        commands = get_commands()
        if demo and "load_demo" in commands and not get_user_model()._base_manager.exists():
            self.stdout.write("Loading the demo of 1401 ...")
            call_command("load_demo")
        collect_changed_static_files()
        if demo_mark and "demo_users" in commands:
            self.name_demo_users(demo_mark)

    def name_demo_users(self, demo_mark: Path) -> None:
        """Print the demo's users, if the database holds them, whoever loaded them; then its day stands still too."""
        written = StringIO()
        call_command("demo_users", stdout=written)
        if written.getvalue():
            demo_mark.touch()
            self.stdout.write(written.getvalue())


def collect_changed_static_files() -> None:
    """``collectstatic`` unless every source file is as it was the last time."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    stamp = settings.STATIC_ROOT / "collected"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(digest.hexdigest())
