"""A wire to Redis that a test can cut, freeze and mend."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest


class Wire:
    """Forwards bytes between a port of its own and Redis, until it is cut or frozen."""

    def __init__(self, redis_url: str) -> None:
        self._target = urlsplit(redis_url)
        self._server: asyncio.Server | None = None
        self._writers: list[asyncio.StreamWriter] = []
        self._flowing = asyncio.Event()
        self.port = 0
        self.connections = 0

    @property
    def url(self) -> str:
        credentials = "".join(self._target.netloc.rpartition("@")[:2])
        return f"redis://{credentials}127.0.0.1:{self.port}{self._target.path}"

    async def mend(self) -> None:
        self._flowing.set()
        if self._server is None:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    def freeze(self) -> None:
        """Connections are accepted and stay open, and nothing is ever answered."""
        self._flowing.clear()

    async def cut(self) -> None:
        """Connections break and new ones are refused."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in self._writers:
            writer.close()
        self._writers.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        there, back = await asyncio.open_connection(self._target.hostname, self._target.port)
        self._writers += [writer, back]
        await asyncio.gather(self._pump(reader, back), self._pump(there, writer))

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65536):
                await self._flowing.wait()
                sink.write(data)
                await sink.drain()
        except OSError:
            pass
        finally:
            sink.close()


@pytest.fixture
async def wire(redis_url: str) -> AsyncIterator[Wire]:
    wire = Wire(redis_url)
    await wire.mend()
    yield wire
    wire._flowing.set()
    await wire.cut()
    await asyncio.sleep(0.05)  # let the pumps see their end, so that no task outlives the loop
