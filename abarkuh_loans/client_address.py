"""Whose address a request comes from, also through the proxy that ends TLS on this machine."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

LOOPBACK = ("127.0.0.1", "::1", "")  # empty: a socket of this machine
HOME = 64  # bits of an IPv6 address that a household keeps; the rest is its own to choose


def client_address(request: HttpRequest) -> str:
    """The peer's address, or what our own proxy says of its peer: only the last hop, for the rest anybody can write."""
    peer = request.META.get("REMOTE_ADDR", "")
    if peer in LOOPBACK and settings.BEHIND_HTTPS:
        last = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        return last if is_address(last) else peer
    return peer


def household(address: str) -> str:
    """Under what an address is counted: itself, or the network of a whole IPv6 line."""
    if not is_address(address):
        return address
    found = ip_address(address)
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network(f"{found}/{HOME}", strict=False))
    return str(found)


def is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
