"""Bodies that are too long, too short, or many at once."""

import time

import pytest

from tests.equipment.web_program import WebProgram
from tests.sockets.conftest import COMMENTS, Wire, exchange, statuses

GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
LAST = b"GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
POST = b"POST " + COMMENTS + b" HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
CAP = 24 * 1024 + 12 * 5000


def pour(wire: Wire, piece: bytes) -> None:
    """Send it again and again until the server has closed."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            wire.send(piece)
        except (BrokenPipeError, ConnectionResetError):
            return
    pytest.fail("it takes everything")


@pytest.mark.parametrize("length", [CAP + 1, 10**6, 10**12])
def test_a_body_that_says_it_is_too_long_is_refused_before_it_comes(program: WebProgram, length: int) -> None:
    wire = Wire.open(program).send(POST + b"Content-Length: %d\r\n\r\n" % length)
    assert statuses(wire.hear(until=b"body-too-large")) == [413]


def test_a_body_without_a_length_is_refused_once_it_is_too_long(program: WebProgram) -> None:
    wire = Wire.open(program).send(POST + b"Transfer-Encoding: chunked\r\n\r\n")
    before = program.resident_mb()
    pour(wire, b"2000\r\n" + b" " * 0x2000 + b"\r\n")
    assert program.resident_mb() < before + 8


def test_a_chunk_extension_without_end_is_refused(program: WebProgram) -> None:
    wire = Wire.open(program).send(POST + b"Transfer-Encoding: chunked\r\n\r\n5;")
    before = program.resident_mb()
    pour(wire, b"a" * 0x2000)
    assert program.resident_mb() < before + 8


def test_a_body_that_is_shorter_than_it_says_ends_with_the_connection(program: WebProgram) -> None:
    wire = Wire.open(program).send(POST + b"Content-Length: 900\r\n\r\n{")
    wire.socket.shutdown(1)
    assert statuses(wire.hear()) in ([400], [])


def test_many_requests_at_once_are_answered_in_order(program: WebProgram) -> None:
    asked = (GET + LAST.replace(b"Connection: close\r\n", b"")) * 150
    assert statuses(exchange(program, asked + LAST)) == [200, 404] * 150 + [404]


def test_requests_without_end_take_no_memory_while_nobody_reads_the_answers(program: WebProgram) -> None:
    wire = Wire.open(program, seconds=0.5)
    before = program.resident_mb()
    with pytest.raises(TimeoutError):  # the process stops reading, so nothing more can be sent
        pour(wire, b"GET /docs HTTP/1.1\r\nHost: x\r\n\r\n" * 500)
    assert program.resident_mb() < before + 60  # a page of the reference is a megabyte in the making


def test_what_stands_behind_a_refused_request_is_not_read(program: WebProgram) -> None:
    heard = exchange(program, GET + b"BROKEN\r\n\r\n" + GET * 3)
    assert statuses(heard) in ([200, 400], [400])
