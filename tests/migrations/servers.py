"""Postgres servers of other major versions: those of Debian's packages, and those that the caller names.

TEST_REPLYDESK_POSTGRES holds URLs of servers that tests may make databases and roles on, parted by commas.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from service.embedded.account import server_account
from service.embedded.child import Child, Program
from service.embedded.ports import LOOPBACK, free_port
from service.embedded.postgres import PLAIN_ENVIRONMENT

OWNER = "desk"


def installed() -> list[Path]:
    """The folders of programs that Debian's packages bring, by version."""
    return sorted(path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres"))


def named() -> list[str]:
    """Servers that run already; the first letters of each are shown as the test's name."""
    return [url for url in os.environ.get("TEST_REPLYDESK_POSTGRES", "").split(",") if url]


@contextlib.contextmanager
def running(programs: Path) -> Iterator[str]:
    """A new cluster of these programs; yields the URL of its owner's database."""
    account = server_account()
    folder = Path(tempfile.mkdtemp(dir="/tmp", prefix="replydesk-test-"))  # where root's user gets
    data, log = folder / "data", folder / "log"
    log.touch()
    data.mkdir(mode=0o700)
    for path in (folder, data):
        account.owns(path)
    try:
        _initialise(programs, data, log, account.uid)
        port = free_port()
        child = Child(_program(programs, data, log, port))
        child.start()
        try:
            _wait(data, child)
            yield f"postgresql://{OWNER}@{LOOPBACK}:{port}/postgres?sslmode=disable"
        finally:
            child.stop()
    finally:
        shutil.rmtree(folder)


def _initialise(programs: Path, data: Path, log: Path, uid: int) -> None:
    with log.open("ab") as out:
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", OWNER, "--auth=trust", "--encoding=UTF8", "--no-sync"],
            user=uid if uid >= 0 else None,
            stdout=out,
            stderr=out,
            cwd="/",
            env=dict(PLAIN_ENVIRONMENT),
            check=True,
        )


def _program(programs: Path, data: Path, log: Path, port: int) -> Program:
    settings = {"port": port, "listen_addresses": LOOPBACK, "unix_socket_directories": "", "fsync": "off"}
    return Program(
        name="postgres",
        argv=[
            str(programs / "postgres"),
            *("-D", str(data)),
            *(word for name, value in settings.items() for word in ("-c", f"{name}={value}")),
        ],
        env=PLAIN_ENVIRONMENT,
        log=log,
        account=server_account(),
        stops=((signal.SIGINT, 5.0), (signal.SIGQUIT, 1.0)),
    )


def _wait(data: Path, child: Child) -> None:
    until = time.monotonic() + 30
    while True:
        with contextlib.suppress(OSError, IndexError):
            if (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[7].strip() == "ready":
                return
        assert child.died() is None, child.last_words()
        assert time.monotonic() < until, child.last_words()
        time.sleep(0.02)
