"""A TCP line to a server that a test can cut, freeze in either direction, slow down and mend.

`async with line_to(url) as line:` gives a port of its own; `line.url` is the same URL through it. While a
line is frozen it accepts connections and keeps them, and whoever waits at an end of it waits for ever.
"""

import asyncio
import enum
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import SplitResult, urlsplit

from tests.equipment.conditions import until

_RESET_AT_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER for no time: a close is a reset


class Way(enum.Enum):
    """The direction in which bytes travel."""

    TO_SERVER = "to server"
    TO_CLIENT = "to client"


class _End(asyncio.Protocol):
    """One end of a connection; what arrives here leaves at the other end of its pair."""

    def __init__(self, line: "Line", way: Way) -> None:
        self.line, self.way = line, way
        self.transport: asyncio.Transport | None = None
        self.other: _End | None = None
        self.lost = False  # in a black hole: neither bytes nor an end get through again

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        if self.way is Way.TO_SERVER:
            self.line._accepted(self)

    def data_received(self, data: bytes) -> None:
        self.line._seen(self, data)
        assert self.other is not None
        self._later(self.other._write, data)

    def eof_received(self) -> bool:
        if self.other is not None:
            self._later(self.other._finish)
        return True

    def connection_lost(self, _error: Exception | None) -> None:
        self.line._ends.discard(self)
        if self.other is not None and not self.other.lost:
            self._later(self.other._close)

    def pause_writing(self) -> None:
        if self.other is not None and self.other.transport is not None:
            self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        if self.other is not None:
            self.other.flow()

    def flow(self) -> None:
        """Read or do not read, as the line wants it now."""
        if self.transport is None or self.transport.is_closing() or self.other is None:
            return
        if self.lost or self.way in self.line._frozen:
            self.transport.pause_reading()
        else:
            self.transport.resume_reading()

    def reset(self) -> None:
        """Break the connection as a crashed machine that is up again would: by a reset."""
        if self.transport is not None:
            held: socket.socket | None = self.transport.get_extra_info("socket")
            if held is not None and held.fileno() >= 0:
                held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE)
            self.transport.abort()

    def _later(self, call: object, *arguments: bytes) -> None:
        assert callable(call)
        if self.line._delay_s:
            asyncio.get_running_loop().call_later(self.line._delay_s, call, *arguments)
        else:
            call(*arguments)

    def _write(self, data: bytes) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(data)

    def _finish(self) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write_eof()

    def _close(self) -> None:
        if self.transport is not None:
            self.transport.close()


class Line:
    """Passes bytes between clients and one server, and does to them what a network can do."""

    def __init__(self, url: str) -> None:
        self._parts: SplitResult = urlsplit(url)
        self._server: asyncio.Server | None = None
        self._ends: set[_End] = set()
        self._frozen: set[Way] = set()
        self._delay_s = 0.0
        self._fuse: bytes | None = None
        self._calling: set[asyncio.Task[None]] = set()
        self._listening = asyncio.Event()
        self._listening.set()
        self.burnt = 0  # how often the fuse of `freeze_answers_after` was met
        self.connections = 0  # how many were accepted
        self.port = 0

    @property
    def url(self) -> str:
        """The address of the server through this line."""
        login, at, _ = self._parts.netloc.rpartition("@")
        return self._parts._replace(netloc=f"{login}{at}127.0.0.1:{self.port}").geturl()

    @property
    def established(self) -> int:
        """Connections that are open now, those in a black hole included."""
        return sum(end.way is Way.TO_SERVER for end in self._ends)

    def lead_to(self, url: str) -> None:
        """From now on, new connections lead to that server."""
        self._parts = urlsplit(url)

    async def open(self) -> None:
        """Accept connections, on the same port as before."""
        if self._server is None:
            loop = asyncio.get_running_loop()
            self._server = await loop.create_server(
                lambda: _End(self, Way.TO_SERVER), "127.0.0.1", self.port, backlog=1024
            )
            self.port = self._server.sockets[0].getsockname()[1]

    async def mend(self) -> None:
        """Undo every fault; what is still in a black hole is reset."""
        self._delay_s, self._fuse = 0.0, None
        for end in [end for end in self._ends if end.lost]:
            end.reset()
            if end.other is not None:
                end.other.reset()
        self.thaw()
        await self.open()

    async def cut(self) -> None:
        """Reset what is open, refuse what comes."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.drop_established()
        await asyncio.sleep(0)

    def drop_established(self) -> None:
        """Reset what is open; new connections work."""
        for call in self._calling:
            call.cancel()
        for end in list(self._ends):
            end.reset()

    def swallow_established(self) -> None:
        """What is open becomes a black hole, without a word to either side; new connections work."""
        for end in self._ends:
            end.lost = True
            end.flow()

    def freeze(self, *ways: Way) -> None:
        """Keep connections and pass nothing on in these directions; in both, when none is named."""
        self._frozen |= set(ways or Way)
        if Way.TO_SERVER in self._frozen:
            self._listening.clear()
        self._flow()

    def thaw(self) -> None:
        """Pass on again, beginning with what was held back."""
        self._frozen.clear()
        self._listening.set()
        self._flow()

    def delay(self, seconds: float) -> None:
        """Let every byte arrive so much later, in each direction."""
        self._delay_s = seconds

    def freeze_answers_after(self, words: bytes) -> None:
        """A connection on which these bytes go to the server never brings an answer again."""
        self._fuse, self.burnt = words, 0

    async def close(self) -> None:
        """Leave nothing: no port, no connection, no task."""
        await self.cut()
        await asyncio.gather(*self._calling, return_exceptions=True)
        await until("the ends of a line", lambda: not self._ends, seconds=5, every=0.01)

    def _flow(self) -> None:
        for end in self._ends:
            end.flow()

    def _accepted(self, end: _End) -> None:
        self.connections += 1
        self._ends.add(end)
        assert end.transport is not None
        end.transport.pause_reading()
        call = asyncio.get_running_loop().create_task(self._call_server(end))
        self._calling.add(call)
        call.add_done_callback(self._calling.discard)

    async def _call_server(self, end: _End) -> None:
        await self._listening.wait()
        try:
            _, other = await asyncio.get_running_loop().create_connection(
                lambda: _End(self, Way.TO_CLIENT), self._parts.hostname, self._parts.port
            )
        except OSError:
            end.reset()
            return
        self._ends.add(other)
        end.other, other.other = other, end
        if end.transport is None or end.transport.is_closing():
            other.reset()
        end.flow()
        other.flow()

    def _seen(self, end: _End, data: bytes) -> None:
        if self._fuse is not None and end.way is Way.TO_SERVER and self._fuse in data and end.other:
            self.burnt += 1
            end.other.lost = True
            end.other.flow()


@asynccontextmanager
async def line_to(url: str) -> AsyncIterator[Line]:
    """An open line to the server behind `url`, gone at the end."""
    line = Line(url)
    await line.open()
    try:
        yield line
    finally:
        await line.close()
