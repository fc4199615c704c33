"""A throw-away authority for tests with libraries that speak https only. Needs ``trustme`` (requirements-dev.txt)."""

import ssl
from pathlib import Path

import trustme


def context(folder: Path) -> ssl.SSLContext:
    """A certificate for this machine's own names; ``ca.pem`` in the folder is what the caller must trust."""
    authority = trustme.CA()
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(found)
    folder.mkdir(parents=True, exist_ok=True)
    authority.cert_pem.write_to_path(folder / "ca.pem")
    return found
