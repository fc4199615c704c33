"""Make or refresh ``.local/venv``. Run by the system's Python: standard library only.

Called by ``setup.sh`` when the requirement files have changed since the last time; two commands started at once wait
for each other here.
"""

import fcntl
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
VENV = LOCAL / "venv"
LOG = LOCAL / "install.log"


def main(wanted: str, fingerprint: str) -> None:
    stop_without_venv()
    LOCAL.mkdir(exist_ok=True)
    with open(LOCAL / "install.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = VENV / f"installed-{wanted}"
        if stamp.exists() and stamp.read_text() == fingerprint + "\n" and works():
            return
        print("Installing the pinned packages into .local/venv (the first time takes a minute or two) ...", flush=True)
        if not works():
            shutil.rmtree(VENV, ignore_errors=True)
            run([sys.executable, "-m", "venv", str(VENV)])
        install("requirements.txt")
        (VENV / "installed-site").write_text(fingerprint + "\n")
        if wanted == "dev":
            install("requirements-dev.txt")
            stamp.write_text(fingerprint + "\n")


def stop_without_venv() -> None:
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    sys.exit(
        f"This Python cannot make virtual environments; install the package {package} (Debian, Ubuntu: apt install {package}).\n"
        f"بستهٔ {package} نصب نیست؛ نخست آن را نصب کنید."
    )


def works() -> bool:
    """False for a missing, half-made or moved environment, and after the system's Python was replaced."""
    python = VENV / "bin" / "python"
    check = f"import pip, sys; sys.exit(sys.prefix != {str(VENV)!r})"
    return python.exists() and subprocess.run([python, "-c", check], stderr=subprocess.DEVNULL).returncode == 0


def install(requirements: str) -> None:
    run(
        [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
        + ["--only-binary", ":all:", "-c", str(ROOT / "constraints.txt"), "-r", str(ROOT / requirements)]
    )


def run(command: list[str]) -> None:
    environment = {**os.environ, "PIP_ROOT_USER_ACTION": "ignore"}
    with open(LOG, "w") as log:
        done = subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=environment)
    if done.returncode:
        tail = "\n".join(LOG.read_text(errors="replace").splitlines()[-15:])
        sys.exit(f"{tail}\nThe packages could not be installed; the end of {LOG} is above. نصب بسته‌ها ناتمام ماند.")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
