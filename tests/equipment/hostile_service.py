"""A service outside of our walls that answers as badly as such services do, in a mode that can be changed.

    async with HostileService(Mode.HANG) as service:
        ... service.url ...
        service.mode = Mode.FINE

It listens on the loopback and speaks HTTP/1.1 by hand, so that it can break every rule. `requests` holds
what came in, byte for byte; `tls=True` gives it a certificate that nobody has signed but itself.
"""

import asyncio
import contextlib
import gzip
import json
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Self

from tests.equipment.self_signed import Certificate, self_signed

JSON = "application/json"


class Mode(StrEnum):
    """What a client gets for a request."""

    FINE = "fine"  # 200 with `answer` as JSON
    HANG = "hang"  # nothing, ever
    DRIP = "drip"  # a head at once, then a byte of the body at a time, without end
    DRIPPED_HEAD = "dripped_head"  # headers without end, a byte at a time
    SERVER_ERROR = "server_error"  # 500
    KEY_REFUSED = "key_refused"  # 401
    BAD_GATEWAY_PAGE = "bad_gateway_page"  # 502 with a page of HTML
    TOO_MANY = "too_many"  # 429 with Retry-After
    GARBAGE_JSON = "garbage_json"  # said to be JSON, and is not
    NOT_UTF8 = "not_utf8"  # JSON in an encoding that it must not have
    WRONG_TYPE = "wrong_type"  # JSON, said to be text/html
    WRONG_SHAPE = "wrong_shape"  # JSON, but a list of numbers
    EMPTY = "empty"  # 200 without a body
    HUGE = "huge"  # 10 MB with its length
    HUGE_CHUNKED = "huge_chunked"  # 10 MB in chunks
    BOMB = "bomb"  # 10 MB of spaces, gzipped to 10 kB
    SAID_GZIPPED = "said_gzipped"  # a coding in the head that the body does not have
    REDIRECT = "redirect"  # 302 to `location`, at first the address where clouds keep their secrets
    DEEP_JSON = "deep_json"  # 100,000 opening brackets
    DUPLICATE_KEYS = "duplicate_keys"  # one key with two values
    RESET = "reset"  # the connection is reset before the answer
    RESET_INSIDE = "reset_inside"  # and in the middle of it
    CUT_SHORT = "cut_short"  # less than its Content-Length says, then a clean end
    NOT_HTTP = "not_http"  # a greeting of another protocol
    HEADER_FLOOD = "header_flood"  # 200 with 1 MB of headers


Write = Callable[["HostileService", asyncio.StreamWriter], Awaitable[None]]


class HostileService:
    """The service; `seen` counts requests that came in whole, `open` the connections that are open now."""

    def __init__(self, mode: Mode = Mode.FINE, *, answer: object = None, tls: bool = False) -> None:
        self.mode = mode
        self.answer = {"verdict": "clean"} if answer is None else answer
        self.certificate: Certificate | None = self_signed("localhost", "127.0.0.1") if tls else None
        self.location = "http://169.254.169.254/latest/meta-data/"
        self.requests: list[bytes] = []
        self.open = 0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def seen(self) -> int:
        """How many requests came in."""
        return len(self.requests)

    @property
    def port(self) -> int:
        """Where it listens."""
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def url(self) -> str:
        """Its address, by number."""
        return f"{'https' if self.certificate else 'http'}://127.0.0.1:{self.port}/check"

    async def __aenter__(self) -> Self:
        context: ssl.SSLContext | None = self.certificate.server_context() if self.certificate else None
        self._server = await asyncio.start_server(self._client, "127.0.0.1", 0, ssl=context)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def respond(self, _request: bytes, writer: asyncio.StreamWriter) -> None:
        """Answer one request as the mode says."""
        await WRITERS[self.mode](self, writer)

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.open += 1
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                self.requests.append(await _request(reader))
                await self.respond(self.requests[-1], writer)
                await writer.drain()
        finally:
            self.open -= 1
            self._tasks.discard(task)
            writer.transport.abort() if self.mode in _ABRUPT else writer.close()


_ABRUPT = {Mode.RESET, Mode.RESET_INSIDE, Mode.HANG, Mode.DRIP, Mode.DRIPPED_HEAD}


