"""A PostgreSQL and a Redis of one trial's own, which may be killed at any moment."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import redis

from abarkuh_loans.testing import database
from devservices import place, postgres, valkey

PASSWORDS = {role: f"{role}-of-a-trial" for role in postgres.ROLES}
START_SECONDS = 60


class Server:
    """One process under the servers' account, with a log of its own."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self.sockets = place.own_folder(folder / "s")
        self.process: subprocess.Popen | None = None

    def command(self) -> list[str]:
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError

    def start(self) -> None:
        """Start, and again as long as the remains of a killed one are in the way."""
        with open(self.folder / f"{self.name}.log", "ab") as log:
            deadline = time.monotonic() + START_SECONDS
            while time.monotonic() < deadline:
                self.process = subprocess.Popen(
                    self.command(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    **place.server_identity(),
                )
                while self.process.poll() is None and time.monotonic() < deadline:
                    if self.answers():
                        return
                    time.sleep(0.03)
                time.sleep(0.3)
        raise AssertionError(place.tail(self.folder / f"{self.name}.log"))

    def end(self, number: int) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
        if self.process:
            self.process.wait(30)


class Postgres(Server):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "postgres")
        self.data = folder / "pg"

    def command(self) -> list[str]:
        settings = {**postgres.SETTINGS, "unix_socket_directories": self.sockets}
        return [
            str(postgres.programs() / "postgres"),
            "-D",
            str(self.data),
            *(f"--{name}={value}" for name, value in settings.items()),
        ]

    def answers(self) -> bool:
        return postgres.answers(self.sockets)

    def restart_at_once(self) -> None:
        """``pg_ctl restart -m immediate``: every connection is cut, the log is replayed."""
        self.end(signal.SIGQUIT)
        self.start()

    def url(self, role: str) -> str:
        return f"postgresql://{postgres.ROLES[role]}:{PASSWORDS[role]}@/{postgres.DATABASE}?host={self.sockets}"

    def ask(self, statement: str) -> list[tuple]:
        """As the owner, on a connection of its own; nothing while the server is away."""
        try:
            connection = psycopg2.connect(self.url("owner"))
        except psycopg2.OperationalError:
            return []
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall()
        except psycopg2.OperationalError:
            return []
        finally:
            connection.close()

    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.url("site"),
            "DATABASE_OWNER_URL": self.url("owner"),
            "DATABASE_READER_URL": self.url("reader"),
        }


class Redis(Server):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "redis")
        self.data = place.own_folder(folder / "redis")

    def command(self) -> list[str]:
        options = {
            "port": 0, "unixsocket": self.sockets / "redis.sock", "unixsocketperm": 700, "dir": self.data,
            "appendonly": "yes", "save": "", "maxmemory-policy": "noeviction", "daemonize": "no", "loglevel": "warning",
        }  # fmt: skip
        return [valkey.program(), *(str(part) for name, value in options.items() for part in (f"--{name}", value))]

    def client(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(self.sockets / "redis.sock"), socket_timeout=5)

    def answers(self) -> bool:
        client = self.client()
        try:
            return client.ping()
        except redis.RedisError:
            return False
        finally:
            client.close()

    def kill_and_restart(self) -> None:
        self.end(signal.SIGKILL)
        (self.sockets / "redis.sock").unlink(missing_ok=True)
        self.start()

    def flush(self) -> None:
        client = self.client()
        client.flushall()
        client.close()

    def url(self) -> str:
        return f"unix://{self.sockets / 'redis.sock'}?db=0"

    def broker(self) -> str:
        return f"redis+socket://{self.sockets / 'redis.sock'}?virtual_host=0"


def postgres_with_tables(folder: Path) -> Postgres:
    """A server with the site's empty database: copied from a folder that is made once per shape of the tables."""
    template = place.data_home() / f"trial-{database.shape()}"
    with open(place.LOCAL / "trial.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not template.exists():
            for old in place.data_home().glob("trial-*"):
                shutil.rmtree(old)
            make_template(folder)
            subprocess.run(["cp", "-a", folder / "pg", f"{template}.half"], check=True)
            Path(f"{template}.half").rename(template)
        else:
            subprocess.run(["cp", "-a", template, folder / "pg"], check=True)
    made = Postgres(folder)
    made.start()
    return made


def make_template(folder: Path) -> None:
    made = Postgres(folder)
    postgres.create(made.data)
    postgres.set_up_roles(made.data, PASSWORDS)
    made.start()
    try:
        subprocess.run(
            [sys.executable, place.ROOT / "manage.py", "prepare_database"],
            env={**os.environ, **made.environment()},
            check=True,
            capture_output=True,
        )
    finally:
        made.end(signal.SIGINT)
