"""Our client and the gateway's own: the same requests, the same answers."""

import kavenegar
import pytest

from abarkuh_loans.testing.simulator import KEY, LINE, MOBILE, Simulator
from messaging.gateways.kavenegar import Kavenegar, Outgoing, RefusedError


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    folder = tmp_path_factory.mktemp("authority")
    started = Simulator(tls=folder)
    yield started, folder / "ca.pem"
    started.stop()


@pytest.fixture
def simulator(gateway) -> Simulator:
    gateway[0].reset()
    return gateway[0]


@pytest.fixture
def official(gateway, monkeypatch) -> kavenegar.KavenegarAPI:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(gateway[1]))
    api = kavenegar.KavenegarAPI(KEY)
    api.host = gateway[0].url.removeprefix("https://")
    return api


@pytest.fixture
def ours(gateway, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(gateway[1]))
    client = Kavenegar(base_url=gateway[0].base_url, key=KEY)
    yield client
    client.close()


def repeated(simulator: Simulator, official: kavenegar.KavenegarAPI) -> list:
    """Our client's last request, made once more by the official one."""
    last = simulator.calls()[-1]
    parameters = {name: value for name, (value,) in last["parameters"].items()}
    return getattr(official, last["method"].replace("/", "_"))(parameters)


def messages(*localids: int) -> list[Outgoing]:
    return [Outgoing(localid, f"0913000{localid:04d}", LINE, f"پیام {localid} & +٪") for localid in localids]


def test_messages_sent_in_bulk_are_the_same_for_both(ours, official, simulator):
    entries = ours.send_array(messages(1, 2, 3))

    again = repeated(simulator, official)  # the gateway de-duplicates: the earlier messages come back
    assert [(entry["messageid"], entry["cost"]) for entry in again] == [
        (entry.message_id, entry.cost_rial) for entry in entries
    ]
    assert [entry["message"] for entry in again] == [message.text for message in messages(1, 2, 3)]


def test_states_are_the_same_for_both(ours, official, simulator):
    sent = ours.send_array(messages(1, 2))
    simulator.wait_until(lambda summary: summary["statuses"] == {"10": 2})

    states = ours.status([entry.message_id for entry in sent])
    assert {entry["messageid"]: entry["status"] for entry in repeated(simulator, official)} == states

    own = ours.status_of_own([1, 2, 3])
    assert {
        int(entry["localid"]): (entry["messageid"], entry["status"]) for entry in repeated(simulator, official)
    } == {localid: (entry.message_id, entry.status) for localid, entry in own.items()}


def test_a_spoken_message_is_the_same_for_both(ours, official, simulator):
    spoken = ours.speak(messages(7)[0])

    assert repeated(simulator, official)[0]["messageid"] == spoken.message_id
    states = ours.call_status([spoken.message_id])
    assert [entry["messageid"] for entry in repeated(simulator, official)] == [*states]


def test_what_people_wrote_is_the_same_for_both(ours, official, simulator):
    simulator.answer(MOBILE, "۱ بله")
    fetched = ours.receive(LINE)

    again = ours.receive(LINE, read_before=True)
    assert fetched == again == repeated(simulator, official)


@pytest.mark.parametrize(("fault", "code"), [({"no_credit": True}, 418), ({"refuse_key": True}, 401)])
def test_refusals_have_the_same_code_for_both(ours, official, simulator, fault, code):
    simulator.faults(**fault)
    with pytest.raises(RefusedError) as refused:
        ours.send_array(messages(1))
    assert refused.value.code == code

    with pytest.raises(kavenegar.APIException, match=str(code)):
        repeated(simulator, official)
