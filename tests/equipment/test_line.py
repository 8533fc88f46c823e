"""The line does to bytes what it says, and leaves nothing behind."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from tests.equipment.line import Line, Way, line_to

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Echo(asyncio.Protocol):
    """Answers with what it hears."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(data)


@asynccontextmanager
async def echo() -> AsyncIterator[Line]:
    """A line to a server that says everything again."""
    server = await asyncio.get_running_loop().create_server(Echo, "127.0.0.1", 0)
    async with server, line_to(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}") as line:
        try:
            yield line
        finally:
            for writer in _WRITERS:
                writer.transport.abort()
                with suppress(OSError):
                    await writer.wait_closed()
            _WRITERS.clear()


_WRITERS: list[asyncio.StreamWriter] = []


async def connect(line: Line) -> Ends:
    reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
    _WRITERS.append(writer)
    return reader, writer


async def say(ends: Ends, word: bytes) -> bytes:
    ends[1].write(word + b"\n")
    return await asyncio.wait_for(ends[0].readline(), 0.5)


async def is_silent(ends: Ends, word: bytes = b"anyone") -> bool:
    try:
        return not await say(ends, word)
    except TimeoutError:
        return True


async def test_what_is_said_at_one_end_is_heard_at_the_other() -> None:
    async with echo() as line:
        ends = await connect(line)
        assert await say(ends, b"hello") == b"hello\n"
        long = b"x" * 30_000
        assert await say(ends, long) == long + b"\n"


async def test_the_end_of_one_side_is_the_end_of_the_other() -> None:
    async with echo() as line:
        reader, writer = await connect(line)
        writer.write(b"last\n")
        writer.write_eof()
        assert await asyncio.wait_for(reader.read(), 2) == b"last\n"


@pytest.mark.parametrize("ways", [(), (Way.TO_SERVER,), (Way.TO_CLIENT,)])
async def test_a_frozen_line_holds_everything_back_and_loses_nothing(ways: tuple[Way, ...]) -> None:
    async with echo() as line:
        ends = await connect(line)
        await say(ends, b"before")
        line.freeze(*ways)
        assert await is_silent(ends, b"during")
        line.thaw()
        assert await asyncio.wait_for(ends[0].readline(), 2) == b"during\n"


async def test_a_frozen_line_accepts_connections_and_serves_them_later() -> None:
    async with echo() as line:
        line.freeze()
        ends = await connect(line)
        assert await is_silent(ends, b"early")
        line.thaw()
        assert await asyncio.wait_for(ends[0].readline(), 2) == b"early\n"


async def test_a_cut_resets_what_is_open_and_refuses_what_comes_until_it_is_mended() -> None:
    async with echo() as line:
        ends = await connect(line)
        await say(ends, b"before")
        await line.cut()
        with pytest.raises(ConnectionResetError):
            await asyncio.wait_for(ends[0].read(), 2)
        with pytest.raises(ConnectionRefusedError):
            await connect(line)
        await line.mend()
        assert await say(await connect(line), b"after") == b"after\n"


async def test_dropped_connections_are_reset_and_new_ones_work() -> None:
    async with echo() as line:
        ends = await connect(line)
        await say(ends, b"before")
        line.drop_established()
        with pytest.raises(ConnectionResetError):
            await asyncio.wait_for(ends[0].read(), 2)
        assert await say(await connect(line), b"after") == b"after\n"


async def test_a_black_hole_says_nothing_and_does_not_end_while_new_connections_work() -> None:
    async with echo() as line:
        lost = await connect(line)
        await say(lost, b"before")
        line.swallow_established()
        assert await is_silent(lost)
        assert not lost[0].at_eof()
        assert await say(await connect(line), b"after") == b"after\n"
        assert line.established == 2


async def test_the_answer_to_some_words_never_comes_and_others_do() -> None:
    async with echo() as line:
        doomed, lucky = await connect(line), await connect(line)
        line.freeze_answers_after(b"COMMIT")
        assert await say(lucky, b"SELECT") == b"SELECT\n"
        assert await is_silent(doomed, b"COMMIT")
        assert line.burnt == 1
        assert await say(lucky, b"SELECT") == b"SELECT\n"


async def test_a_delay_holds_back_each_way_and_keeps_the_order() -> None:
    async with echo() as line:
        ends = await connect(line)
        line.delay(0.1)
        began = asyncio.get_running_loop().time()
        ends[1].write(b"one\n")
        await asyncio.sleep(0.01)
        ends[1].write(b"two\n")
        assert await asyncio.wait_for(ends[0].readline(), 2) == b"one\n"
        assert asyncio.get_running_loop().time() - began >= 0.2
        assert await asyncio.wait_for(ends[0].readline(), 2) == b"two\n"


async def test_a_server_that_is_away_is_a_broken_connection() -> None:
    async with echo() as line:
        port = line.port
    async with line_to(f"http://127.0.0.1:{port}") as dead:
        ends = await connect(dead)
        with pytest.raises(ConnectionResetError):
            await asyncio.wait_for(ends[0].read(), 2)
