"""Where this copy of the project keeps what it makes: data, sockets, passwords. Standard library only."""

import functools
import hashlib
import json
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
TAG = hashlib.sha256(str(ROOT).encode()).hexdigest()[:10]  # two copies on one machine never meet
SECRETS = LOCAL / "secrets.json"
SERVER_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


class ServerProblem(SystemExit):
    """A server cannot be brought up; carries one sentence for the person at the terminal."""


@functools.cache
def server_account() -> pwd.struct_passwd | None:
    """Under which account the servers run: ``nobody`` for root (PostgreSQL refuses root), else the user himself."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def server_identity() -> dict:
    """The keywords that make ``subprocess`` start a server under its account, away from the caller's folder."""
    keywords: dict = {"cwd": "/", "env": SERVER_ENVIRONMENT}
    if account := server_account():
        keywords |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    return keywords


@functools.cache
def data_home() -> Path:
    """The folder of the servers' data: ``.local``, or ``/var/tmp/...`` if root's project folder is closed to ``nobody``."""
    LOCAL.mkdir(exist_ok=True)
    account = server_account()
    if not account:
        return LOCAL
    LOCAL.chmod(LOCAL.stat().st_mode | 0o011)
    entered = subprocess.run(["/bin/sh", "-c", 'cd "$1"', "sh", LOCAL], stderr=subprocess.DEVNULL, **server_identity())
    if entered.returncode == 0:
        return LOCAL
    elsewhere = Path("/var/tmp") / f"abarkuh-{TAG}"
    if not elsewhere.exists():
        print(
            f"The project folder is closed to the account '{account.pw_name}'; the servers' data go to {elsewhere}.",
            file=sys.stderr,
        )
    own_folder(elsewhere, mode=0o755, owner=0)
    return elsewhere


def socket_folder() -> Path:
    """A short path, because a unix socket's name may have about 107 bytes; closed to everybody else."""
    return own_folder(Path("/tmp") / f"abarkuh-{os.geteuid()}-{TAG}")


def own_folder(path: Path, *, mode: int = 0o700, owner: int | None = None) -> Path:
    """Make the folder for the servers' account, or make sure that the present one is really ours."""
    account = server_account()
    uid = owner if owner is not None else account.pw_uid if account else os.geteuid()
    try:
        path.mkdir(mode=mode)
        path.chmod(mode)
        if uid != os.geteuid():
            os.chown(path, uid, account.pw_gid)
    except FileExistsError:
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid:
            raise ServerProblem(
                f"{path} exists but is not a folder of this account; remove it and start again. پوشهٔ {path} از آنِ این کاربر نیست."
            ) from None
        path.chmod(mode)
    return path


def readable_package(folder: Path) -> Path:
    """The package folder itself, or a copy of it (with its libraries beside it) where the servers' account may read it."""
    if not server_account() or readable(folder):
        return folder
    copies = own_folder(data_home() / "programs", mode=0o755, owner=0)
    for source in (folder, folder.with_name(folder.name + ".libs")):
        target = copies / source.name
        if source.is_dir() and not target.exists():
            half = copies / (source.name + ".half")
            shutil.rmtree(half, ignore_errors=True)
            shutil.copytree(source, half)
            half.rename(target)
    return copies / folder.name


def readable(folder: Path) -> bool:
    command = ["/bin/sh", "-c", 'cd "$1"', "sh", folder]
    return subprocess.run(command, stderr=subprocess.DEVNULL, **server_identity()).returncode == 0


def load_secrets() -> dict[str, str]:
    """This copy's own passwords and keys, made once. The caller holds the start lock."""
    known = json.loads(SECRETS.read_text()) if SECRETS.exists() else {}
    names = ("owner", "site", "reader", "secret_key", "sms_callback_secret", "sms_simulator_key")
    if missing := [name for name in names if name not in known]:
        known |= {name: secrets.token_urlsafe(48 if name == "secret_key" else 24) for name in missing}
        new = SECRETS.with_suffix(".new")
        new.unlink(missing_ok=True)
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(known, file, indent=1)
        new.rename(SECRETS)
    return known


def tail(log: Path, lines: int = 12) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else ""


def belongs_to(pid: int, folder: Path) -> bool:
    """Does this process live and work in that folder? A zombie, a reused number or another copy's server do not."""
    try:
        return Path(f"/proc/{pid}/cwd").resolve(strict=True) == folder.resolve()
    except OSError:
        return False
