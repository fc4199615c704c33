"""A county on the eve of its meeting, and the browser of whoever works there."""

import pytest

from working_group.tests.factories import World


@pytest.fixture
def world():
    return World(names=3, credit_rial=700_000_000)


@pytest.fixture
def office(client, world):
    client.force_login(world.expert)
    return client


@pytest.fixture
def head(client, world):
    client.force_login(world.head)
    return client
