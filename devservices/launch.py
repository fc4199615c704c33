"""What the commands in ``bin/`` run inside the virtual environment: run, manage, test, bench (and the keeper)."""

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)

from abarkuh_loans import messages_compile  # noqa: E402
from devservices import lease, site, surroundings  # noqa: E402


def main(command: str, arguments: list[str]) -> int:
    if command == "keep":
        lease.keep()
        return 0
    if command == "run":
        return site.run(arguments)
    messages_compile.compile_changed()
    held = surroundings.prepare()
    if command == "manage":
        return follow([sys.executable, str(ROOT / "manage.py"), *arguments], held)
    try:
        if command == "test":
            pytest = [sys.executable, "-m", "pytest", f"--rootdir={ROOT}", "-c", str(ROOT / "pytest.ini")]
            return follow([*pytest, *workers(arguments), *arguments], held, cwd=ROOT)
        return follow([sys.executable, "-m", "benchmarks", *arguments], held, cwd=ROOT)
    finally:
        held.end()


def workers(arguments: list[str]) -> list[str]:
    """As many test processes as the machine has cores, four at most, unless the caller says how many."""
    if any(argument.startswith(("-n", "--numprocesses")) for argument in arguments):
        return []
    return ["-n", str(min(os.cpu_count() or 1, 4))]


def follow(command: list[str], held: lease.Lease, cwd: Path | None = None) -> int:
    """Run the command to its end with our lease, and pass on a request to stop."""
    child = subprocess.Popen(command, cwd=cwd, pass_fds=[held.descriptor])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal has told the child as well
    signal.signal(signal.SIGTERM, lambda number, frame: child.terminate())
    code = child.wait()
    return 128 - code if code < 0 else code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
