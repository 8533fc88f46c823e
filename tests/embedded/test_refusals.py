"""What cannot work is said in one line, before anything is started."""

import socket
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from service.embedded import place
from service.embedded.console import StartError
from service.embedded.layout import Home
from service.embedded.place import find_place
from service.embedded.programs import Programs
from tests.embedded.conftest import Run

Start = Callable[..., Run]


def refused(run: Run) -> str:
    """The line of a start that was refused."""
    assert run.process.wait(20) == 1
    complaints = [line for line in run.said().splitlines() if line.startswith("replydesk: ")]
    assert "Traceback" not in run.said()
    assert run.processes() == set()
    return complaints[-1]


def test_a_taken_port_is_found_before_anything_is_started(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        run = start(port=taken.getsockname()[1])
        line = refused(run)
    assert f"127.0.0.1:{run.port} cannot be used (address already in use)" in line
    assert not (run.home.root / "postgres").exists()


def test_a_second_start_on_the_same_home_is_refused_and_the_first_goes_on(
    start: Start, homes: Callable[[], Home]
) -> None:
    home = homes()
    first = start(home=home).ready()
    second = start(home=home)
    assert second.process.wait(20) == 1
    assert f"already running on {home.root}" in second.said()
    assert first.answers()


@pytest.mark.parametrize("port", ["0", "65536", "eighty", "-1", "１"])
def test_a_port_that_is_none_is_refused(start: Start, port: str) -> None:
    assert "REPLYDESK_PORT is not a number from 1 to 65535" in refused(start(REPLYDESK_PORT=port))


def test_a_setting_that_does_not_exist_is_told_before_anything_is_started(start: Start) -> None:
    run = start(REPLYDESK_PUBLISH="auto")
    assert refused(run) == "replydesk: REPLYDESK_PUBLISH: there is no such setting"
    assert not run.home.root.exists()


def test_a_failing_migration_is_told_by_its_last_line(start: Start) -> None:
    line = refused(start(TEST_REPLYDESK_FAIL="migrate"))
    assert line == "replydesk: migrate failed: the stand-in was told to fail"


def test_a_missing_key_is_not_replaced_while_the_data_need_it(
    start: Start, homes: Callable[[], Home]
) -> None:
    home = homes()
    start(home=home).ready().stop()
    (home.secrets / "email-keys").unlink()
    assert "email-keys is gone, and the data need it" in refused(start(home=home))


@pytest.mark.parametrize(("free_mb", "refuses"), [(299, True), (301, False)])
def test_a_full_disk_is_told(
    homes: Callable[[], Home], monkeypatch: pytest.MonkeyPatch, free_mb: int, *, refuses: bool
) -> None:
    home = homes()
    home.make()
    monkeypatch.setattr(place.shutil, "disk_usage", lambda _: SimpleNamespace(free=free_mb * 2**20))
    if refuses:
        with pytest.raises(StartError, match="the disk is full"):
            find_place(home, Programs(None, None), "x")
    else:
        find_place(home, Programs(None, None), "x")


def test_a_home_that_cannot_be_written_is_told(start: Start) -> None:
    run = start(home=None, REPLYDESK_HOME="/proc/none/here")
    assert "cannot use /proc/none/here" in refused(run)
