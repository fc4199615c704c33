"""The client's own HTTP: connections used again, time-outs, no redirects, certificates looked at."""

import socket
import threading
import time

import pytest

from abarkuh_loans.testing.simulator import KEY, LINE, Simulator
from messaging.gateways import transport
from messaging.gateways.kavenegar import Kavenegar, Outgoing
from messaging.gateways.transport import NotSentError, Transport, UnclearError
from messaging.tests.canned import serving


def test_a_connection_is_used_again():
    def answer(path, form):
        seen.add(threading.get_ident())
        return 200, b"{}"

    seen: set[int] = set()
    with serving(answer) as url:
        client = Transport(url)
        for _ in range(5):
            client.post("/x", {"a": "ب"})
        client.close()

    assert len(seen) == 1  # the server has a thread for each connection


def test_a_connection_that_the_server_has_closed_is_not_used():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            for _ in range(2):
                peer, _address = server.accept()
                peer.recv(65_536)
                peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
                peer.close()

        thread = threading.Thread(target=serve)
        thread.start()
        client = Transport(f"http://127.0.0.1:{server.getsockname()[1]}")
        first = client.post("/x", {})
        idle, _since = client.idle.queue[0]
        assert idle.sock.recv(1, socket.MSG_PEEK) == b""  # the end has arrived
        assert first == client.post("/x", {}) == (200, b"{}")
        thread.join()
        client.close()


def test_no_answer_within_the_time_is_unclear(monkeypatch):
    monkeypatch.setattr(transport, "ANSWER_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = Transport(f"http://127.0.0.1:{server.getsockname()[1]}")
        with pytest.raises(UnclearError):
            client.post("/x", {})


def test_an_answer_that_drips_for_ever_is_cut_off(monkeypatch):
    monkeypatch.setattr(transport, "ANSWER_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip():
            peer, _address = server.accept()
            peer.recv(65_536)
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
            try:
                while True:
                    peer.sendall(b" " * 100_000)
                    time.sleep(0.05)
            except OSError:
                peer.close()

        thread = threading.Thread(target=drip)
        thread.start()
        with pytest.raises(UnclearError):
            Transport(f"http://127.0.0.1:{server.getsockname()[1]}").post("/x", {})
        thread.join()


def test_a_closed_port_is_surely_not_sent():
    with pytest.raises(NotSentError):
        Transport("http://127.0.0.1:9/v1").post("/x", {})


def test_a_redirect_is_not_followed():
    with serving(lambda path, form: (302, b"")) as url:
        client = Transport(url)
        assert client.post("/x", {}) == (302, b"")
        client.close()


@pytest.fixture(scope="module")
def tls_simulator(tmp_path_factory):
    """A simulator behind an authority of its own, and the file that says whom to trust."""
    folder = tmp_path_factory.mktemp("authority")
    started = Simulator(tls=folder)
    yield started, folder / "ca.pem"
    started.stop()


def test_a_certificate_of_nobody_is_refused(tls_simulator):
    client = Kavenegar(base_url=tls_simulator[0].base_url, key=KEY)

    with pytest.raises(NotSentError):
        client.status_of_own([1])


def test_the_machines_own_authorities_are_trusted(tls_simulator, monkeypatch):
    started, authority = tls_simulator
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    client = Kavenegar(base_url=started.base_url, key=KEY)

    assert client.send_array([Outgoing(1, "09131234567", LINE, "سلام")])[0].message_id > 0
    assert client.status_of_own([1])[1].message_id > 0
    client.close()
