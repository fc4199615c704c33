"""Who uses this copy's servers, and who stops them.

Every command holds a shared lock on ``users.lock`` while it lives; the kernel drops it however the command ends. One
small keeper process waits for the exclusive lock, that is, for the last user's end, and then stops the servers.
``start.lock`` lets one command at a time look and start.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from devservices import place, postgres, valkey

LINGER_SECONDS = 15  # after a short command, so that the next one finds the servers up


class Lease:
    """The right to use the servers; children that inherit ``descriptor`` hold it too."""

    def __init__(self, *, needs_postgres: bool, needs_redis: bool) -> None:
        self.urls: dict[str, str] = {}
        self.needs_postgres, self.needs_redis = needs_postgres, needs_redis
        place.LOCAL.mkdir(exist_ok=True)
        with locked(place.LOCAL / "start.lock"):
            self.passwords = place.load_secrets()
            self.descriptor = open_lock("users.lock")
            fcntl.flock(self.descriptor, fcntl.LOCK_SH)  # waits while the keeper is stopping the servers
            if not (needs_postgres or needs_redis):
                return
            start_keeper()
            self._ensure()
            if needs_redis:
                self.urls["REDIS_URL"] = valkey.url()
            if needs_postgres:
                self.urls["DATABASE_URL"] = postgres.url("site", self.passwords["site"])
                self.urls["DATABASE_OWNER_URL"] = postgres.url("owner", self.passwords["owner"])
                self.urls["DATABASE_READER_URL"] = postgres.url("reader", self.passwords["reader"])

    def _ensure(self) -> None:
        if self.needs_redis:
            valkey.ensure()
        if self.needs_postgres:
            postgres.ensure(self.passwords)

    def look_after(self) -> None:
        """Start a server of ours again that was killed while we use it."""
        redis_gone = self.needs_redis and not valkey.answers()
        postgres_gone = self.needs_postgres and not postgres.answers(place.socket_folder())
        if redis_gone or postgres_gone:
            print("A server ended; starting it again.", file=sys.stderr, flush=True)
            with locked(place.LOCAL / "start.lock"):
                self._ensure()

    def end(self) -> None:
        """Give the lease back and, if it was the last one, see the servers go now."""
        os.close(self.descriptor)
        if (pid := keeper_pid()) is None:
            return
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + 60
        alone_at = time.monotonic()  # our own killed children may take a moment to let go of the lock
        while keeper_pid() is not None and time.monotonic() < min(deadline, alone_at + 1.5):
            if not others_use():
                alone_at = time.monotonic()
            time.sleep(0.05)


def keep() -> None:
    """The keeper's life: wait for the last user's end, linger, stop the servers."""
    mark = open_lock("keeper.lock")
    try:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    os.ftruncate(mark, 0)
    os.pwrite(mark, str(os.getpid()).encode(), 0)
    hurry = False

    def stop_at_once(number, frame) -> None:
        nonlocal hurry
        hurry = True

    signal.signal(signal.SIGTERM, stop_at_once)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # tells the starter, who reads to the end, that we hold the mark
    users = open_lock("users.lock")
    while True:
        fcntl.flock(users, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_UN)
        idle_until = time.monotonic() + LINGER_SECONDS
        while not hurry and time.monotonic() < idle_until:
            time.sleep(0.1)
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            postgres.stop()
            valkey.stop()
            shutil.rmtree(place.socket_folder(), ignore_errors=True)
            return


def start_keeper() -> None:
    if keeper_pid() is not None:
        return
    with open(place.LOCAL / "keeper.log", "wb") as log:
        keeper = subprocess.Popen(
            [sys.executable, str(place.ROOT / "devservices" / "launch.py"), "keep"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, cwd="/", start_new_session=True,
        )  # fmt: skip
    with keeper.stdout as said:
        said.read()  # until it holds its lock
    keeper.returncode = 0  # it outlives us: no warning about a child left running


def keeper_pid() -> int | None:
    """The living keeper's process id, or None: its lock tells, not the number."""
    path = place.LOCAL / "keeper.lock"
    if not path.exists():
        return None
    with open(path) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(file.read() or 0) or None
    return None


def others_use() -> bool:
    """Does another command hold a lease? The keeper, which holds the lock alone while it stops the servers, is none."""
    with open(place.LOCAL / "users.lock") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return False
        except BlockingIOError:
            pass
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            return False


def open_lock(name: str) -> int:
    return os.open(place.LOCAL / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
