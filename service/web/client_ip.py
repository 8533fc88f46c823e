"""Whose request this is: the socket's peer, or what proxies of ours say about it."""

import ipaddress
import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_WITH_PORT = re.compile(r"\[([^\]]*)\](?::[0-9]{1,5})?|([0-9.]+):[0-9]{1,5}")


def client_ip(peer: str | None, forwarded_for: Sequence[str], trusted: Sequence[Network]) -> str | None:
    """The client's address in its plain spelling, null where there is none (a Unix socket).

    Args:
        peer: the socket's other end.
        forwarded_for: the values of the `X-Forwarded-For` headers, in order; each may be a list.
        trusted: the proxies whose word about the hop before them is believed.

    Read right to left: the first address that is not one of our proxies is the client; everything to the
    left of it is only what the client claims. An entry that is no address ends the reading at the proxy that
    wrote it, so that it can never hide or invent somebody.
    """
    client = _address(peer or "")
    if client is None:
        return None
    for entry in reversed([entry for header in forwarded_for for entry in header.split(",")]):
        hop = _address(entry) if _is_trusted(client, trusted) else None
        if hop is None:
            break
        client = hop
    return str(client)


def is_loopback(peer: str | None, forwarded_for: Sequence[str], trusted: Sequence[Network]) -> bool:
    """Whether the request comes from this very machine, as far as that can be known.

    A proxy on this machine that nobody told us about makes everybody look local: a request that it says it
    has forwarded is not taken for one.
    """
    client, own = _address(client_ip(peer, forwarded_for, trusted) or ""), _address(peer or "")
    if client is None or own is None or not client.is_loopback:
        return False
    if not forwarded_for:
        return True
    readable = all(_address(entry) for header in forwarded_for for entry in header.split(","))
    return readable and _is_trusted(own, trusted)


def network_of(ip: str) -> str:
    """The /24 or /64 around an address: what one household or one machine can easily have of them.

    Raises:
        ValueError: not an address.
    """
    address = _address(ip)
    if address is None:
        raise ValueError("not an IP address")
    prefix = 24 if address.version == 4 else 64
    return str(ipaddress.ip_network((address, prefix), strict=False))


def is_from(ip: str, networks: Sequence[Network]) -> bool:
    """Whether an address lies in one of these networks; what is no address lies in none."""
    address = _address(ip)
    return address is not None and _is_trusted(address, networks)


def _is_trusted(address: Address, trusted: Sequence[Network]) -> bool:
    return any(address in network for network in trusted)


def _address(text: str) -> Address | None:
    """An address as proxies write it, with or without port; IPv4 inside IPv6 is IPv4, a zone is dropped."""
    text = text.strip()
    match = _WITH_PORT.fullmatch(text)
    bare = (match[1] or match[2] or "") if match else text
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address
