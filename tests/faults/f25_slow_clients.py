"""F25: clients that dawdle: slow heads, slow bodies, 2,000 idle connections, pipelining."""

import asyncio
import contextlib
import resource
import time
from collections.abc import AsyncIterator

from tests.faults.registry import fault
from tests.faults.scene import Scene

IDLE = 2000
DAWDLERS = 100
BODY_S = 10.0
NOISE_S = 5.0
PIPELINED = 50
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def _needs() -> str | None:
    """Room for our own ends of the connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = IDLE + 1000
    if hard != resource.RLIM_INFINITY and hard < wanted:
        return f"no more than {hard} open files are allowed here"
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return None


@fault("F25", "slow heads and bodies, 2,000 idle connections, pipelining", needs=_needs)
async def slow_clients(scene: Scene) -> None:
    """Everybody else is served; a body that never ends is given up after ten seconds."""
    url = scene.system.web_urls()[0].removeprefix("http://")
    async with contextlib.AsyncExitStack() as stack:
        idle = [await stack.enter_async_context(_connection(url)) for _ in range(IDLE)]
        await scene.acknowledged(20)
        slow = [await stack.enter_async_context(_connection(url)) for _ in range(DAWDLERS)]
        began = time.monotonic()
        ended = [asyncio.create_task(_dawdle(it, number % 2 == 0)) for number, it in enumerate(slow)]
        await scene.acknowledged(20)
        await _pipeline(scene, url)
        async with asyncio.timeout(60):
            await asyncio.gather(*ended)
        took = time.monotonic() - began
        scene.note(f"{DAWDLERS} dawdlers among {len(idle)} idle ones were given up within {took:.1f} s")
        scene.must(took < BODY_S + NOISE_S, f"a dawdler was borne for {took:.0f} s")
        await scene.acknowledged(20)
    scene.healed()


@contextlib.asynccontextmanager
async def _connection(url: str) -> AsyncIterator[Streams]:
    host, _, port = url.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def _dawdle(streams: Streams, in_head: bool) -> None:
    """A byte now and then, until the other side has enough of it."""
    reader, writer = streams
    head = b"POST /api/v1/sites/paper/comments HTTP/1.1\r\nHost: talk\r\nContent-Type: application/json\r\n"
    with contextlib.suppress(OSError):
        writer.write(head + (b"X-Slow: " if in_head else b"Content-Length: 5000\r\n\r\n"))
        end = asyncio.create_task(reader.read())
        while not end.done():
            writer.write(b"x")
            await asyncio.wait([end], timeout=0.5)
        await end


async def _pipeline(scene: Scene, url: str) -> None:
    """Many requests at once on one connection: all answered, in order, or the rest refused by its end."""
    async with _connection(url) as (reader, writer):
        request = f"GET /healthz HTTP/1.1\r\nHost: {url}\r\n"
        writer.write((request + "\r\n").encode() * (PIPELINED - 1))
        writer.write(f"{request}Connection: close\r\n\r\n".encode())
        async with asyncio.timeout(20):
            answers = await reader.read()
    count = answers.count(b"HTTP/1.1 200")
    scene.must(count == answers.count(b"HTTP/1.1") and count, f"pipelined requests: {answers[:80]!r}")
    scene.note(f"{count} of {PIPELINED} pipelined requests answered")
