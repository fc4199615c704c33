"""Start it: ``python -m devservices.sms_simulator --port 8663 --site http://127.0.0.1:8000``.

The key, the lines and the secret of the callbacks come from ``KAVENEGAR_API_KEY``, ``SMS_LINE``, ``SMS_SERVICE_LINE``
and ``SMS_CALLBACK_SECRET``, the names under which the site reads them; an argument would be seen by every account.
"""

import argparse
import importlib
import os
import signal
import sys
import threading
from pathlib import Path

from devservices.sms_simulator.api import Gateway
from devservices.sms_simulator.phones import Callbacks, Delivery
from devservices.sms_simulator.server import Server
from devservices.sms_simulator.store import Store
from devservices.sms_simulator.switches import Switches

TEMPLATES = {
    "verify": "کد شما: %token",
    "visit": "بازدید ناظر: %token ساعت %token2. کد ناظر %token3\n%token10",
}


def main() -> None:
    options = arguments()
    store = Store(options.store)
    gateway = Gateway(
        store=store,
        switches=Switches(store),
        lines=[os.environ.get("SMS_LINE") or "10008663", *options.line],
        service_lines=[*filter(None, [os.environ.get("SMS_SERVICE_LINE")]), *options.service_line],
        templates=TEMPLATES,
    )
    hooks = {}
    if options.site and (secret := os.environ.get("SMS_CALLBACK_SECRET")):
        hooks = {kind: f"{options.site.rstrip('/')}/hooks/sms/{secret}/{kind}" for kind in ("delivery", "inbound")}
    try:
        server = Server(
            options.port, gateway=gateway, key=os.environ.get("KAVENEGAR_API_KEY") or "simulator", hooks=hooks
        )
    except OSError as problem:
        sys.exit(f"The simulator cannot listen on port {options.port}: {problem}. درگاه {options.port} آزاد نیست.")
    scheme = "http"
    if options.tls:
        authority = importlib.import_module("devservices.sms_simulator.authority")
        server.socket = authority.context(options.tls).wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        scheme = "https"
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, frame: threading.Thread(target=server.shutdown).start())
    Delivery(gateway).start()
    Callbacks(gateway, server.control.hooks).start()
    print(f"simulator: {scheme}://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever(poll_interval=0.1)
    os._exit(0)  # calls that hang on purpose are not waited for


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m devservices.sms_simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; a free one when left out")
    parser.add_argument("--store", default=":memory:", help="file of its messages; in memory when left out")
    parser.add_argument("--site", default="", help="address of the site, whose hooks it calls")
    parser.add_argument("--line", action="append", default=[], help="a further line of the account")
    parser.add_argument("--service-line", action="append", default=[], help="a line that nobody can block")
    parser.add_argument("--tls", type=Path, help="speak TLS; the folder gets ca.pem, a throw-away authority")
    return parser.parse_args()


if __name__ == "__main__":
    main()
