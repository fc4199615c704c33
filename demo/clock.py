"""The demo's clock: its day stands still until somebody moves it on, so that deadlines can be seen to pass."""

import os
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings

from iran.calendar import format_jalali, programme_today


def can_move() -> bool:
    """Whether this is a demo whose day was not fixed by hand."""
    return bool(settings.DEMO and settings.PROGRAMME_TODAY_FILE)


def move_on(days: int) -> date:
    """Let the demo's day be ``days`` later for every process of the site; 0 goes back to its first day."""
    file = Path(settings.PROGRAMME_TODAY_FILE)
    if days == 0:
        file.unlink(missing_ok=True)
        return programme_today()
    day = programme_today() + timedelta(days=days)
    fresh = file.with_suffix(f".{os.getpid()}")  # replaced at once: nobody reads half a day
    fresh.write_text(format_jalali(day), encoding="ascii")
    fresh.replace(file)
    return day
