"""Which gateway the commands of this copy speak to."""

import socket

import pytest

from devservices import gateway, place


@pytest.fixture
def own_place(tmp_path, monkeypatch):
    monkeypatch.setattr(place, "LOCAL", tmp_path)


@pytest.mark.parametrize(
    ("given", "needed"),
    [
        ({}, True),
        ({"SMS_GATEWAY": ""}, True),
        ({"SMS_GATEWAY": "simulator"}, True),
        ({"SMS_GATEWAY": "kavenegar"}, False),
        ({"KAVENEGAR_BASE_URL": "http://127.0.0.1:1/v1"}, False),
    ],
)
def test_a_simulator_is_needed_where_no_gateway_is_named(given, needed):
    assert gateway.needed(given) is needed


def test_the_port_is_chosen_once(own_place):
    assert gateway.port() == gateway.port() == gateway.free_port()


def test_a_port_that_a_stranger_took_is_given_up_for_good(own_place):
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", gateway.port()))
        stranger.listen()
        taken = gateway.port()
        assert gateway.free_port() != taken
    assert gateway.port() != taken


def test_a_real_gateway_is_not_ours(own_place):
    assert not gateway.is_own({"SMS_GATEWAY": "kavenegar"})
    assert gateway.is_own(gateway.defaults({"sms_callback_secret": "a", "sms_simulator_key": "b"}))
