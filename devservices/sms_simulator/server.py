"""The HTTP of it: Kavenegar's paths under ``/v1/``, the page at ``/``, its questions and switches under ``/_control/``."""

import json
import re
import sys
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from devservices.sms_simulator import api, codes
from devservices.sms_simulator.api import Call, Gateway
from devservices.sms_simulator.control import Control, Journal, WrongRequest
from devservices.sms_simulator.switches import WrongSwitch

PAGE = Path(__file__).resolve().parent / "page"
STATIC = PAGE.parent.parent.parent / "static"
FILES = {
    "/": (PAGE / "index.html", "text/html; charset=utf-8"),
    "/simulator.css": (PAGE / "simulator.css", "text/css; charset=utf-8"),
    "/simulator.js": (PAGE / "simulator.js", "text/javascript; charset=utf-8"),
    "/icon.svg": (STATIC / "icon.svg", "image/svg+xml"),
    "/fonts/Vazirmatn-33.003-subset.woff2": (STATIC / "fonts" / "Vazirmatn-33.003-subset.woff2", "font/woff2"),
    **{
        f"/css/{name}.css": (STATIC / "css" / f"{name}.css", "text/css; charset=utf-8")
        for name in ("tokens", "app", "components", "forms")
    },
}
METHOD = re.compile(r"/v1/([^/]+)/([a-z]+/[a-z]+)\.json")
MOST_BODY = 5_000_000
OWN_NAMES = {"127.0.0.1", "localhost", "::1"}
GARBAGE = "<html><body>دروازه در حال به‌روزرسانی است</body></html>".encode()
POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port: int, *, gateway: Gateway, key: str, hooks: dict[str, str]) -> None:
        self.gateway, self.key, self.journal = gateway, key, Journal()
        self.control = Control(gateway, hooks, self.journal)
        super().__init__(("127.0.0.1", port), Handler)

    def handle_error(self, request, client_address) -> None:
        """A caller that was killed in the middle of its call is no fault of ours."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "Simulator", ""
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 300

    def do_GET(self) -> None:
        self.take("GET")

    def do_POST(self) -> None:
        self.take("POST")

    def take(self, verb: str) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > MOST_BODY:
            self.close_connection = True
            return self.give(413, b"", "text/plain")
        body = self.rfile.read(int(length))
        address = urllib.parse.urlsplit(self.path)
        parameters = urllib.parse.parse_qs(address.query, keep_blank_values=True)
        if found := METHOD.fullmatch(address.path):
            if "json" not in self.headers.get("Content-Type", ""):
                for name, values in urllib.parse.parse_qs(
                    body.decode("utf-8", "replace"), keep_blank_values=True
                ).items():
                    parameters.setdefault(name, []).extend(values)
            return self.answer_api(found[1], found[2], verb, parameters)
        if address.path.startswith("/v1/"):
            return self.answer(404, None)
        if urllib.parse.urlsplit("//" + self.headers.get("Host", "")).hostname not in OWN_NAMES:
            return self.give(403, b"", "text/plain")
        if address.path.startswith("/_control/"):
            return self.answer_control(address.path.removeprefix("/_control/"), verb, parameters, body)
        if verb == "GET" and address.path in FILES:
            path, kind = FILES[address.path]
            return self.give(200, path.read_bytes(), kind)
        return self.give(404, b"", "text/plain")

    # --- Kavenegar
    def answer_api(self, key: str, method: str, verb: str, parameters: dict[str, list[str]]) -> None:
        if method not in api.SENDING:
            return self.answer_call(key, method, verb, parameters)
        self.server.journal.begin()  # how many sending calls are on their way at this moment
        try:
            return self.answer_call(key, method, verb, parameters)
        finally:
            self.server.journal.end()

    def answer_call(self, key: str, method: str, verb: str, parameters: dict[str, list[str]]) -> None:
        switches, journal = self.server.gateway.switches, self.server.journal
        fault = switches.of_call(sends=method in api.SENDING)
        wait = switches["latency_ms"] + (switches["slow_ms"] if switches.happens("slow_share") else 0)
        time.sleep(wait / 2000)  # half of the way there, half of the way back
        if fault in ("fail_before", "garbage_before"):
            code, entries = 0, None
        else:
            code, entries = self.perform(key, method, verb, parameters)
        journal.note(method, verb, parameters, code, fault)
        time.sleep(wait / 2000)
        if fault == "hang_after":
            time.sleep(switches["hang_seconds"])
            self.close_connection = True
        elif fault.startswith("garbage"):
            self.give(200, GARBAGE, "text/html; charset=utf-8")
        elif fault:
            self.give(500, GARBAGE, "text/html; charset=utf-8")
        else:
            self.answer(code, entries)

    def perform(self, key: str, method: str, verb: str, parameters: dict[str, list[str]]):
        if urllib.parse.unquote(key) != self.server.key or self.server.gateway.switches["refuse_key"]:
            return 401, None
        if method not in api.METHODS:
            return 404, None
        try:
            return 200, api.METHODS[method](Call(self.server.gateway, verb, parameters))
        except codes.Refusal as refusal:
            return refusal.code, None

    def answer(self, code: int, entries) -> None:
        body = {"return": {"status": code, "message": codes.RETURN[code]}, "entries": entries}
        shown = 200 if code > 599 or self.server.gateway.switches["errors_with_200"] else code
        self.give_json(shown, body)

    # --- the page and the tests
    def answer_control(self, name: str, verb: str, parameters: dict[str, list[str]], body: bytes) -> None:
        control = self.server.control
        known = control.actions if verb == "POST" else control.questions
        if name not in known:
            return self.give_json(404, {"problem": "چنین فرمانی نیست."})
        # a page of another site can post a form here, but no JSON
        if verb == "POST" and self.headers.get("Content-Type", "").partition(";")[0] != "application/json":
            return self.give_json(415, {"problem": "JSON بفرستید."})
        try:
            wanted = (
                json.loads(body or b"{}") if verb == "POST" else {key: values[0] for key, values in parameters.items()}
            )
            return self.give_json(200, known[name](wanted if verb == "POST" or name != "switches" else {}))
        except WrongRequest as problem:
            return self.give_json(422, {"problem": str(problem)})
        except (WrongSwitch, KeyError, TypeError, ValueError) as problem:
            return self.give_json(422, {"problem": f"این درخواست خوانده نشد: {problem}"})

    def give_json(self, status: int, content) -> None:
        self.give(status, json.dumps(content, ensure_ascii=False).encode(), "application/json; charset=utf-8")

    def give(self, status: int, content: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Content-Security-Policy", POLICY)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def handle(self) -> None:
        try:
            super().handle()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def log_message(self, format: str, *words) -> None:
        """Nothing: the key is part of the address."""
