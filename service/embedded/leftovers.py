"""Processes of an earlier run that was killed: told by number, start and boot, ended before a new start."""

import contextlib
import os
import signal
import time
from pathlib import Path

from service.embedded.console import StartError

PATIENCE = 5.0  # seconds for each signal


def remember(pid_file: Path, pid: int) -> None:
    """Write the pid file, and beside it what tells this process from a later one of the same number."""
    _write(_mark(pid_file), f"{_identity(pid)} {pid_file}")
    _write(pid_file, str(pid))


def forget(pid_file: Path) -> None:
    """Remove what `remember` wrote."""
    pid_file.unlink(missing_ok=True)
    _mark(pid_file).unlink(missing_ok=True)


def end_leftover(pid_file: Path, signals: tuple[int, ...] = ()) -> None:
    """End the process that the file names with its group, if it is still the one that was started.

    Raises:
        StartError: it does not end.
    """
    pid, mark = _read(pid_file), _read(_mark(pid_file))
    if pid.isdigit() and mark == f"{_identity(int(pid))} {pid_file}":
        for number in (*signals, signal.SIGKILL):
            if _ended(int(pid), number, group=number == signal.SIGKILL):
                break
        else:
            raise StartError(f"process {pid} of an earlier run does not end")
    forget(pid_file)


def _ended(pid: int, number: int, *, group: bool) -> bool:
    before = _identity(pid)
    with contextlib.suppress(OSError):
        os.killpg(pid, number) if group else os.kill(pid, number)
    until = time.monotonic() + PATIENCE
    while (alive := _identity(pid) == before != "") and time.monotonic() < until:
        time.sleep(0.05)
    return not alive


def _identity(pid: int) -> str:
    """Number, start (ticks since boot) and boot; empty when there is no such process or only its shell."""
    stat = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()  # proc(5), from field 3 on
    if len(stat) < 20 or stat[0] in {"Z", "X"}:
        return ""
    return f"{pid} {stat[19]} {_read(Path('/proc/sys/kernel/random/boot_id'))}"


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
