"""The one reader of environment variables: typed, and it stops at start-up with the name and the remedy.

Values come from the process's environment, then from a ``.env`` file at the project's root. Standard library only,
because the commands in ``bin/`` read ``.env`` before Django can be imported.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit


class EnvironmentProblem(SystemExit):
    """A variable is missing or wrong. Ends the process with one sentence instead of a traceback."""


class Environment:
    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values

    @classmethod
    def of_process(cls, env_file: Path) -> "Environment":
        return cls({**read_file(env_file), **os.environ})

    def text(self, name: str, remedy: str, default: str | None = None) -> str:
        """The value; an empty one counts as not given. Without a default the variable is required."""
        value = self.values.get(name, "").strip()
        if value:
            return value
        if default is None:
            raise EnvironmentProblem(f"{name} is not set: {remedy} متغیّر محیطی {name} تعیین نشده است.")
        return default

    def flag(self, name: str, remedy: str, default: bool) -> bool:
        value = self.text(name, remedy, "yes" if default else "no").lower()
        if value in {"1", "yes", "true", "on"}:
            return True
        if value in {"0", "no", "false", "off"}:
            return False
        raise self.wrong(name, remedy)

    def words(self, name: str, remedy: str, default: str | None = None) -> list[str]:
        return [word.strip() for word in self.text(name, remedy, default).split(",") if word.strip()]

    def choice(self, name: str, remedy: str, options: set[str], default: str) -> str:
        value = self.text(name, remedy, default)
        if value not in options:
            raise self.wrong(name, remedy)
        return value

    def number(self, name: str, remedy: str, default: int) -> int:
        value = self.text(name, remedy, str(default))
        if not value.isascii() or not value.isdigit():
            raise self.wrong(name, remedy)
        return int(value)

    def jalali_day(self, name: str, remedy: str) -> str | None:
        """A Solar Hijri day as ``1401/05/31``, or None."""
        value = self.text(name, remedy, "")
        if value and not re.fullmatch(r"1[34]\d\d/(0[1-9]|1[0-2])/(0[1-9]|[12]\d|3[01])", value):
            raise self.wrong(name, remedy)
        return value or None

    def database(self, name: str, remedy: str, default: str | None = None) -> dict:
        """Django's database settings out of ``postgresql://user:password@host:port/name?host=/socket/folder``."""
        parts = urlsplit(self.text(name, remedy, default))
        query = dict(parse_qsl(parts.query))
        if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
            raise self.wrong(name, remedy)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.strip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": query.pop("host", None) or unquote(parts.hostname or ""),
            "PORT": query.pop("port", None) or str(parts.port or ""),
            "OPTIONS": query,
        }

    @staticmethod
    def wrong(name: str, remedy: str) -> EnvironmentProblem:
        return EnvironmentProblem(f"{name} has a value that cannot be used: {remedy} مقدار متغیّر {name} درست نیست.")


def read_file(path: Path) -> dict[str, str]:
    """``NAME=value`` lines; blank lines and lines that begin with # are skipped, one pair of quotes is taken off."""
    values = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if name.startswith("#") or not equals:
            continue
        value = value.strip()
        quoted = len(value) >= 2 and value[0] == value[-1] and value[0] in "'\""
        values[name.strip()] = value[1:-1] if quoted else value
    return values
