"""A server that says exactly what a test wants: for the codes that the simulator has no reason to give."""

import json
import threading
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[str, dict[str, str]], tuple[int, bytes]]


def envelope(code: int, entries: list | None = None, message: str = "") -> bytes:
    return json.dumps({"return": {"status": code, "message": message}, "entries": entries}).encode()


def accepted(form: dict[str, str], status: int = 1) -> bytes:
    """An answer to sendarray that takes everything."""
    receptors, ids = json.loads(form["receptor"]), json.loads(form["localmessageids"])
    entries = [
        {"messageid": 7_000_000 + number, "status": status, "receptor": receptor, "cost": 1_200}
        for number, receptor in zip(ids, receptors, strict=True)
    ]
    return envelope(200, entries)


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """The base URL of a server that answers by ``answer(path, form)``."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, content = answer(self.path, dict(urllib.parse.parse_qsl(body)))
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *words) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
