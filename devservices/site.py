"""``bin/run``: the whole site on this machine, in the foreground, until it is told to stop."""

import argparse
import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

from abarkuh_loans import messages_compile
from devservices import gateway, lease, place, surroundings

READY_SECONDS = 90
STOP_SECONDS = 12
MOST_RESTARTS = 5  # within RESTARTS_SECONDS: more is a loop, fewer are accidents of a long life
RESTARTS_SECONDS = 60
SERVERS_SECONDS = 5


class Stop(Exception):
    """Somebody pressed Ctrl-C or sent SIGTERM."""


class Bell:
    """Rung by a signal, heard at the next pause: never between starting a process and writing it down."""

    def __init__(self) -> None:
        self.rung = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.ring)

    def ring(self, number, frame) -> None:
        self.rung = True

    def pause(self, seconds: float = 0) -> None:
        end = time.monotonic() + seconds
        while not self.rung and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, 0.1))
        if self.rung:
            raise Stop


class Part:
    """One process of the site, restarted if it dies by itself."""

    def __init__(self, name: str, command: list[str], held: lease.Lease) -> None:
        self.name, self.command, self.held = name, command, held
        self.restarts: list[float] = []
        self.start()

    def start(self) -> None:
        # its own session: Ctrl-C reaches us alone, and the order of stopping is ours
        self.process = subprocess.Popen(
            self.command,
            cwd=place.ROOT,
            pass_fds=[self.held.descriptor],
            start_new_session=True,
            preexec_fn=end_with_parent,
        )

    def look_after(self) -> None:
        if self.process.poll() is None:
            return
        now = time.monotonic()
        self.restarts = [moment for moment in self.restarts if now - moment < RESTARTS_SECONDS] + [now]
        if len(self.restarts) > MOST_RESTARTS:
            raise place.ServerProblem(
                f"{self.name} ended {len(self.restarts)} times; its messages are above. {self.name} پایدار نماند."
            )
        print(f"{self.name} ended with code {self.process.returncode}; starting it again.", file=sys.stderr, flush=True)
        kill_group(self.process.pid)
        time.sleep(1)
        self.start()


class Servers:
    """Our own PostgreSQL and Redis, asked every few seconds whether they still answer."""

    def __init__(self, held: lease.Lease) -> None:
        self.held, self.asked_at = held, time.monotonic()

    def look_after(self) -> None:
        if time.monotonic() - self.asked_at >= SERVERS_SECONDS:
            self.held.look_after()
            self.asked_at = time.monotonic()


def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/run", description="Start the whole site on this machine.")
    parser.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (8000)")
    parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")
    options = parser.parse_args(arguments)
    bell = Bell()
    stop_if_taken(options.port)
    parts: list[Part] = []
    held = None
    try:
        messages_compile.compile_changed()
        held = surroundings.prepare()
        prepare(held, bell, demo=not options.no_demo)
        serve(options.port, held, parts, bell)
    except Stop:
        print("\nStopping ... در حال توقف", file=sys.stderr, flush=True)
    finally:
        end(parts)
        if held:
            held.end()
    return 0


def prepare(held: lease.Lease, bell: Bell, *, demo: bool) -> None:
    """Database, demo and static files, in one process of Django."""
    mark = surroundings.demo_mark(os.environ["DATABASE_URL"])
    command = [sys.executable, str(place.ROOT / "manage.py"), "prepare_site"]
    if demo:
        command += ["--demo", f"--demo-mark={mark}"]
        settings = surroundings.demo_settings(os.environ["DATABASE_URL"], os.environ)
        added = {name: value for name, value in settings.items() if name not in os.environ}
        os.environ.update(added)
    child = subprocess.Popen(command, pass_fds=[held.descriptor], start_new_session=True, preexec_fn=end_with_parent)
    try:
        while (code := child.poll()) is None:
            bell.pause(0.05)
    except Stop:
        child.terminate()
        child.wait()
        raise
    if code:
        raise place.ServerProblem(f"The site could not be prepared; the reason is above. سایت آماده نشد (code {code}).")
    if demo and not mark.exists():
        for name in added:
            del os.environ[name]


