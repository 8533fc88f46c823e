"""Postgres and Redis of a run, each of which can be stopped, killed, frozen and started again."""

import asyncio
import os
import signal
from contextlib import suppress
from dataclasses import dataclass

from service.embedded.child import Child
from service.embedded.servers import Server
from tests.equipment.conditions import until

READY_S = 60.0


@dataclass
class ServerProcess:
    """One server in its own process; its data and its port stay the same over restarts."""

    server: Server
    child: Child

    @classmethod
    def of(cls, server: Server) -> "ServerProcess":
        """Make its data where there are none; not started yet."""
        server.prepare()
        return cls(server, Child(server.program()))

    @property
    def pid(self) -> int | None:
        """Its number while it runs."""
        return self.child.pid

    async def start(self) -> None:
        """Start it and wait until it answers."""
        self.child.start()
        await until(f"{self.server.name} to be ready", self.is_ready, seconds=READY_S)

    async def is_ready(self) -> bool:
        """Whether it answers."""
        return await asyncio.to_thread(self.server.is_ready, self.child.pid)

    async def end(self, number: int) -> None:
        """Send a signal that ends it, and wait until it has ended and another one can be started."""
        pid = self.child.pid
        if pid is None:
            return
        os.kill(pid, number)
        # Not by /proc: Redis's first thread may have ended there while its others have not.
        await until(f"{self.server.name} to end", lambda: self.child.died() is not None, seconds=READY_S)

    async def restart(self, number: int) -> None:
        """End it by that signal and start it again."""
        await self.end(number)
        await self.start()

    def freeze(self) -> None:
        """SIGSTOP: it accepts connections (the kernel does) and never answers."""
        self._signal_group(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        self._signal_group(signal.SIGCONT)

    def stop(self) -> None:
        """The end of the run."""
        self.thaw()
        self.child.stop()

    def _signal_group(self, number: int) -> None:
        """To the server and, as each backend of Postgres leads a group of its own, to all its children."""
        if self.pid is None:
            return
        children = f"/proc/{self.pid}/task/{self.pid}/children"
        with suppress(OSError), open(children, encoding="ascii") as file:  # noqa: PTH123
            for pid in (self.pid, *map(int, file.read().split())):
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