async def _request(reader: asyncio.StreamReader) -> bytes:
    """One request with its body, which must have a Content-Length."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    return head + await reader.readexactly(length)


def _head(status: str, *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", "Connection: close", *headers, "", ""]).encode("ascii")


def whole(status: str, content_type: str, body: bytes, *headers: str) -> Write:
    """A complete answer."""

    async def write(_: HostileService, writer: asyncio.StreamWriter) -> None:
        length = f"Content-Length: {len(body)}"
        writer.write(_head(status, f"Content-Type: {content_type}", length, *headers) + body)

    return write


async def _fine(service: HostileService, writer: asyncio.StreamWriter) -> None:
    await whole("200 OK", JSON, json.dumps(service.answer).encode())(service, writer)


async def _hang(_: HostileService, _writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def _drip(_: HostileService, writer: asyncio.StreamWriter) -> None:
    await _byte_by_byte(writer, _head("200 OK", f"Content-Type: {JSON}", "Content-Length: 1000000"), b" ")


async def _dripped_head(_: HostileService, writer: asyncio.StreamWriter) -> None:
    await _byte_by_byte(writer, b"HTTP/1.1 200 OK\r\nX-Long: ", b"x")


async def _byte_by_byte(writer: asyncio.StreamWriter, first: bytes, byte: bytes) -> None:
    writer.write(first)
    while True:
        writer.write(byte)
        await writer.drain()
        await asyncio.sleep(0.02)


async def _huge_chunked(_: HostileService, writer: asyncio.StreamWriter) -> None:
    writer.write(_head("200 OK", f"Content-Type: {JSON}", "Transfer-Encoding: chunked"))
    for _part in range(160):
        writer.write(b"10000\r\n" + b" " * 0x10000 + b"\r\n")
        await writer.drain()
    writer.write(b"0\r\n\r\n")


async def _redirect(service: HostileService, writer: asyncio.StreamWriter) -> None:
    await whole("302 Found", JSON, b"{}", f"Location: {service.location}")(service, writer)


async def _reset(_: HostileService, writer: asyncio.StreamWriter) -> None:
    lingering = struct.pack("ii", 1, 0)  # for no time at all: the kernel sends RST, not FIN
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, lingering)


async def _reset_inside(service: HostileService, writer: asyncio.StreamWriter) -> None:
    writer.write(_head("200 OK", f"Content-Type: {JSON}", "Content-Length: 1000") + b'{"verdict": ')
    await writer.drain()
    await _reset(service, writer)


async def _cut_short(_: HostileService, writer: asyncio.StreamWriter) -> None:
    writer.write(_head("200 OK", f"Content-Type: {JSON}", "Content-Length: 1000") + b'{"verdict": "clean"}')


async def _not_http(_: HostileService, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mail.example ESMTP ready\r\n")


async def _header_flood(_: HostileService, writer: asyncio.StreamWriter) -> None:
    flood = (f"X-Flood-{number}: {'x' * 1000}" for number in range(1000))
    writer.write(_head("200 OK", f"Content-Type: {JSON}", *flood, "Content-Length: 2") + b"{}")


_TEN_MB = b" " * 10_000_000

WRITERS: dict[Mode, Write] = {
    Mode.FINE: _fine,
    Mode.HANG: _hang,
    Mode.DRIP: _drip,
    Mode.DRIPPED_HEAD: _dripped_head,
    Mode.SERVER_ERROR: whole("500 Internal Server Error", JSON, b'{"verdict": "clean"}'),
    Mode.KEY_REFUSED: whole("401 Unauthorized", JSON, b'{"verdict": "clean"}'),
    Mode.BAD_GATEWAY_PAGE: whole("502 Bad Gateway", "text/html", b"<h1>502</h1>"),
    Mode.TOO_MANY: whole("429 Too Many Requests", JSON, b'{"verdict": "clean"}', "Retry-After: 60"),
    Mode.GARBAGE_JSON: whole("200 OK", JSON, b'{"verdict": clean}'),
    Mode.NOT_UTF8: whole("200 OK", JSON, '{"verdict": "é"}'.encode("latin-1")),
    Mode.WRONG_TYPE: whole("200 OK", "text/html", b'{"verdict": "clean"}'),
    Mode.WRONG_SHAPE: whole("200 OK", JSON, b"[1, 2, 3]"),
    Mode.EMPTY: whole("200 OK", JSON, b""),
    Mode.HUGE: whole("200 OK", JSON, _TEN_MB),
    Mode.HUGE_CHUNKED: _huge_chunked,
    Mode.BOMB: whole("200 OK", JSON, gzip.compress(_TEN_MB), "Content-Encoding: gzip"),
    Mode.SAID_GZIPPED: whole("200 OK", JSON, b'{"verdict": "clean"}', "Content-Encoding: gzip"),
    Mode.REDIRECT: _redirect,
    Mode.DEEP_JSON: whole("200 OK", JSON, b"[" * 100_000),
    Mode.DUPLICATE_KEYS: whole("200 OK", JSON, b'{"verdict": "spam", "verdict": "clean"}'),
    Mode.RESET: _reset,
    Mode.RESET_INSIDE: _reset_inside,
    Mode.CUT_SHORT: _cut_short,
    Mode.NOT_HTTP: _not_http,
    Mode.HEADER_FLOOD: _header_flood,
}

assert set(WRITERS) == set(Mode)
