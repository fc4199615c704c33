"""Whose address counts: the peer's, or what the proxy on this machine says of its own peer."""

import pytest
from django.test import RequestFactory

from abarkuh_loans.client_address import client_address, household


@pytest.mark.parametrize(
    ("peer", "forwarded", "behind_https", "address"),
    [
        ("192.0.2.7", "", True, "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", True, "192.0.2.7"),  # not our proxy: anybody can write this
        ("127.0.0.1", "198.51.100.1", False, "127.0.0.1"),  # no proxy here
        ("127.0.0.1", "198.51.100.1", True, "198.51.100.1"),
        ("::1", "203.0.113.9, 198.51.100.1", True, "198.51.100.1"),  # the caller wrote the first himself
        ("", "2001:db8::1", True, "2001:db8::1"),
        ("127.0.0.1", "203.0.113.9, unknown", True, "127.0.0.1"),
        ("127.0.0.1", "", True, "127.0.0.1"),
    ],
)
def test_the_address_is_the_proxys_last_hop_or_the_peers(settings, peer, forwarded, behind_https, address):
    settings.BEHIND_HTTPS = behind_https
    more = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}

    assert client_address(RequestFactory().get("/", REMOTE_ADDR=peer, **more)) == address


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_a_line_counts_once_whatever_address_it_takes(address, counted):
    assert household(address) == counted
