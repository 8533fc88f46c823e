"""Clients that take their time: each wait for them has an end, and others are served meanwhile."""

import socket
import time

import pytest

from tests.equipment.web_program import WebProgram, wait_until
from tests.sockets.conftest import COMMENTS, REQUEST_S, Wire, is_alive, statuses

HEAD = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"


def drip(wire: Wire, byte: bytes) -> bytes:
    """A byte at a time until the server has had enough; what it says."""
    wire.socket.settimeout(0.05)
    until = time.monotonic() + 20 * REQUEST_S
    while time.monotonic() < until:
        try:
            wire.send(byte)
            heard = wire.socket.recv(65536)
        except TimeoutError:
            continue
        except OSError:
            return b"closed"
        return heard or b"closed"
    pytest.fail("it waits for ever")


def test_headers_that_drip_in_are_answered_408_and_closed(program: WebProgram) -> None:
    wire = Wire.open(program).send(HEAD + b"X-Long: ")
    heard = drip(wire, b"x")
    assert statuses(heard) == [408]
    assert b"request-too-slow" in heard
    assert b"onnection: close" in heard or heard.startswith(b"HTTP/1.0")


def test_a_request_line_that_drips_in_ends_too(program: WebProgram) -> None:
    wire = Wire.open(program)
    assert statuses(drip(wire, b"G")) in ([408], [400])


def test_headers_that_stop_in_the_middle_are_answered_408(program: WebProgram) -> None:
    wire = Wire.open(program).send(HEAD)
    assert statuses(wire.hear()) == [408]


def test_the_second_request_of_a_connection_has_the_same_deadline(program: WebProgram) -> None:
    wire = Wire.open(program).send(HEAD + b"\r\n")
    assert statuses(wire.hear(until=b"alive")) == [200]
    wire.send(HEAD + b"X-Long: ")
    assert statuses(drip(wire, b"x")) == [408]


def test_a_connection_that_says_nothing_is_closed_without_a_word(program: WebProgram) -> None:
    wire = Wire.open(program)
    assert wire.hear() == b""


def test_a_head_in_two_pieces_is_read(program: WebProgram) -> None:
    wire = Wire.open(program).send(HEAD[:20])
    is_alive(program)
    wire.send(HEAD[20:] + b"Connection: close\r\n\r\n")
    assert statuses(wire.hear()) == [200]


@pytest.mark.parametrize("framing", [b"Content-Length: 900", b"Transfer-Encoding: chunked"])
@pytest.mark.parametrize("content_type", [b"application/json", b"application/x-www-form-urlencoded"])
def test_a_body_that_drips_in_is_answered_408_and_closed(
    program: WebProgram, framing: bytes, content_type: bytes
) -> None:
    head = b"POST " + COMMENTS + b" HTTP/1.1\r\nHost: x\r\nContent-Type: " + content_type + b"\r\n"
    wire = Wire.open(program).send(head + framing + b"\r\n\r\n")
    piece = b"1\r\nx\r\n" if b"chunked" in framing else b"x"
    assert statuses(drip(wire, piece)) == [408]


def test_a_body_that_nobody_reads_is_not_waited_for(program: WebProgram) -> None:
    wire = Wire.open(program).send(HEAD + b"Content-Length: 900\r\n\r\n")
    assert statuses(wire.hear(until=b"alive")) == [200]
    assert drip(wire, b"x") == b"closed"


def test_others_are_served_while_two_hundred_drip(program: WebProgram) -> None:
    wires = [Wire.open(program).send(HEAD + b"X: ") for _ in range(200)]
    wait_until(lambda: program.files() > 200)
    for _ in range(5):
        is_alive(program)
    for wire in wires:
        assert statuses(wire.hear()) == [408]


def test_a_client_that_goes_away_in_the_middle_leaves_nothing(program: WebProgram) -> None:
    for _ in range(50):
        wire = Wire.open(program).send(HEAD)
        wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # RST
        wire.close()
