"""HTTP to one address, with connections that are used again. Time-outs: 3 s to connect, 10 s for the answer."""

import http.client
import queue
import re
import select
import ssl
import time
from urllib.parse import urlsplit

CONNECT_SECONDS, ANSWER_SECONDS = 3, 10
IDLE_SECONDS = (
    4  # servers close idle connections after five seconds or more; a call on a closed one has an unclear fate
)
MOST_BYTES = 16 * 1024 * 1024
NOT_PLAIN = re.compile(r"[^A-Za-z0-9_.~-]+")


class GatewayError(Exception):
    """A call that brought no answer of use."""


class NotSentError(GatewayError):
    """No connection: the gateway has surely not heard of this call."""


class UnclearError(GatewayError):
    """The gateway may have taken the call or not."""


class Transport:
    """Safe to share between threads: each call has a connection to itself."""

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url)
        self.secure, self.host, self.port = parts.scheme == "https", parts.hostname or "", parts.port
        self.path = parts.path.rstrip("/")
        self.context = ssl.create_default_context() if self.secure else None
        self.idle: queue.LifoQueue[tuple[http.client.HTTPConnection, float]] = queue.LifoQueue()

    def post(self, path: str, form: dict[str, str]) -> tuple[int, bytes]:
        """Status and body of the answer; redirects are not followed. Raises NotSentError, UnclearError."""
        connection = self.connection()
        try:
            status, body = exchange(connection, self.path + path, encoded(form))
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise UnclearError(f"no answer: {type(error).__name__}") from None  # its words may hold the address
        if connection.sock is not None:
            self.idle.put((connection, time.monotonic()))
        return status, body

    def connection(self) -> http.client.HTTPConnection:
        while True:
            try:
                connection, since = self.idle.get_nowait()
            except queue.Empty:
                return self.connect()
            if time.monotonic() - since < IDLE_SECONDS and not select.select([connection.sock], [], [], 0)[0]:
                return connection
            connection.close()

    def connect(self) -> http.client.HTTPConnection:
        if self.secure:
            connection = http.client.HTTPSConnection(
                self.host, self.port, timeout=CONNECT_SECONDS, context=self.context
            )
        else:
            connection = http.client.HTTPConnection(self.host, self.port, timeout=CONNECT_SECONDS)
        try:
            connection.connect()
        except OSError as error:
            connection.close()
            raise NotSentError(f"no connection to {self.host}: {type(error).__name__}") from None
        connection.sock.settimeout(ANSWER_SECONDS)
        return connection

    def close(self) -> None:
        while not self.idle.empty():
            self.idle.get_nowait()[0].close()


def encoded(form: dict[str, str]) -> bytes:
    """To a reader what ``urllib.parse.urlencode`` writes, and quicker: of a Persian text every byte is escaped."""
    return "&".join(f"{name}={quoted(value)}" for name, value in form.items()).encode()


def quoted(value: str) -> str:
    return NOT_PLAIN.sub(lambda run: escaped(run.group()), value) if value.isascii() else escaped(value)


def escaped(value: str) -> str:
    return "%" + value.encode().hex("%")


def exchange(connection: http.client.HTTPConnection, path: str, body: bytes) -> tuple[int, bytes]:
    until = time.monotonic() + ANSWER_SECONDS
    kind = "application/x-www-form-urlencoded; charset=utf-8"
    connection.request("POST", path, body, {"Content-Type": kind, "Accept": "application/json"})
    answer = connection.getresponse()
    pieces, size = [], 0
    while piece := answer.read(65_536):
        pieces.append(piece)
        size += len(piece)
        if time.monotonic() > until or size > MOST_BYTES:
            raise TimeoutError
    return answer.status, b"".join(pieces)
