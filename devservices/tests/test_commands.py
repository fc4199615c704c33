"""The commands in ``bin/`` as a person uses them, on a copy of the project of its own."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest

from devservices import gateway, place

pytestmark = pytest.mark.slow
GIVEN = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "DATABASE_READER_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "DEMO",
    "PROGRAMME_TODAY",
    *gateway.SETTINGS,
)


class Copy:
    """A copy of the project that borrows the installed packages."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        files = subprocess.run(
            ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=place.ROOT, capture_output=True, text=True, check=True,
        ).stdout.split("\0")  # fmt: skip
        for name in filter(None, files):
            if (place.ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(place.ROOT / name, folder / name)
        (folder / ".local").mkdir()
        (folder / ".local" / "venv").symlink_to(place.LOCAL / "venv")
        self.environment = {name: value for name, value in os.environ.items() if name not in GIVEN}
        self.started: list[subprocess.Popen] = []

    def start(self, *command: str) -> subprocess.Popen:
        started = subprocess.Popen(
            [self.folder / "bin" / command[0], *command[1:]], cwd="/", env=self.environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        self.started.append(started)
        return started

    def processes(self) -> list[str]:
        """Everything alive that was started from this folder or keeps its data there."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                if str(self.folder) in words or str(self.folder) in str((entry / "cwd").readlink()):
                    found.append(f"{entry.name} {words}")
            except OSError:
                continue
        return found

    def kill_all(self, number: int = signal.SIGKILL) -> None:
        for line in self.processes():
            try:
                os.kill(int(line.split()[0]), number)
            except ProcessLookupError:
                continue


@pytest.fixture
def copy():
    folder = Path(tempfile.mkdtemp(prefix="loans-", dir="/tmp"))
    folder.chmod(0o755)
    copy = Copy(folder)
    yield copy
    copy.kill_all()
    for started in copy.started:
        started.communicate()
    shutil.rmtree(folder, ignore_errors=True)


def wait_for_ready(run: subprocess.Popen, port: int) -> float:
    began = time.monotonic()
    said = run.said = []
    for line in run.stdout:
        said.append(line)
        if line == f"ready: http://127.0.0.1:{port}/\n":
            return time.monotonic() - began
    raise AssertionError("".join(said))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port: int) -> bool:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as response:
        return response.status == 200


def phones(run: subprocess.Popen) -> str:
    """The address of the simulator's page, as it is printed."""
    (address,) = [line.split()[-1] for line in run.said if line.startswith("phones of the simulated gateway")]
    return address


def test_the_phones_are_beside_the_site_and_one_simulator_serves_the_whole_copy(copy):
    ports = [free_port(), free_port()]
    first = copy.start("run", "--port", str(ports[0]), "--no-demo")
    wait_for_ready(first, ports[0])
    second = copy.start("run", "--port", str(ports[1]), "--no-demo")
    wait_for_ready(second, ports[1])
    assert phones(first) == phones(second)
    assert "گوشی‌ها" in page(phones(first))
    assert sum("sms_simulator" in line for line in copy.processes()) == 1
    environments = {settings_of(line.split()[0]) for line in copy.processes() if "celery" in line or "gunicorn" in line}
    assert environments == {(phones(first) + "v1", "10008663")}

    first.send_signal(signal.SIGINT)
    first.communicate(timeout=40)
    deadline = time.monotonic() + 30
    while not up(phones(second)):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    second.send_signal(signal.SIGINT)
    second.communicate(timeout=40)
    assert copy.processes() == []


def test_with_a_gateway_of_its_own_no_simulator_is_started(copy):
    port = free_port()
    copy.environment |= {"KAVENEGAR_BASE_URL": "http://127.0.0.1:1/v1"}
    run = copy.start("run", "--port", str(port), "--no-demo")
    wait_for_ready(run, port)
    assert not [line for line in copy.processes() if "sms_simulator" in line]
    assert not [line for line in run.said if "phones" in line]
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=40)


def up(address: str) -> bool:
    try:
        return bool(page(address))
    except OSError:
        return False


def page(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as response:
        return response.read().decode()


def settings_of(pid: str) -> tuple[str, str]:
    found = dict(word.split("=", 1) for word in Path(f"/proc/{pid}/environ").read_text().split("\0") if "=" in word)
    return found["KAVENEGAR_BASE_URL"], found["SMS_LINE"]


def test_a_site_starts_stops_without_a_trace_and_starts_again_in_seconds(copy):
    port = free_port()
    run = copy.start("run", "--port", str(port), "--no-demo")
    wait_for_ready(run, port)
    assert answers(port)
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=40)
    assert run.returncode == 0
    assert copy.processes() == []

    again = copy.start("run", "--port", str(port), "--no-demo")
    assert wait_for_ready(again, port) < 20
    again.send_signal(signal.SIGTERM)
    again.communicate(timeout=40)
    assert copy.processes() == []


def test_after_everything_was_killed_the_next_start_recovers(copy):
    port = free_port()
    wait_for_ready(copy.start("run", "--port", str(port), "--no-demo"), port)
    copy.kill_all()
    run = copy.start("run", "--port", str(port), "--no-demo")
    wait_for_ready(run, port)
    assert answers(port)
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=40)
    assert copy.processes() == []


def test_a_killed_driver_takes_its_site_along(copy):
    port = free_port()
    run = copy.start("run", "--port", str(port), "--no-demo")
    wait_for_ready(run, port)
    run.kill()
    deadline = time.monotonic() + 60
    while copy.processes() and time.monotonic() < deadline:
        time.sleep(0.5)
    assert copy.processes() == []


def test_a_taken_port_is_said_in_one_sentence(copy):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        run = copy.start("run", "--port", str(port))
        said, _ = run.communicate(timeout=60)
    assert run.returncode == 1
    assert f"Port {port} is in use" in said
    assert "Traceback" not in said
    assert copy.processes() == []


def test_two_commands_at_once_share_the_servers(copy):
    commands = [
        copy.start("manage", "shell", "-c", "from django.db import connection as c; c.ensure_connection()")
        for _ in range(3)
    ]
    for command in commands:
        said, _ = command.communicate(timeout=90)
        assert command.returncode == 0, said
    assert sum("/postgres -D" in line for line in copy.processes()) == 1


def test_a_server_that_will_not_start_is_said_with_the_end_of_its_log(copy):
    made = copy.start("manage", "check")
    made.communicate(timeout=90)
    copy.kill_all()
    (data,) = (copy.folder / ".local").glob("pg*/PG_VERSION")
    (data.parent / "global" / "pg_control").unlink()
    said, _ = (run := copy.start("run", "--port", str(free_port()))).communicate(timeout=120)
    assert run.returncode == 1
    assert "PostgreSQL did not start" in said
    assert "Traceback" not in said
