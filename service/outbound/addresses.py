"""Which addresses may be connected to: public ones, and those of networks that the operator named."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052; a network's own prefix (RFC 8215) may carry IPv4 anywhere
_UNICAST = IPv6Network(
    "2000::/3"
)  # all that is given out (RFC 4291 2.4); beyond it lie SIIT, SRv6 and what comes
_NOT_PUBLIC = (
    ip_network("0.0.0.0/8"),  # on Linux, this machine
    ip_network("192.88.99.0/24"),  # relays of 6to4
    ip_network("3fff::/20"),  # for examples, RFC 9637
)


def parse_address(text: str) -> Address | None:
    """The address that a text is, null for a name; one with a zone is taken for a name that nobody has."""
    try:
        return None if "%" in text else ip_address(text)
    except ValueError:
        return None


def is_within(address: Address, networks: Sequence[Network]) -> bool:
    """Whether it lies in one of the operator's own networks, by itself or as what it leads to."""
    return any(address in network for network in networks) or all(
        any(one in network for network in networks) for one in _readings(address)
    )


def is_public(address: Address) -> bool:
    """Whether it, and every address hidden inside it, is one of the public internet."""
    return all(_is_plain_public(one) for one in _readings(address))


def _is_plain_public(address: Address) -> bool:
    if address.is_multicast or any(address in network for network in _NOT_PUBLIC):
        return False
    return address.is_global and (address.version == 4 or address in _UNICAST)


def _readings(address: Address) -> list[Address]:
    """What a connection to it may reach: for IPv6 that carries IPv4 inside, the IPv4 address alone."""
    if isinstance(address, IPv4Address):
        return [address]
    inside = _carried(address)
    return inside or [address]


def _carried(address: IPv6Address) -> list[Address]:
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address.sixtofour is not None:
        return [address.sixtofour]
    if address.teredo is not None:
        return [*address.teredo]
    if address in _NAT64 or int(address) >> 32 == 0:
        return [IPv4Address(int(address) & 0xFFFFFFFF)]
    return []
