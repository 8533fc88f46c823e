"""Asks an outside service: one request, one connection, one whole answer back, or `NoAnswer`.

The name is resolved once and the connection goes to an address that was looked at, so that a name which
answers differently the second time gains nothing. No redirects, cookies, proxies or credentials of the
environment; no content coding, so that a small answer cannot become a large one.
"""

import asyncio
import json
import socket
import ssl
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from service.outbound.addresses import Network, parse_address
from service.outbound.errors import (
    AskedToWait,
    BadAnswer,
    KeyRefused,
    NoAnswer,
    NotJson,
    NotTrusted,
    Refused,
    TooLarge,
    TooSlow,
    Unreachable,
    WrongStatus,
    WrongType,
)
from service.outbound.target import Lookup, Target, system_lookup
from service.outbound.waiting import seconds_to_wait
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What is sent; nothing of it is printed.

    Attributes:
        headers: more of them, such as credentials.
        expected: the media type of an answer that has a body; with null no body is read.
        statuses: what is an answer; of 204 nothing is read.
    """

    url: str = field(repr=False)
    body: bytes = field(repr=False)
    content_type: str
    expected: str | None = "application/json"
    method: Literal["POST", "GET"] = "POST"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    statuses: Collection[int] = frozenset({200})


@dataclass(frozen=True, slots=True)
class Received:
    """A whole answer; `headers` by their names in lower case, of several of one name the first."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    def json(self) -> object:
        """The one JSON value that it is.

        Raises:
            NotJson: it is none, or could be read in two ways.
        """
        try:
            return parse_strict(self.body, levels=_LEVELS)
        except NotStrictJson:
            raise NotJson from None


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
    body = json.dumps(document, ensure_ascii=True).encode("ascii")
    sent = Sent(url=url, body=body, content_type="application/json", headers=headers or {})
    return (await post(sent, rules, lookup=lookup)).json()


async def get_json(url: str, rules: Rules, *, lookup: Lookup = system_lookup) -> object:
    """What is at `url`: any JSON value.

    Raises:
        NoAnswer: see `errors.py`; within the deadline, whatever the service does.
    """
    sent = Sent(url=url, body=b"", content_type="application/json", method="GET")
    return (await post(sent, rules, lookup=lookup)).json()


async def post(sent: Sent, rules: Rules, *, lookup: Lookup = system_lookup) -> Received:
    """What the service answers.

    Raises:
        NoAnswer: see `errors.py`; within the deadline, whatever the service does.
    """
    target = Target.parse(sent.url, rules.hosts)
    try:
        async with asyncio.timeout(rules.deadline_s):
            addresses = await target.addresses(rules.networks, lookup)
            return await _exchange(target, addresses, sent, rules)
    except TimeoutError:
        raise TooSlow from None


async def _exchange(target: Target, addresses: Sequence[str], sent: Sent, rules: Rules) -> Received:
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
    headers = {**sent.headers, "Content-Type": sent.content_type, "Accept": sent.expected or "*/*"}
    try:
        async with (
            session,
            session.request(
                sent.method, target.url, data=sent.body or None, headers=headers, allow_redirects=False
            ) as response,
        ):
            return await _whole(response, sent, rules.max_bytes)
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


async def _whole(response: aiohttp.ClientResponse, sent: Sent, max_bytes: int) -> Received:
    if response.status in {429, 503}:
        raise AskedToWait(seconds_to_wait(response.headers.get("Retry-After")))
    if response.status in {400, 413, 422} - set(sent.statuses):
        raise Refused
    if response.status not in sent.statuses:
        raise (KeyRefused if response.status in {401, 403} else WrongStatus)(response.status)
    headers = {name.lower(): response.headers[name] for name in response.headers}
    if response.status == 204 or sent.expected is None:
        return Received(response.status, headers, b"")
    return Received(response.status, headers, await _body_of(response, sent.expected, max_bytes))


async def _body_of(response: aiohttp.ClientResponse, expected: str, max_bytes: int) -> bytes:
    codings = response.headers.getall("Content-Encoding", ())
    if set(codings) - {"identity"} or not _is_of_type(response, expected):
        raise WrongType
    if (response.content_length or 0) > max_bytes:
        raise TooLarge
    received = bytearray()
    async for piece in response.content.iter_any():
        received += piece
        if len(received) > max_bytes:
            raise TooLarge
    return bytes(received)


def _is_of_type(response: aiohttp.ClientResponse, expected: str) -> bool:
    types = response.headers.getall("Content-Type", ())
    is_utf8 = (response.charset or "utf-8").lower() in {"utf-8", "utf8"}
    return len(types) == 1 and response.content_type == expected and is_utf8


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
