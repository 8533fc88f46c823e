"""One real web process for each file of these tests, and clients that speak to it in bytes."""

import asyncio
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection

import asyncpg
import pytest

from service.domain.policy import Policy
from service.embedded.redis import Redis
from tests.databases import TEMPLATE, Databases
from tests.equipment.web_program import WebProgram, wait_until
from tests.web.harness import ORIGIN, insert_site

REQUEST_S = 0.5
"""What a head may take, and a body: enough for this machine, and little for a test."""

COMMENTS = b"/api/v1/sites/paper/comments"


@pytest.fixture(scope="module")
def program(
    databases: Databases, embedded_redis: Redis, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[WebProgram]:
    """A web process with the site `paper`, without limits on submissions, and with little patience."""
    url = databases.make(TEMPLATE)
    _make_site(url)
    limits = {f"REPLYDESK_LIMIT_{name}": "off" for name in ("NETWORK", "AUTHOR", "PAGE", "SITE")}
    settings = limits | {"REPLYDESK_REQUEST_S": str(REQUEST_S)}
    started = WebProgram(url, embedded_redis.url(), tmp_path_factory.mktemp("web"), settings).start()
    yield started
    assert started.stop() == 0
    databases.drop(url)


@pytest.fixture(autouse=True)
def lives_on(program: WebProgram) -> Iterator[None]:
    """Whatever a test did: the process answers, said nothing about a failure, and no descriptor is left."""
    is_alive(program)
    before = program.files()
    yield
    while _opened:
        _opened.pop().close()
    is_alive(program)
    wait_until(lambda: program.files() <= before + POOLED)
    assert "Traceback" not in program.log
    assert '"level": "error"' not in program.log


POOLED = 4
"""Connections to Postgres and Redis that a test may have opened and the process keeps."""


def is_alive(program: WebProgram) -> None:
    """A client like any other is answered."""
    client = HTTPConnection("127.0.0.1", program.port, timeout=5)
    client.request("GET", "/healthz")
    answer = client.getresponse()
    assert (answer.status, answer.read()) == (200, b'{"status": "alive"}')
    client.close()


def _make_site(url: str) -> None:
    async def make() -> None:
        connection = await asyncpg.connect(url)
        policy = Policy(publish="auto")
        await insert_site(
            connection, "paper", origins=(ORIGIN,), post_url=None, own_reasons=(), policy=policy
        )
        await connection.close()

    loop = asyncio.new_event_loop()
    loop.run_until_complete(make())
    loop.close()


_opened: "list[Wire]" = []


@dataclass
class Wire:
    """A client of bytes."""

    socket: socket.socket

    @classmethod
    def open(cls, program: WebProgram, seconds: float = 10) -> "Wire":
        """Connect; every wait for it ends after so many seconds. It is closed when the test ends."""
        wire = cls(socket.create_connection(("127.0.0.1", program.port), timeout=seconds))
        _opened.append(wire)
        return wire

    def send(self, data: bytes) -> "Wire":
        self.socket.sendall(data)
        return self

    def hear(self, until: bytes | None = None) -> bytes:
        """What comes until these bytes did, or until the server closes."""
        heard = b""
        while until is None or until not in heard:
            try:
                piece = self.socket.recv(65536)
            except ConnectionResetError:
                return heard
            if not piece:
                return heard
            heard += piece
        return heard

    def close(self) -> None:
        self.socket.close()


def exchange(program: WebProgram, request: bytes) -> bytes:
    """Everything that is answered to these bytes until the server closes."""
    wire = Wire.open(program)
    try:
        wire.send(request)
    except OSError:  # it has read enough
        return b""
    return wire.hear()


def statuses(heard: bytes) -> list[int]:
    """The status of each answer, in order; a status line may stand right behind the body before it."""
    return [int(status) for status in re.findall(rb"HTTP/[0-9.]+ ([0-9]{3}) ", heard)]
