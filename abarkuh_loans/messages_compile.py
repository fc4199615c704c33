"""Compile every changed ``.po`` file. In Python, because a fresh machine has no ``msgfmt``.

``python -m abarkuh_loans.messages_compile``; the commands in ``bin/`` do it at start.
"""

import os
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent


def compile_changed() -> list[Path]:
    """Write the ``.mo`` beside each catalogue that is newer than it; give back those written."""
    written = []
    for source in sorted([*ROOT.glob("locale/*/LC_MESSAGES/*.po"), *ROOT.glob("*/locale/*/LC_MESSAGES/*.po")]):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        half = target.with_name(f"{target.name}.{os.getpid()}")
        polib.pofile(str(source)).save_as_mofile(str(half))
        half.replace(target)
        written.append(target)
    return written


if __name__ == "__main__":
    for path in compile_changed():
        print(path.relative_to(ROOT))
