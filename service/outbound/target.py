"""Where a request goes: a URL read strictly, and the addresses of its host, each of them allowed."""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field

import yarl

from service.outbound.addresses import Network, is_public, is_within, parse_address
from service.outbound.errors import AddressNotAllowed, Unreachable

Lookup = Callable[[str, int], Awaitable[Sequence[str]]]
"""From a name and a port to addresses; raises OSError."""

_LONGEST = 2000
_PLAIN = re.compile(r"[!-\[\]-~]+")  # visible ASCII without the backslash, which some read as a slash)


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that was read; `url` may carry a secret and is not printed."""

    url: yarl.URL = field(repr=False)
    host: str
    port: int

    @classmethod
    def parse(cls, text: str, hosts: Collection[str] | None = None) -> "Target":
        """The target of an http(s) URL without credentials; `hosts` are the only ones that may be asked.

        Raises:
            AddressNotAllowed: it is none.
        """
        if (
            len(text) > _LONGEST
            or not text.isascii()
            or not text.isprintable()
            or " " in text
            or "\\" in text
        ):
            raise AddressNotAllowed
        try:
            url = yarl.URL(text).with_fragment(None)
            host, port = (url.host or "").rstrip(".").lower(), url.port
        except ValueError:
            raise AddressNotAllowed from None
        if url.scheme not in {"https", "http"} or not host or "%" in host or not port:
            raise AddressNotAllowed
        if url.user is not None or url.password is not None:
            raise AddressNotAllowed
        if hosts is not None and host not in {one.rstrip(".").lower() for one in hosts}:
            raise AddressNotAllowed
        return cls(url, host, port)

    async def addresses(self, own: Sequence[Network], lookup: Lookup) -> list[str]:
        """The addresses to connect to: all of them public, or all of them in networks of our own.

        One that may not be asked refuses them all: a name that leads to both is an attack or a mistake.
        Plain http is for our own networks.

        Raises:
            AddressNotAllowed: one of them may not be asked.
            Unreachable: there is none.
        """
        literal = parse_address(self.host)
        found = [str(literal)] if literal is not None else list(await self._look_up(lookup))
        if not found:
            raise Unreachable
        for text in found:
            address = parse_address(text)
            if address is None:
                raise AddressNotAllowed
            if not is_within(address, own) and (self.url.scheme == "http" or not is_public(address)):
                raise AddressNotAllowed
        return found

    async def _look_up(self, lookup: Lookup) -> Sequence[str]:
        try:
            return await lookup(self.host, self.port)
        except (OSError, UnicodeError):
            raise Unreachable from None


async def system_lookup(host: str, port: int) -> Sequence[str]:
    """The addresses that this system knows for a name; raises OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
