"""A client that asks and does not read what it is answered does not hold its connection for ever."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from service.web import connection
from service.web.connection import Patience
from service.web.open_connections import OpenConnections

LONG = b"x" * 20_000_000
BOOK = web.AppKey("book", OpenConnections)


@pytest.fixture
async def server() -> AsyncIterator[tuple[OpenConnections, int]]:
    """A server of long answers that waits a short time for whoever does not read them."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=LONG)

    connection.install()
    app = web.Application()
    app.router.add_get("/", answer)
    book = OpenConnections(most=100)
    runner = web.AppRunner(app, connections=book, patience=Patience(head_s=0.2, unread_s=0.2))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield book, runner.addresses[0][1]
    await runner.cleanup()


@pytest.fixture(autouse=True)
def lives_on() -> None:
    """There is no process of its own here."""


async def test_an_answer_that_nobody_reads_is_given_up(server: tuple[OpenConnections, int]) -> None:
    book, port = server
    client = socket.create_connection(("127.0.0.1", port))
    client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    async with asyncio.timeout(5):
        while not len(book):  # noqa: ASYNC110  (nothing tells)
            await asyncio.sleep(0.01)
        while len(book):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    client.close()


async def test_an_answer_that_is_read_slowly_is_sent_to_its_end(server: tuple[OpenConnections, int]) -> None:
    _, port = server
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**16)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    received = 0
    async with asyncio.timeout(20):
        while piece := await reader.read(500_000):
            received += len(piece)
            await asyncio.sleep(0.005)
    assert received > len(LONG)
    writer.close()
