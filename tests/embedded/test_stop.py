"""However it ends, nothing stays behind, and the next start works."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from service.embedded.layout import Home
from tests.embedded.conftest import NAMES, RUN_FAKE, Run, until

Start = Callable[..., Run]
STOP_S = 10.0


@pytest.fixture
def makefile(tmp_path: Path) -> tuple[str, ...]:
    """`make run` as the Makefile does it: the supervisor takes the place of the recipe's shell."""
    file = tmp_path / "Makefile"
    file.write_text(f"run:\n\t@exec '{sys.executable}' '{RUN_FAKE}'\n")
    return ("make", "-f", str(file), "run")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_in_time(start: Start, number: signal.Signals) -> None:
    run = start().ready()
    assert len(run.processes()) >= 7
    run.process.send_signal(number)
    assert run.process.wait(STOP_S) == 0
    assert run.processes() == set()
    assert [name for name in NAMES if run.pid(name)] == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_signal_to_make_alone_stops_everything_in_time(
    start: Start, makefile: tuple[str, ...], number: signal.Signals
) -> None:
    run = start(*makefile).ready()
    run.process.send_signal(number)
    until(lambda: not run.processes(), STOP_S)
    run.process.wait(STOP_S)


def test_a_killed_supervisor_leaves_nothing_and_the_next_start_works(
    start: Start, homes: Callable[[], Home]
) -> None:
    home = homes()
    run = start(home=home).ready()
    until((home.root / "pool.json").exists)
    run.process.kill()
    until(lambda: not run.processes(), STOP_S)
    run.process.wait()
    again = start(home=home, port=run.port)
    until(again.answers)
    assert again.process.poll() is None


def test_a_start_that_is_interrupted_leaves_nothing(start: Start, homes: Callable[[], Home]) -> None:
    home = homes()
    run = start(home=home)
    until((home.root / "postgres.new").exists)
    run.process.send_signal(signal.SIGINT)
    assert run.process.wait(STOP_S) == 0
    assert run.processes() == set()
    start(home=home).ready()


def test_a_pid_file_of_an_earlier_boot_harms_nobody(start: Start, homes: Callable[[], Home]) -> None:
    home = homes()
    home.make()
    for name in NAMES:
        home.pid_file(name).write_text(f"{os.getpid()}\n")  # a number that is another's now
    start(home=home).ready()


def test_a_postmaster_pid_that_names_another_process_does_not_hinder(
    start: Start, homes: Callable[[], Home]
) -> None:
    home = homes()
    first = start(home=home).ready()
    data = Path(f"/proc/{first.pid('postgres')}/cwd").readlink()
    first.stop()
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n1\n1\n\n127.0.0.1\n  1 1\nready\n")
    start(home=home).ready()


def test_a_start_right_after_a_kill_takes_over(start: Start, homes: Callable[[], Home]) -> None:
    home = homes()
    run = start(home=home).ready()
    run.process.kill()
    run.process.wait()
    start(home=home, port=run.port).ready()
