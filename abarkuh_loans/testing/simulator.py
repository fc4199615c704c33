"""The simulator of the gateway as a real process on a free port, for tests: ``simulator`` is one, empty and without faults."""

import http.client
import json
import os
import ssl
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from devservices import place, site

KEY, LINE, SERVICE_LINE = "a-key-of-the-tests", "10008663", "20008663"
WAIT_SECONDS = 20
MOBILE = "09131111111"


class Simulator:
    """A running simulator. ``url`` is the page's address, ``base_url`` what ``KAVENEGAR_BASE_URL`` must be."""

    key, line, service_line = KEY, LINE, SERVICE_LINE

    def __init__(self, *arguments: str, port: int = 0, secret: str = "", tls: Path | None = None) -> None:
        environment = {
            **os.environ,
            "KAVENEGAR_API_KEY": KEY,
            "SMS_LINE": LINE,
            "SMS_SERVICE_LINE": SERVICE_LINE,
            "SMS_CALLBACK_SECRET": secret,
        }
        command = [
            sys.executable,
            "-m",
            "devservices.sms_simulator",
            f"--port={port}",
            *([f"--tls={tls}"] if tls else []),
        ]
        self.process = subprocess.Popen(
            [*command, *arguments],
            cwd=place.ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=site.end_with_parent,
        )
        said = self.process.stdout.readline()
        if not said.startswith("simulator: "):
            self.stop()
            raise AssertionError(f"the simulator did not start: {said}")
        self.url = said.split()[1].rstrip("/")
        self.base_url = f"{self.url}/v1"
        self.trusts = ssl.create_default_context(cafile=tls / "ca.pem") if tls else None

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        self.process.stdout.close()

    # --- what it does wrong
    def faults(self, **switches) -> dict:
        """Set switches (devservices/sms_simulator/switches.py): ``faults(next=["fail_after"])``, ``faults(no_credit=True)``."""
        return self.tell("switches", **switches)

    def advance(self, *, hours: float) -> None:
        """Let time pass for the gateway."""
        self.tell("advance", seconds=hours * 3600)

    def reset(self) -> None:
        self.tell("reset")

    def hooks(self, site_url: str, secret: str) -> None:
        """Where it reports to from now on."""
        site = f"{site_url.rstrip('/')}/hooks/sms/{secret}" if site_url else ""
        self.tell("hooks", delivery=site and f"{site}/delivery", inbound=site and f"{site}/inbound")

    # --- what people do, and what arrived
    def answer(self, mobile: str, text: str, line: str = "") -> int:
        """A person writes from a phone; the number is the gateway's own for this answer."""
        return self.tell("answer", mobile=mobile, text=text, line=line)["messageid"]

    def report(self, messageid: int, status: int, times: int = 1) -> None:
        """A delivery report, as it pleases."""
        self.tell("report", messageid=messageid, status=status, times=times)

    def messages(self, mobile: str) -> list[dict]:
        """What this phone received, oldest first."""
        entries = self.ask("phone", mobile=mobile, most=1000)["entries"]
        return [entry for entry in reversed(entries) if not entry["mine"]]

    def accepted(self) -> dict[str, int]:
        """How many messages the gateway accepted under each own number (localid) of the sender."""
        return self.ask("accepted")

    def summary(self) -> dict:
        return self.ask("summary")

    def calls(self, method: str = "") -> list[dict]:
        """The last 500 requests to the API: method, verb, parameters, answer, fault."""
        return [call for call in self.ask("calls")["calls"] if method in ("", call["method"])]

    def wait_until(self, condition, *, seconds: float = WAIT_SECONDS) -> dict:
        """The summary, as soon as it fulfils the condition."""
        deadline = time.monotonic() + seconds
        while not condition(summary := self.summary()):
            assert time.monotonic() < deadline, summary
            time.sleep(0.02)
        return summary

    # --- its control
    def ask(self, name: str, **parameters) -> dict:
        with urllib.request.urlopen(
            f"{self.url}/_control/{name}?{urllib.parse.urlencode(parameters)}", context=self.trusts
        ) as answer:
            return json.load(answer)

    def tell(self, name: str, **wanted) -> dict:
        body = json.dumps(wanted).encode()
        request = urllib.request.Request(f"{self.url}/_control/{name}", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, context=self.trusts) as answer:
            return json.load(answer)


class Caller:
    """Posts a form to the API and gives back (HTTP status, return code, entries)."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator

    def __call__(self, method: str, *, key: str = Simulator.key, verb: str = "POST", **parameters):
        form = urllib.parse.urlencode(parameters, doseq=True)
        target = f"/v1/{key}/{method}.json" + (f"?{form}" if verb == "GET" else "")
        connection = http.client.HTTPConnection(self.simulator.url.removeprefix("http://"), timeout=5)
        try:
            headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
            connection.request(verb, target, form if verb == "POST" else None, headers)
            answer = connection.getresponse()
            content = json.loads(answer.read())
        finally:
            connection.close()
        return answer.status, content["return"]["status"], content["entries"]

    def array(self, localids, *, texts=None, receptors=None, senders=None, **more):
        count = len(localids)
        return self(
            "sms/sendarray",
            receptor=json.dumps(receptors or [MOBILE] * count),
            sender=json.dumps(senders or [LINE] * count),
            message=json.dumps(texts or ["آیا مشغول کارید؟"] * count),
            localmessageids=json.dumps([str(localid) for localid in localids]),
            **more,
        )


@pytest.fixture(scope="session")
def simulator_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    folder: Path = tmp_path_factory.mktemp("simulator")
    started = Simulator(f"--store={folder / 'phones.sqlite3'}")
    yield started
    started.stop()


@pytest.fixture
def simulator(simulator_process: Simulator, settings) -> Simulator:
    """The gateway of this test, to which the site's settings point. It reports to nobody unless ``hooks`` says where."""
    simulator_process.reset()
    simulator_process.hooks("", "")
    settings.SMS_GATEWAY = "simulator"
    settings.KAVENEGAR_BASE_URL = simulator_process.base_url
    settings.KAVENEGAR_API_KEY, settings.SMS_LINE = KEY, LINE
    return simulator_process


@pytest.fixture
def call(simulator: Simulator) -> Caller:
    """Asks the simulator's API without any client of ours."""
    return Caller(simulator)
