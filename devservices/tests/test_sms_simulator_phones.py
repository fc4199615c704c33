"""The simulator as a neighbour: its callbacks, its process, and what its page asks."""

import http.server
import json
import socket
import threading
import urllib.error
import urllib.parse
import urllib.request

import pytest

from abarkuh_loans.testing.simulator import LINE, MOBILE, Caller, Simulator


class Site(http.server.ThreadingHTTPServer):
    """Stands for our site: keeps what it is told, and answers as it is told to."""

    daemon_threads = True

    def __init__(self) -> None:
        self.told: list[tuple[str, dict]] = []
        self.answers: list[int] = []
        super().__init__(("127.0.0.1", 0), Hook)

    def kind(self, name: str) -> list[dict]:
        return [parameters for kind, parameters in list(self.told) if kind == name]


class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.headers["Content-Type"] == "application/json":
            parameters = {name: str(value) for name, value in json.loads(body).items()}
        else:
            parameters = dict(urllib.parse.parse_qsl(body))
        self.take(self.path, parameters)

    def do_GET(self) -> None:
        address = urllib.parse.urlsplit(self.path)
        self.take(address.path, dict(urllib.parse.parse_qsl(address.query)))

    def take(self, path: str, parameters: dict) -> None:
        self.server.told.append((path.rpartition("/")[2], parameters))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
        self.end_headers()

    def log_message(self, format: str, *words) -> None:
        pass


@pytest.fixture
def site(simulator):
    site = Site()
    threading.Thread(target=site.serve_forever, args=(0.05,), daemon=True).start()
    simulator.hooks(f"http://127.0.0.1:{site.server_port}", "secret")
    simulator.faults(delivery_ms=0)
    yield site
    simulator.hooks("", "")
    site.shutdown()
    site.server_close()


@pytest.mark.parametrize("form", [{}, {"callback_json": True}, {"callback_method": "GET"}])
def test_the_site_is_told_of_every_step_and_every_answer(call, simulator, site, form):
    simulator.faults(**form)
    (sent,) = call.array([1])[2]
    answer = simulator.answer(MOBILE, "۱ بله")
    simulator.wait_until(lambda summary: summary["callbacks"] == {"done": 3})

    number = str(sent["messageid"])
    assert sorted(report["status"] for report in site.kind("delivery")) == ["10", "4"]
    assert {report["messageid"] for report in site.kind("delivery")} == {number}
    assert site.kind("inbound") == [{"messageid": str(answer), "from": MOBILE, "to": LINE, "message": "۱ بله"}]


def test_a_callback_that_is_not_taken_comes_again(simulator, site):
    site.answers = [500, 404]
    simulator.faults(callback_retry_seconds=0)
    simulator.answer(MOBILE, "2")
    simulator.wait_until(lambda summary: summary["callbacks"] == {"done": 1})

    assert len(site.kind("inbound")) == 3


def test_a_callback_is_given_up_after_thirty_tries(simulator, site):
    site.answers = [500] * 40
    simulator.faults(callback_retry_seconds=0)
    simulator.answer(MOBILE, "2")
    simulator.wait_until(lambda summary: summary["callbacks"] == {"given up": 1})

    assert len(site.kind("inbound")) == 31


def test_callbacks_are_lost_doubled_and_bundled_when_told_so(call, simulator, site):
    simulator.faults(callback_lose=1)
    call.array([1])
    simulator.wait_until(lambda summary: summary["callbacks"] == {"lost": 2})
    simulator.faults(callback_lose=0, callback_duplicate=1)
    simulator.answer(MOBILE, "1")
    simulator.wait_until(lambda summary: summary["callbacks"].get("done") == 1)
    assert site.kind("delivery") == [] and len(site.kind("inbound")) == 5

    simulator.faults(callback_duplicate=0, callback_batch=50, callbacks_off=True)
    call.array(range(2, 22))
    simulator.wait_until(lambda summary: summary["callbacks"].get("waiting") == 40)
    simulator.faults(callbacks_off=False)
    simulator.wait_until(lambda summary: summary["callbacks"].get("done") == 41)
    assert sorted(len(report["messageid"].split(",")) for report in site.kind("delivery")) == [20, 20]


def test_callbacks_overtake_each_other_when_told_so(simulator, site):
    simulator.faults(callback_reorder=1)
    numbers = [str(simulator.answer(MOBILE, str(number))) for number in range(12)]
    simulator.wait_until(lambda summary: summary["callbacks"] == {"done": 12})

    told = [answer["messageid"] for answer in site.kind("inbound")]
    assert sorted(told) == numbers and told != numbers


def test_any_report_can_be_made_up(simulator, site):
    simulator.report(42, 6, times=3)
    simulator.wait_until(lambda summary: summary["callbacks"] == {"done": 3})

    assert site.kind("delivery") == [{"messageid": "42", "status": "6"}] * 3


# --- the process
def test_phones_and_callbacks_outlive_the_process(tmp_path):
    store = f"--store={tmp_path / 'phones.sqlite3'}"
    first = Simulator(store)
    Caller(first).array([1])
    first.answer(MOBILE, "1")
    first.process.kill()
    first.stop()

    second = Simulator(store)
    try:
        assert second.accepted() == {"1": 1}
        assert len(Caller(second)("sms/receive", linenumber=LINE, isread=0)[2]) == 1
    finally:
        second.stop()


def test_a_taken_port_is_said_in_one_sentence(capfd):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(AssertionError):
            Simulator(port=other.getsockname()[1])
    said = capfd.readouterr().err
    assert "cannot listen" in said and "Traceback" not in said


def test_it_stops_at_once_although_a_call_hangs(tmp_path):
    started = Simulator()
    started.faults(next=["hang_after"])
    hanging = threading.Thread(target=lambda: pytest.raises(OSError, Caller(started).array, [1]), daemon=True)
    hanging.start()
    started.wait_until(lambda summary: summary["messages"] == 1)
    started.stop()
    hanging.join(10)
    assert started.process.returncode == 0 and not hanging.is_alive()


# --- its page's questions
def test_phones_are_found_by_number_and_text_and_turned_by_page(call, simulator):
    call.array(range(70), receptors=[f"0913000{number:04d}" for number in range(70)])
    call.array([100], receptors=["09130000069"], texts=["نوبت شما 50% است"])

    first = simulator.ask("phones")
    assert (first["total"], first["pages"], len(first["phones"])) == (70, 3, 30)
    assert first["phones"][0]["mobile"] == "09130000069"
    assert len(simulator.ask("phones", page=3)["phones"]) == 10
    assert simulator.ask("phones", q="۰۹۱۳۰۰۰۰۰۰۵")["total"] == 1
    assert simulator.ask("phones", q="50%")["total"] == 1
    simulator.answer("09130000005", "1")
    assert simulator.ask("phones", silent="yes")["total"] == 69


@pytest.mark.parametrize("wanted", [{"mobile": "12", "text": "1"}, {"mobile": MOBILE, "text": " "}])
def test_an_answer_needs_a_number_and_a_text(simulator, wanted):
    with pytest.raises(urllib.error.HTTPError) as refused:
        simulator.tell("answer", **wanted)
    with refused.value as answer:
        assert answer.code == 422 and "بنویسید" in json.load(answer)["problem"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example", "Content-Type": "application/json"}, 403),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Type": "text/plain"}, 415),
    ],
)
def test_a_page_of_another_site_cannot_work_the_switches(simulator, headers, status):
    request = urllib.request.Request(f"{simulator.url}/_control/restore", b"{}", headers)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    with refused.value as answer:
        assert answer.code == status
