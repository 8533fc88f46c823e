"""Asks an outside service: one request, one connection, one JSON value back, or `NoAnswer`.

The name is resolved once and the connection goes to an address that was looked at, so that a name which
answers differently the second time gains nothing. No redirects, cookies, proxies or credentials of the
environment; no content coding, so that a small answer cannot become a large one.
"""

import asyncio
import json
import socket
import ssl
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from service.outbound.addresses import Network, parse_address
from service.outbound.errors import BadAnswer, NoAnswer, NotTrusted, TooLarge, TooSlow, Unreachable
from service.outbound.target import Lookup, Target, system_lookup
from service.strict_json import NotStrictJson, parse_strict

_LEVELS = 16


@dataclass(frozen=True, slots=True)
class Rules:
    """What every request keeps to.

    Attributes:
        networks: the operator's own, which may be asked too, and over plain http.
        hosts: the only ones that may be asked; null is any.
        deadline_s: from the name to the last byte, in seconds.
        max_bytes: the longest answer.
        tls: whom we trust; null is what this system trusts.
    """

    networks: Sequence[Network] = ()
    hosts: Collection[str] | None = None
    deadline_s: float = 3.0
    max_bytes: int = 256 * 1024
    tls: ssl.SSLContext | None = None


async def post_json(
    url: str,
    document: object,
    rules: Rules,
    *,
    headers: Mapping[str, str] | None = None,
    lookup: Lookup = system_lookup,
) -> object:
    """What the service answers to a JSON document: any JSON value.

    Raises:
        NoAnswer: see `errors.py`; within the deadline, whatever the service does.
    """
    target = Target.parse(url, rules.hosts)
    sent = {**(headers or {}), "Content-Type": "application/json", "Accept": "application/json"}
    body = json.dumps(document, ensure_ascii=True).encode("ascii")
    try:
        async with asyncio.timeout(rules.deadline_s):
            addresses = await target.addresses(rules.networks, lookup)
            raw = await _exchange(target, addresses, body, sent, rules)
    except TimeoutError:
        raise TooSlow from None
    try:
        return parse_strict(raw, levels=_LEVELS)
    except NotStrictJson:
        raise BadAnswer from None


async def _exchange(
    target: Target, addresses: Sequence[str], body: bytes, headers: Mapping[str, str], rules: Rules
) -> bytes:
    connector = aiohttp.TCPConnector(
        resolver=_Chosen(addresses), use_dns_cache=False, force_close=True, ssl=rules.tls or True
    )
    session = aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
        timeout=aiohttp.ClientTimeout(total=None),  # the caller's deadline is the only clock
        headers={"User-Agent": "Replydesk", "Accept-Encoding": "identity"},
    )
    try:
        async with (
            session,
            session.post(target.url, data=body, headers=headers, allow_redirects=False) as response,
        ):
            return await _body_of(response, rules.max_bytes)
    except NoAnswer:
        raise
    except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError):
        raise NotTrusted from None
    except (aiohttp.ClientPayloadError, aiohttp.ClientResponseError, aiohttp.InvalidURL, ValueError):
        raise BadAnswer from None
    except TimeoutError:
        raise
    except (aiohttp.ClientError, OSError):
        raise Unreachable from None


async def _body_of(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    codings = response.headers.getall("Content-Encoding", ())
    if response.status != 200 or set(codings) - {"identity"} or not _is_json(response):
        raise BadAnswer
    if (response.content_length or 0) > max_bytes:
        raise TooLarge
    received = bytearray()
    async for piece in response.content.iter_any():
        received += piece
        if len(received) > max_bytes:
            raise TooLarge
    return bytes(received)


def _is_json(response: aiohttp.ClientResponse) -> bool:
    types = response.headers.getall("Content-Type", ())
    is_utf8 = (response.charset or "utf-8").lower() in {"utf-8", "utf8"}
    return len(types) == 1 and response.content_type == "application/json" and is_utf8


class _Chosen(AbstractResolver):
    """Knows the addresses that were looked at, and no others."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = addresses

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002
    ) -> list[ResolveResult]:
        return [_result(address, host, port) for address in self._addresses]

    async def close(self) -> None:
        """There is nothing to close."""


def _result(address: str, host: str, port: int) -> ResolveResult:
    parsed = parse_address(address)
    family = socket.AF_INET6 if parsed is not None and parsed.version == 6 else socket.AF_INET
    return ResolveResult(
        hostname=host, host=address, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST
    )
