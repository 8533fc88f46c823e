"""An own Redis: on the loopback with a password that comes by standard input, every write kept on disk."""

import signal
import socket
from dataclasses import dataclass
from pathlib import Path

from service.embedded.account import Account
from service.embedded.child import Program
from service.embedded.leftovers import end_leftover
from service.embedded.ports import LOOPBACK, free_port
from service.embedded.postgres import PLAIN_ENVIRONMENT


@dataclass(slots=True)
class Redis:
    """A server that keeps its data in `folder`/redis, run by `account`."""

    folder: Path
    server: Path
    account: Account
    password: str
    log: Path
    pid_file: Path | None = None
    port: int = 0

    name = "redis"

    @property
    def data(self) -> Path:
        """Its own folder."""
        return self.folder / "redis"

    def url(self, database: int = 0) -> str:
        """Where clients connect."""
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}/{database}"

    def prepare(self) -> None:
        """Make its folder; end what a killed supervisor left behind."""
        if self.pid_file:
            end_leftover(self.pid_file, (signal.SIGTERM,))
        if not self.data.exists():
            self.data.mkdir(mode=0o700)
            self.account.owns(self.data)

    def program(self) -> Program:
        """How to start it, on a port that is free now."""
        self.port = self.port or free_port()
        return Program(
            name=self.name,
            argv=[str(self.server), "-"],
            env=PLAIN_ENVIRONMENT,
            log=self.log,
            pid_file=self.pid_file,
            account=self.account,
            stdin=self._configuration(),
            orphaned=signal.SIGTERM,
            stops=((signal.SIGTERM, 1.0),),
        )

    def is_ready(self, _pid: int | None) -> bool:
        """Whether it answers a PING after the password (while it loads its file it says so instead)."""
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=1.0) as line:
                line.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                line.shutdown(socket.SHUT_WR)
                answer = b"".join(iter(lambda: line.recv(200), b""))
        except OSError:
            return False
        return answer == b"+OK\r\n+PONG\r\n"

    def _configuration(self) -> str:
        return "\n".join(
            [
                f"bind {LOOPBACK}",
                f"port {self.port}",
                f"requirepass {self.password}",
                f'dir "{self.data}"',
                "appendonly yes",
                "appendfsync everysec",
                'save ""',
                "maxmemory 256mb",
                "maxmemory-policy noeviction",
                "",
            ]
        )
