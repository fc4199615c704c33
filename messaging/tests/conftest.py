import pytest

from messaging.gateways import chosen
from messaging.tests.drafts import a_county
from messaging.workflow import sending


@pytest.fixture
def county():
    return a_county()


@pytest.fixture
def gateway(simulator):
    client = chosen.gateway()
    yield client
    client.close()


@pytest.fixture
def send(gateway):
    """Send what is due over the real client to the simulator's process."""
    return lambda: sending.send_due(gateway)
