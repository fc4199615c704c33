"""Is every sentence of the pages and of the code there in Persian? Needs ``xgettext`` (package gettext) to collect them."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import polib
from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils.translation import trans_real
from django.utils.translation.template import templatize

KEYWORDS = (
    "gettext_noop", "gettext_lazy", "ngettext_lazy:1,2", "npgettext:1c,2,3", "pgettext:1c,2", "pgettext_lazy:1c,2",
    "npgettext_lazy:1c,2,3", "gettext", "ngettext:1,2", "_",
)  # fmt: skip
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
ARABIC_LETTERS = re.compile("[يكةى]")
FOLDERS_LEFT_OUT = {".local", "staticfiles", "static", "tests", "migrations", ".git"}


class Command(BaseCommand):
    help = "List the messages that have no Persian translation, or one with other placeholders or Arabic letters."
    requires_system_checks: list[str] = []

    def handle(self, **options) -> None:
        if not shutil.which("xgettext"):
            raise CommandError("xgettext is not installed (Debian, Ubuntu: apt install gettext).")
        with tempfile.TemporaryDirectory() as folder:
            entries = collect(Path(folder))
        catalogue = trans_real.DjangoTranslation("fa")
        faults = [fault for entry in entries for fault in faults_of(entry, catalogue)]
        faults += [f"{file}: {entry.msgid!r} has an Arabic letter" for file, entry in with_arabic_letters()]
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} of {len(entries)} messages are not in order.")
        self.stdout.write(f"{len(entries)} messages, all in Persian.")


def collect(folder: Path) -> polib.POFile:
    """Every message of our Python files and templates; a template becomes Python-like text first, as in ``makemessages``."""
    sources = []
    for file in sorted(settings.BASE_DIR.rglob("*")):
        place = file.relative_to(settings.BASE_DIR)
        if (
            file.suffix not in {".py", ".html", ".txt"}
            or FOLDERS_LEFT_OUT & set(place.parts)
            or file.name.startswith("requirements")
        ):
            continue
        text = file.read_text(encoding="utf-8")
        copy = folder / place.with_name(place.name + ("" if file.suffix == ".py" else ".py"))
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text if file.suffix == ".py" else templatize(text, origin=str(place)), encoding="utf-8")
        sources.append(str(copy.relative_to(folder)))
    command = [
        "xgettext",
        "-L",
        "Python",
        "--from-code=UTF-8",
        "-o",
        "all.pot",
        *(f"-k{word}" for word in KEYWORDS),
        "-f",
        "-",
    ]
    done = subprocess.run(command, input="\n".join(sources), text=True, cwd=folder, capture_output=True)
    if done.returncode:
        raise CommandError(done.stderr)
    return polib.pofile(str(folder / "all.pot"))


def faults_of(entry: polib.POEntry, catalogue: trans_real.DjangoTranslation) -> list[str]:
    where = ", ".join(file.removesuffix(".html.py") for file, _line in entry.occurrences[:2])
    key = f"{entry.msgctxt}\x04{entry.msgid}" if entry.msgctxt else entry.msgid
    keys = [(key, 0), (key, 1)] if entry.msgid_plural else [key]
    found = [catalogue._catalog.get(each) for each in keys]
    if not all(found):
        return [f"{where}: {entry.msgid!r} has no Persian"]
    wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    if any(set(PLACEHOLDER.findall(text)) - wanted for text in found) or set(PLACEHOLDER.findall(found[-1])) != wanted:
        return [f"{where}: {entry.msgid!r} has other placeholders in Persian"]
    return []


def with_arabic_letters() -> list[tuple[Path, polib.POEntry]]:
    files = [
        *settings.BASE_DIR.glob("locale/*/LC_MESSAGES/*.po"),
        *settings.BASE_DIR.glob("*/locale/*/LC_MESSAGES/*.po"),
    ]
    return [
        (file.relative_to(settings.BASE_DIR), entry)
        for file in files
        for entry in polib.pofile(str(file))
        if ARABIC_LETTERS.search(entry.msgstr + "".join(entry.msgstr_plural.values()))
    ]
