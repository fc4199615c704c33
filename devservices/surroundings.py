"""The environment that the commands in ``bin/`` hand to Django: what is given wins, the rest is this copy's own."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from abarkuh_loans.environment import read_file
from devservices import gateway, place
from devservices.lease import Lease

DEMO = {"DEMO": "yes", "PROGRAMME_TODAY": "1401/05/31"}  # its banner, and its day that stands still


def prepare() -> Lease:
    """Bring up what is not given, and fill ``os.environ``."""
    given = {**read_file(place.ROOT / ".env"), **os.environ}
    needs_postgres, needs_redis = not given.get("DATABASE_URL"), not given.get("REDIS_URL")
    lease = Lease(needs_postgres=needs_postgres, needs_redis=needs_redis)
    if needs_postgres:  # an owner's or reader's address without DATABASE_URL belongs to some other server
        given |= {name: lease.urls[name] for name in lease.urls if name.startswith("DATABASE_")}
    defaults = {
        "REDIS_URL": lease.urls.get("REDIS_URL"),
        "SECRET_KEY": lease.passwords["secret_key"],
        "ALLOWED_HOSTS": "127.0.0.1,localhost,[::1]",
        "BEHIND_HTTPS": "no",
        "DJANGO_SETTINGS_MODULE": "abarkuh_loans.settings",
    }
    if gateway.needed(given):
        defaults |= gateway.defaults(lease.passwords)
    if demo_mark(given["DATABASE_URL"]).exists():
        defaults |= demo_settings(given["DATABASE_URL"], given)
    os.environ.update({name: value for name, value in defaults.items() if value and not given.get(name)})
    passed_on = {
        name: value for name, value in given.items() if name.startswith("DATABASE_") or name in gateway.SETTINGS
    }
    os.environ.update(passed_on)
    return lease


def demo_settings(database_url: str, given: Mapping[str, str]) -> dict[str, str]:
    """The demo's banner and its day; a day given by hand stands still, else the demo may move it on."""
    clock = {"PROGRAMME_TODAY_FILE": str(demo_mark(database_url)) + ".today"}
    return DEMO | ({} if given.get("PROGRAMME_TODAY") else clock)


def demo_mark(database_url: str) -> Path:
    """This file says that the database of that address holds the demo, whose day stands still."""
    return place.LOCAL / f"demo-{hashlib.sha256(database_url.encode()).hexdigest()[:10]}"
