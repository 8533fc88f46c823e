"""Idle connections, however many, keep nobody out; without descriptors the process refuses and recovers."""

import resource
import shutil
import socket
import subprocess
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.equipment.web_program import WebProgram, wait_until
from tests.sockets.conftest import Wire, is_alive, statuses

FEW = 160
"""Open files: those that are reserved, and room for 64 clients."""


@pytest.fixture(scope="module")
def many_files() -> Iterator[None]:
    """The other ends of two thousand connections are ours."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 4096:
        pytest.skip("this user may not open 4,096 files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 4096), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_two_thousand_idle_connections_keep_nobody_out(program: WebProgram, many_files: None) -> None:
    idle = [socket.create_connection(("127.0.0.1", program.port)) for _ in range(2000)]
    for _ in range(20):
        is_alive(program)
    for one in idle:
        one.close()


@pytest.fixture
def narrow(program: WebProgram, tmp_path: Path) -> Iterator[WebProgram]:
    """A process that may have few descriptors, and is patient: nothing is closed because of its age."""
    if shutil.which("prlimit") is None:
        pytest.skip("there is no prlimit on PATH")
    settings = program.settings | {"REPLYDESK_REQUEST_S": "30"}
    before = ("prlimit", f"--nofile={FEW}")
    started = WebProgram(program.database_url, program.redis_url, tmp_path, settings, before).start()
    yield started
    assert started.stop() == 0


def test_where_descriptors_are_few_the_idlest_connection_makes_room(narrow: WebProgram) -> None:
    oldest = Wire.open(narrow)
    idle = [Wire.open(narrow) for _ in range(300)]
    assert oldest.hear() == b""  # closed
    youngest = idle[-1].send(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert statuses(youngest.hear()) == [200]
    for _ in range(10):
        is_alive(narrow)
    assert submits(narrow) in {202, 422}
    assert "out of system resource" not in narrow.log
    assert "Traceback" not in narrow.log


def test_connections_that_were_answered_and_wait_again_make_room_too(narrow: WebProgram) -> None:
    for _ in range(100):
        wire = Wire.open(narrow).send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert statuses(wire.hear(until=b"alive")) == [200]


def test_where_all_are_busy_a_new_one_is_refused_and_the_process_recovers(narrow: WebProgram) -> None:
    body = b"POST /api/v1/sites/paper/comments HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n"
    body += b"Content-Type: application/json\r\n\r\n{"
    busy: list[Wire] = []

    def is_full() -> bool:
        busy.append(Wire.open(narrow).send(body))
        return "no room for a connection" in narrow.log

    wait_until(is_full)
    refused = [Wire.open(narrow).hear() for _ in range(5)]
    assert [statuses(heard) for heard in refused] == [[503]] * 5
    assert all(b"Retry-After" in heard and b"too-many-connections" in heard for heard in refused)
    for one in busy:
        one.close()
    wait_until(lambda: _answers(narrow))
    assert "Traceback" not in narrow.log


def test_a_limit_that_is_lowered_while_it_runs_is_kept(narrow: WebProgram) -> None:
    idle = [Wire.open(narrow) for _ in range(60)]
    is_alive(narrow)
    subprocess.run(["prlimit", "--nofile=130", f"--pid={narrow.pid}"], check=True)
    idle += [Wire.open(narrow) for _ in range(100)]
    is_alive(narrow)
    assert narrow.files() < 130


def test_a_process_that_may_hardly_open_files_does_not_start(program: WebProgram, tmp_path: Path) -> None:
    if shutil.which("prlimit") is None:
        pytest.skip("there is no prlimit on PATH")
    starved = WebProgram(
        program.database_url, program.redis_url, tmp_path, program.settings, ("prlimit", "--nofile=64")
    )
    with pytest.raises(AssertionError, match=r"^replydesk: the limit of open files "):
        starved.start()


def submits(program: WebProgram) -> int:
    client = HTTPConnection("127.0.0.1", program.port, timeout=10)
    client.request("POST", "/api/v1/sites/paper/comments", b"{}", {"Content-Type": "application/json"})
    status = client.getresponse().status
    client.close()
    return status


def _answers(program: WebProgram) -> bool:
    client = HTTPConnection("127.0.0.1", program.port, timeout=5)
    try:
        client.request("GET", "/healthz")
        return client.getresponse().status == 200
    except OSError:
        return False
    finally:
        client.close()
