"""Processes of an earlier run that was killed: told by number, start and boot, ended before a new start."""

import contextlib
import os
import signal
import time
from pathlib import Path
from typing import NamedTuple

from service.embedded.console import StartError

PATIENCE = 5.0  # seconds for each signal


def remember(pid_file: Path, pid: int) -> None:
    """Write the pid file, and beside it what tells this process from a later one of the same number."""
    _write(_mark(pid_file), f"{pid} {_Seen.of(pid).start} {_boot()} {pid_file}")
    _write(pid_file, str(pid))


def forget(pid_file: Path) -> None:
    """Remove what `remember` wrote."""
    pid_file.unlink(missing_ok=True)
    _mark(pid_file).unlink(missing_ok=True)


def end_leftover(pid_file: Path, signals: tuple[int, ...] = ()) -> None:
    """End the process that the file names, if it is still the one that was started, and its group.

    Raises:
        StartError: it does not end.
    """
    pid, started = _read(pid_file), _read(_mark(pid_file))
    if pid.isdigit() and started and started == f"{pid} {_start(started)} {_boot()} {pid_file}":
        _end_group(int(pid), _start(started), signals)
    forget(pid_file)


def _end_group(leader: int, start: int, signals: tuple[int, ...]) -> None:
    if _Seen.of(leader).start not in {start, None}:
        return  # the number is another's now
    for number in (*signals, signal.SIGKILL):
        members = _members(leader, start)
        for pid in members if number == signal.SIGKILL else members & {leader}:
            with contextlib.suppress(OSError):
                os.kill(pid, number)
        until = time.monotonic() + PATIENCE
        while _members(leader, start) and time.monotonic() < until:
            time.sleep(0.05)
    if _members(leader, start):
        raise StartError(f"process {leader} of an earlier run does not end")


def _members(leader: int, start: int) -> set[int]:
    """The living processes of a group that are no older than its leader was."""
    numbers = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    found = {pid: _Seen.of(pid) for pid in numbers}
    return {pid for pid, seen in found.items() if seen.group == leader and (seen.start or 0) >= start}


class _Seen(NamedTuple):
    """What proc(5) tells of a process: its group, and its start in ticks since boot; None when it is gone."""

    group: int | None
    start: int | None

    @classmethod
    def of(cls, pid: int) -> "_Seen":
        stat = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()  # from field 3 on
        if len(stat) < 20 or stat[0] in {"Z", "X"}:
            return cls(None, None)
        return cls(int(stat[2]), int(stat[19]))


def _start(mark: str) -> int:
    word = [*mark.split(" ", 2), "", ""][1]
    return int(word) if word.isdigit() else 0


def _boot() -> str:
    return _read(Path("/proc/sys/kernel/random/boot_id"))


def _mark(pid_file: Path) -> Path:
    return pid_file.with_name(f".{pid_file.name}.started")


def _read(path: Path) -> str:
    with contextlib.suppress(OSError):
        return path.read_text(encoding="utf-8", errors="replace").strip()
    return ""


def _write(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(f"{text}\n", encoding="utf-8")
    draft.replace(path)
