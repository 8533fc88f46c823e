"""Runs of the supervisor: the real one with its real servers, and a stand-in for the product."""

import contextlib
import itertools
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.embedded.clean import clean
from service.embedded.layout import PROJECT, Home
from service.embedded.ports import free_port

SCRATCH = PROJECT / ".cache" / "test"
RUN_FAKE = Path(__file__).with_name("run_fake.py")
NAMES = ("web", "worker", "scheduler", "postgres", "redis")
_numbers = itertools.count(1)


def until(is_so: Callable[[], object], seconds: float = 15.0) -> float:
    """Wait for a condition; the seconds that it took."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < seconds, "it did not come about in time"
        time.sleep(0.02)
    return time.monotonic() - began


class Run:
    """One start of the supervisor on a home and a port."""

    def __init__(self, home: Home, port: int, *command: str, **more: str) -> None:
        self.home, self.port = home, port
        env = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
        env |= {"REPLYDESK_HOME": str(home.root), "REPLYDESK_PORT": str(port), **more}
        self.output = SCRATCH / f"output{next(_numbers)}-{os.getpid()}"
        SCRATCH.mkdir(parents=True, exist_ok=True)
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                command or (sys.executable, str(RUN_FAKE)),
                stdout=output,
                stderr=output,
                env=env,
                cwd=PROJECT,
                preexec_fn=_as_from_a_terminal,  # noqa: PLW1509  (no thread runs here)
            )

    def is_ready(self) -> bool:
        """Whether the links are printed."""
        assert self.process.poll() is None, self.said()
        return "Ctrl-C stops" in self.said()

    def ready(self) -> "Run":
        """Wait for that."""
        until(self.is_ready)
        return self

    def said(self) -> str:
        """All that was printed."""
        return self.output.read_text(encoding="utf-8")

    def pid(self, name: str) -> int:
        """What the pid file says; 0 where there is none."""
        with contextlib.suppress(OSError, ValueError):
            return int(self.home.pid_file(name).read_text(encoding="ascii"))
        return 0

    def told(self, name: str) -> dict[str, str]:
        """The settings that a stand-in was given."""
        file = self.home.root / f"{name}.json"
        until(file.exists)
        told: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
        return told

    def answers(self) -> bool:
        """Whether the web process answers."""
        with contextlib.suppress(OSError):
            return bool(urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz").status == 200)
        return False

    def processes(self) -> set[int]:
        """Every living process that works on this home."""
        needle = os.fsencode(self.home.root)
        return {
            int(entry.name)
            for entry in Path("/proc").iterdir()
            if entry.name.isdigit() and _is_about(entry, needle)
        }

    def stop(self) -> int:
        """End it as Ctrl-C in its place would; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(15)


def _is_about(entry: Path, needle: bytes) -> bool:
    with contextlib.suppress(OSError):
        if entry.joinpath("stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2][1] == "Z":
            return False
        told = entry.joinpath("cmdline").read_bytes() + entry.joinpath("environ").read_bytes()
        return needle in told or needle in os.fsencode(entry.joinpath("cwd").readlink())
    return False


@pytest.fixture
def homes() -> Iterator[Callable[[], Home]]:
    """Makes homes that are removed at the end, with what lies outside for them."""
    with _homes() as make:
        yield make


@pytest.fixture
def start(homes: Callable[[], Home]) -> Iterator[Callable[..., Run]]:
    """Starts the supervisor, by default on a new home and a free port; all are stopped at the end."""
    with _runs(homes) as begin:
        yield begin


@pytest.fixture(scope="module")
def running() -> Iterator[Run]:
    """One run that several tests look at."""
    with _homes() as homes, _runs(homes) as begin:
        yield begin().ready()


def _as_from_a_terminal() -> None:
    """Ctrl-C counts: shells have what runs in the background ignore it, and such runs hand that down."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextlib.contextmanager
def _homes() -> Iterator[Callable[[], Home]]:
    made: list[Home] = []

    def make() -> Home:
        SCRATCH.mkdir(parents=True, exist_ok=True)
        made.append(Home(SCRATCH / f"home{next(_numbers)}-{os.getpid()}"))
        return made[-1]

    yield make
    for home in made:
        for left in ("order", *(f"{name}.json" for name in (*NAMES, "migrate", "demo", "pool"))):
            (home.root / left).unlink(missing_ok=True)
        clean(home)
        assert not home.root.exists()


@contextlib.contextmanager
def _runs(homes: Callable[[], Home]) -> Iterator[Callable[..., Run]]:
    runs: list[Run] = []

    def begin(*command: str, home: Home | None = None, port: int = 0, **more: str) -> Run:
        runs.append(Run(home or homes(), port or free_port(), *command, **more))
        return runs[-1]

    yield begin
    for run in runs:
        run.stop()
        run.output.unlink()
    for run in runs:
        until(lambda run=run: not run.processes())
