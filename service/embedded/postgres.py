"""An own Postgres: made once, on the loopback with a password, started and stopped by its binaries."""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from service.embedded.account import Account
from service.embedded.child import Program, open_log, tied
from service.embedded.console import StartError
from service.embedded.leftovers import end_leftover
from service.embedded.ports import LOOPBACK, free_port

NAME = "replydesk"  # of the owner and of the database
MAJOR = "18"
PLAIN_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}  # no PG… of the caller's

SETTINGS: Mapping[str, str] = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "synchronous_commit": "on",
    # What people wrote, and their addresses, never reach the log: no parameter, no row, no statement.
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
}


@dataclass(slots=True)
class Postgres:
    """A cluster in `folder`/postgres, run by `account`; `settings` overrule the ones above."""

    folder: Path
    programs: Path
    account: Account
    password: str
    log: Path
    pid_file: Path | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = 0

    name = "postgres"

    @property
    def data(self) -> Path:
        """The cluster's own folder."""
        return self.folder / "postgres"

    def url(self, database: str = NAME) -> str:
        """Where the owner connects. TLS is off: this is the loopback, and asking would cost a round trip."""
        return f"postgresql://{NAME}:{self.password}@{LOOPBACK}:{self.port}/{database}?sslmode=disable"

    def prepare(self) -> None:
        """Make the cluster if there is none; end what a killed supervisor left behind.

        Raises:
            StartError: it cannot be made, or is of another major version.
        """
        version = self.data / "PG_VERSION"
        if not version.exists():
            self._make()
        elif (found := version.read_text(encoding="ascii").strip()) != MAJOR:
            raise StartError(f"{self.data} was made by Postgres {found}, this is Postgres {MAJOR}: see docs")
        self._end_leftover()

    def program(self) -> Program:
        """How to start it, on a port that is free now."""
        self.port = self.port or free_port()
        settings = {**SETTINGS, **self.settings, "port": str(self.port)}
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        return Program(
            name=self.name,
            argv=[str(self.programs / "postgres"), "-D", str(self.data), *options],
            env=PLAIN_ENVIRONMENT,
            log=self.log,
            pid_file=self.pid_file,
            account=self.account,
            orphaned=signal.SIGINT,
            stops=((signal.SIGINT, 1.8), (signal.SIGQUIT, 0.5)),  # fast, then at once with recovery later
        )

    def is_ready(self, pid: int | None) -> bool:
        """Whether process `pid` accepts connections: it tells in line 8 of its pid file, as for pg_ctl."""
        lines = _lines(self.data / "postmaster.pid")
        return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"

    def _make(self) -> None:
        """Under another name first, so that a start that was cut short leaves no half of a cluster."""
        draft = self.folder / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self.account.owns(draft)
        with self._password_file() as path:
            self._run(
                [
                    *(str(self.programs / "initdb"), "-D", str(draft), "-U", NAME, f"--pwfile={path}"),
                    *("--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--locale-provider=builtin"),
                    *("--builtin-locale=C.UTF-8", "--data-checksums", "--no-instructions"),
                ]
            )
        single = [str(self.programs / "postgres"), "--single", "-D", str(draft), "postgres"]
        self._run(single, f"CREATE DATABASE {NAME}\n")
        draft.rename(self.data)

    @contextlib.contextmanager
    def _password_file(self) -> Iterator[Path]:
        path = self.folder / f".password.{os.getpid()}"
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            os.write(descriptor, self.password.encode())
            os.close(descriptor)
            self.account.owns(path)
            yield path
        finally:
            path.unlink(missing_ok=True)

    def _run(self, argv: list[str], typed: str = "") -> None:
        with open_log(self.log) as log:
            done = subprocess.run(
                tied(argv, signal.SIGKILL, self.account),
                input=typed.encode(),
                stdout=log,
                stderr=log,
                cwd="/",
                env=PLAIN_ENVIRONMENT,
                start_new_session=True,
                check=False,
            )
        if done.returncode != 0:
            raise StartError(f"Postgres could not make its cluster: {_complaint(self.log)}")

    def _end_leftover(self) -> None:
        """A killed run's postmaster may still be stopping.

        Its pid file may name a process that is another's now, which would make Postgres refuse to start.
        """
        if self.pid_file:
            end_leftover(self.pid_file, (signal.SIGINT, signal.SIGQUIT))
        file = self.data / "postmaster.pid"
        lines = _lines(file)
        if not lines:
            return
        command = Path(f"/proc/{lines[0].strip()}/cmdline")
        if os.fsencode(self.data) in (command.read_bytes() if command.exists() else b"").split(b"\0"):
            raise StartError(f"another Postgres (process {lines[0].strip()}) already uses {self.data}")
        file.unlink()


def _lines(path: Path) -> list[str]:
    with contextlib.suppress(OSError):
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    return []


def _complaint(log: Path) -> str:
    """The line of the log that tells most."""
    lines = _lines(log)[-30:]
    for words in ("No space left", "FATAL", "PANIC", "error:", "ERROR"):
        for line in reversed(lines):
            if words in line:
                return line.strip()
    return lines[-1].strip() if lines else f"see {log}"
