"""The reader behind a real server and a raw socket: caps, deadlines, codings, broken framing."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web

from service.web.body import BodyError, read_body

Send = Callable[..., Awaitable[str]]
CAP = 1000
REFUSALS = web.AppKey("refusals", asyncio.Queue[int])


async def answer(request: web.Request) -> web.Response:
    """200 with the fields, or the refusal's status: what a route would do."""
    try:
        body = await read_body(request, max_bytes=CAP, deadline_s=0.3)
    except BodyError as refused:
        request.app[REFUSALS].put_nowait(refused.status)
        return web.Response(status=refused.status, text=refused.code, headers={"Connection": "close"})
    return web.json_response(body.fields)


@pytest.fixture
def refusals() -> "asyncio.Queue[int]":
    return asyncio.Queue()


@pytest.fixture
async def send(refusals: "asyncio.Queue[int]") -> AsyncIterator[Send]:
    app = web.Application()
    app[REFUSALS] = refusals
    app.router.add_post("/", answer)
    runner = web.AppRunner(app, auto_decompress=False, lingering_time=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]

    async def send(*pieces: bytes, headers: str, pause: float = 0, half_close: bool = False) -> str:
        """The status line and body of the answer to a request written piece by piece."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST / HTTP/1.1\r\nHost: a\r\n" + headers.encode() + b"\r\n\r\n")
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
        if half_close:
            writer.write_eof()
        answer = await asyncio.wait_for(reader.read(4096), 5)
        writer.close()
        return answer.decode()

    yield send
    await runner.cleanup()


JSON = "Content-Type: application/json\r\n"


async def test_a_body_with_a_length_is_read(send: Send) -> None:
    answer = await send(b'{"a": 1}', headers=JSON + "Content-Length: 8")
    assert answer.startswith("HTTP/1.1 200")
    assert answer.endswith('{"a": 1}')


async def test_a_body_in_chunks_is_read(send: Send) -> None:
    answer = await send(
        b'4\r\n{"a"\r\n', b"4\r\n: 1}\r\n0\r\n\r\n", headers=JSON + "Transfer-Encoding: chunked"
    )
    assert answer.endswith('{"a": 1}')


async def test_a_body_of_exactly_the_cap_is_read_and_one_byte_more_is_413(send: Send) -> None:
    most = b'{"a": "' + b"x" * (CAP - 9) + b'"}'
    assert len(most) == CAP
    assert (await send(most, headers=JSON + f"Content-Length: {CAP}")).startswith("HTTP/1.1 200")
    assert (await send(headers=JSON + f"Content-Length: {CAP + 1}")).startswith("HTTP/1.1 413")


async def test_chunks_without_end_are_413_as_soon_as_they_pass_the_cap(send: Send) -> None:
    chunk = b"190\r\n" + b"x" * 400 + b"\r\n"
    answer = await send(chunk, chunk, chunk, headers=JSON + "Transfer-Encoding: chunked")
    assert answer.startswith("HTTP/1.1 413")


async def test_a_dripping_body_is_408(send: Send) -> None:
    answer = await send(*[b"x"] * 4, headers=JSON + "Content-Length: 900", pause=0.1)
    assert answer.startswith("HTTP/1.1 408")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "GZip", "identity, gzip", "nonsense"])
async def test_a_coded_body_is_415(send: Send, coding: str) -> None:
    raw = gzip.compress(b"{}")
    answer = await send(raw, headers=JSON + f"Content-Encoding: {coding}\r\nContent-Length: {len(raw)}")
    assert answer.startswith("HTTP/1.1 415")


async def test_identity_is_no_coding(send: Send) -> None:
    answer = await send(b"{}", headers=JSON + "Content-Encoding: identity\r\nContent-Length: 2")
    assert answer.startswith("HTTP/1.1 200")


async def test_two_types_are_refused_before_they_come_here(
    send: Send, refusals: "asyncio.Queue[int]"
) -> None:
    answer = await send(b"{}", headers=JSON + JSON + "Content-Length: 2")
    assert answer.split()[1] == "400"
    assert refusals.empty()


async def test_no_body_at_all_is_400_as_json_and_an_empty_form(send: Send) -> None:
    assert (await send(headers=JSON + "Content-Length: 0")).startswith("HTTP/1.1 400")
    answer = await send(headers="Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 0")
    assert answer.endswith("{}")


async def test_broken_chunks_are_refused_at_the_latest_when_the_time_is_up(send: Send) -> None:
    for pieces in ([b"zz\r\n"], [b"2\r\n{}\r\n", b"zz\r\n"]):
        answer = await send(*pieces, headers=JSON + "Transfer-Encoding: chunked", pause=0.05)
        assert answer.split()[1] in {"400", "408"}


async def test_a_client_that_hangs_up_in_the_middle_is_refused_like_any_other(
    send: Send, refusals: "asyncio.Queue[int]"
) -> None:
    await send(b'{"a"', headers=JSON + "Content-Length: 900", half_close=True)
    assert await asyncio.wait_for(refusals.get(), 2) == 400