def serve(port: int, held: lease.Lease, parts: list[Part], bell: Bell) -> None:
    web = [sys.executable, "-m", "gunicorn", "-c", "python:abarkuh_loans.gunicorn", "abarkuh_loans.wsgi"]
    quiet = ["-W", "ignore:You're running the worker"]  # that it runs as root: the person at the terminal knows
    celery = [sys.executable, *quiet, "-m", "celery", "--quiet", "-A", "abarkuh_loans.celery"]
    worker = [*celery, "worker", "--loglevel", "WARNING", "-n", f"site-{port}@%h", "--concurrency", "2"]
    beat = [*celery, "beat", "--loglevel", "WARNING", "-s", str(place.LOCAL / "beat"), "--pidfile="]
    os.environ["PORT"] = str(port)
    singles = {Single("beat"): beat}
    if gateway.is_own(os.environ):
        phones = Single("simulator")
        number = gateway.free_port() if phones.taken() else gateway.port()
        os.environ["KAVENEGAR_BASE_URL"] = gateway.base_url(number)
        singles[phones] = [sys.executable, *gateway.command(number, port)]
        print(f"phones of the simulated gateway (گوشی‌های شبیه‌ساز): http://127.0.0.1:{number}/", flush=True)
    parts.append(Part("web", web, held))
    parts.append(Part("worker", worker, held))
    start_singles(singles, parts, held)
    wait_until_ready(port, parts, bell)
    print(f"ready: http://127.0.0.1:{port}/", flush=True)
    servers = Servers(held)
    while True:
        look_after(parts, bell)
        start_singles(singles, parts, held)
        servers.look_after()


class Single:
    """A part that one bin/run of this copy runs for all of them; the next takes it over when that one ends."""

    def __init__(self, name: str) -> None:
        self.name, self.mine = name, False
        self.lock = lease.open_lock(f"{name}.lock")  # until this process ends

    def taken(self) -> bool:
        self.mine = self.mine or taken(self.lock)
        return self.mine


def start_singles(singles: dict[Single, list[str]], parts: list[Part], held: lease.Lease) -> None:
    for single in [single for single in singles if single.taken()]:
        parts.append(Part(single.name, singles.pop(single), held))


def look_after(parts: list[Part], bell: Bell) -> None:
    bell.pause(0.5)
    for part in parts:
        part.look_after()


def wait_until_ready(port: int, parts: list[Part], bell: Bell) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        for part in parts:
            part.look_after()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except OSError:
            bell.pause(0.1)
    raise place.ServerProblem(f"The pages did not answer within {READY_SECONDS} seconds. صفحه‌ها پاسخ نمی‌دهند.")


def end(parts: list[Part]) -> None:
    """Ask every part to finish what it has in hand, then insist."""
    for part in reversed(parts):
        if part.process.poll() is None:
            part.process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for part in parts:
        try:
            part.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            pass
        kill_group(part.process.pid)
        part.process.wait()


def kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def stop_if_taken(port: int) -> None:
    """A busy port is said at once. A few tries, for a site of ours that is just going."""
    for _ in range(10):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return
            except PermissionError:
                sys.exit(
                    f"Port {port} is not open to this account: choose one above 1023, e.g. bin/run --port 8000. درگاه {port} مجاز نیست."
                )
            except OverflowError:
                sys.exit(f"{port} is not a port: choose one from 1024 to 65535. شمارهٔ درگاه درست نیست.")
            except OSError:
                time.sleep(0.3)
    sys.exit(
        f"Port {port} is in use: choose another, e.g. bin/run --port {port + 1}. درگاه {port} را برنامهٔ دیگری گرفته است."
    )


def taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def end_with_parent() -> None:
    """In the child: get SIGTERM when the parent dies, even by SIGKILL (Linux)."""
    if LIBC:
        LIBC.prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
