"""The client is whom our own proxies saw, and nobody can claim to be another."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.web.client_ip import client_ip, is_loopback, network_of

TRUSTED = [ip_network("10.0.0.0/8"), ip_network("fd00::/8"), ip_network("127.0.0.0/8")]


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "client"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),  # not one of ours: its word is worth nothing
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["198.51.100.1", "203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["203.0.113.9, 10.0.0.2"], "203.0.113.9"),
        ("10.0.0.1", ["10.9.9.9, 203.0.113.9, 10.0.0.2"], "203.0.113.9"),
        ("10.0.0.1", ["10.0.0.3,10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", ["203.0.113.9, unknown"], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.9, unknown, 10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", ["203.0.113.9,"], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.9:4711"], "203.0.113.9"),
        ("10.0.0.1", ["[2001:db8::1]:4711"], "2001:db8::1"),
        ("10.0.0.1", ["[2001:db8::1]"], "2001:db8::1"),
        ("10.0.0.1", ["2001:DB8:0::1"], "2001:db8::1"),
        ("10.0.0.1", ["010.0.0.1"], "10.0.0.1"),
        ("::ffff:10.0.0.1", ["::ffff:203.0.113.9"], "203.0.113.9"),
        ("::ffff:203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("fd00::1%eth0", ["2001:db8::1"], "2001:db8::1"),
        (None, ["203.0.113.9"], None),
        ("", ["203.0.113.9"], None),
        ("/run/web.sock", ["203.0.113.9"], None),
    ],
)
def test_the_first_address_from_the_right_that_is_not_ours_is_the_client(
    peer: str | None, forwarded_for: list[str], client: str | None
) -> None:
    assert client_ip(peer, forwarded_for, TRUSTED) == client


def test_without_trusted_proxies_the_peer_is_the_client() -> None:
    assert client_ip("127.0.0.1", ["203.0.113.9"], []) == "127.0.0.1"


@given(st.lists(st.text(max_size=30)), st.ip_addresses().map(str))
def test_no_claim_to_the_left_changes_what_our_proxy_saw(claims: list[str], seen: str) -> None:
    alone = client_ip("10.0.0.1", [seen], TRUSTED[:1])
    if not seen.startswith("10.") and "ffff:10." not in seen:
        assert client_ip("10.0.0.1", [*claims, seen], TRUSTED[:1]) == alone


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        ("203.0.113.9", "203.0.113.0/24"),
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
    ],
)
def test_a_network_is_the_24_or_64_around(ip: str, network: str) -> None:
    assert network_of(ip) == network


@pytest.mark.parametrize("nothing", ["", "unknown", "203.0.113", "203.0.113.0/24"])
def test_what_is_no_address_has_no_network(nothing: str) -> None:
    with pytest.raises(ValueError, match="not an IP address"):
        network_of(nothing)


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "expected"),
    [
        ("127.0.0.1", [], "", True),
        ("::1", [], "", True),
        ("192.0.2.1", [], "", False),
        ("127.0.0.1", ["192.0.2.1"], "", False),
        ("127.0.0.1", ["127.0.0.1"], "", False),  # a proxy that nobody told us about
        ("127.0.0.1", ["127.0.0.1"], "127.0.0.0/8", True),
        ("127.0.0.1", ["192.0.2.1"], "127.0.0.0/8", False),
        ("127.0.0.1", ["garbage"], "127.0.0.0/8", False),
        ("127.0.0.1", ["192.0.2.1, garbage"], "127.0.0.0/8", False),
        ("127.0.0.1", [""], "127.0.0.0/8", False),
        (None, [], "", False),
    ],
)
def test_only_what_is_known_to_come_from_this_machine_is_local(
    peer: str | None, forwarded: list[str], trusted: str, expected: bool
) -> None:
    networks = [ip_network(trusted)] if trusted else []
    assert is_loopback(peer, forwarded, networks) is expected
