"""This copy's own SMS gateway, the simulator: its port is chosen once and kept, so that every command finds it."""

import socket
from collections.abc import Mapping
from pathlib import Path

from devservices import place

LINE, SERVICE_LINE = "10008663", "20008663"
SETTINGS = (
    "SMS_GATEWAY",
    "SMS_LINE",
    "SMS_SERVICE_LINE",
    "SMS_CALLBACK_SECRET",
    "KAVENEGAR_API_KEY",
    "KAVENEGAR_BASE_URL",
)


def needed(given: Mapping[str, str]) -> bool:
    """No real gateway is configured, and no other simulator is named."""
    return given.get("SMS_GATEWAY") in (None, "", "simulator") and not given.get("KAVENEGAR_BASE_URL")


def defaults(secrets: Mapping[str, str]) -> dict[str, str]:
    return {
        "SMS_GATEWAY": "simulator",
        "SMS_LINE": LINE,
        "SMS_SERVICE_LINE": SERVICE_LINE,
        "SMS_CALLBACK_SECRET": secrets["sms_callback_secret"],
        "KAVENEGAR_API_KEY": secrets["sms_simulator_key"],
        "KAVENEGAR_BASE_URL": base_url(port()),
    }


def is_own(environment: Mapping[str, str]) -> bool:
    return environment.get("KAVENEGAR_BASE_URL") == base_url(port())


def command(port: int, site_port: int) -> list[str]:
    """What starts it; its key, line and secret are in the environment, which others on the machine cannot read."""
    site = f"--site=http://127.0.0.1:{site_port}"
    return [
        "-m",
        "devservices.sms_simulator",
        f"--port={port}",
        f"--store={place.LOCAL / 'sms-simulator.sqlite3'}",
        site,
    ]


def base_url(port: int) -> str:
    return f"http://127.0.0.1:{port}/v1"


def port() -> int:
    """The kept port, or a free one from now on."""
    try:
        return int(port_file().read_text())
    except (OSError, ValueError):
        return new_port()


def free_port() -> int:
    """For whoever is about to listen: the kept port, unless a stranger has taken it."""
    kept = port()
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", kept))
        except OSError:
            return new_port()
    return kept


def new_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found = probe.getsockname()[1]
    new = port_file().with_suffix(".new")
    new.write_text(str(found))
    new.rename(port_file())
    return found


def port_file() -> Path:
    return place.LOCAL / "sms-simulator.port"
