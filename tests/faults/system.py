"""The system under test: web, worker, scheduler, Postgres and Redis as processes, joined by lines.

Everything lies in one folder below `.cache/faults`, listens on free ports of the loopback, and is gone after
`stop`. The product's processes reach the servers through `lines`, so that a fault can cut each of the five
connections by itself; the run's own look at the database (`sql`) goes past them.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg

from migrations.runner import migrate
from service.embedded.clean import clean
from service.embedded.commands import COMMANDS
from service.embedded.layout import PROJECT, Home
from service.embedded.ports import free_port
from service.embedded.postgres import Postgres
from service.embedded.secret_files import SHARED_KEY_FILES, make_keys
from service.embedded.servers import choose_servers
from tests.equipment.conditions import until
from tests.equipment.fake_clock import FakeClock, fake_clock
from tests.equipment.line import Line
from tests.equipment.processes import Process
from tests.equipment.small_disk import SmallDisk, small_disk
from tests.faults.servers import ServerProcess
from tests.faults.shape import Shape
from tests.faults.timings import Timings

SITE = "paper"
ORIGIN = "https://paper.example"
LINES = ("web-postgres", "web-redis", "worker-postgres", "worker-redis", "scheduler-redis")
READY_S = 90.0
# The load of a run comes from one network and few addresses: it is counted, and never too much.
WIDE_LIMITS = {f"REPLYDESK_LIMIT_{name}": "900000/60" for name in ("NETWORK", "PAGE", "SITE", "GLOBAL")}
WIDE_LIMITS["REPLYDESK_LIMIT_AUTHOR"] = "off"


class System:
    """Started by `start`, hurt by faults, stopped by `stop`, whatever state it is in."""

    def __init__(self, folder: Path, timings: Timings, shape: Shape) -> None:
        self.home = Home(folder)
        self.timings, self.shape = timings, shape
        self.lines: dict[str, Line] = {}
        self.webs: list[Process] = []
        self.workers: list[Process] = []
        self.schedulers: list[Process] = []
        self.ports: list[int] = []
        self._were_ready: set[int] = set()
        self.token = ""
        self.disk: SmallDisk | None = None
        self.clock: FakeClock | None = None
        self._keys: dict[str, str] = {}
        self._shared: dict[str, str] = {}
        self._stack = ExitStack()

    async def start(self) -> None:
        """Start everything and wait until every web process is ready and the site exists."""
        self.home.make()
        self.meeting.mkdir()
        await self._start_servers()
        await self._open_lines()
        keys = make_keys(self.home.secrets, data_exist=False)
        self._keys = {f"{name}_FILE": str(path) for name, path in keys.items()}
        self._shared = {f"{name}_FILE": str(keys[name]) for name in SHARED_KEY_FILES}
        await migrate(self.postgres_url)
        await self._make_site()
        for _ in range(self.shape.webs):
            self.add_web()
        for _ in range(self.shape.workers):
            self.add_worker()
        for _ in range(self.shape.schedulers):
            self.add_scheduler()
        await self.until_ready()

    async def stop(self) -> None:
        """End every process, close every line, remove every file."""
        for process in (*self.webs, *self.workers, *self.schedulers):
            process.thaw()
            process.signal_group(signal.SIGTERM)
        for process in (*self.webs, *self.workers, *self.schedulers):
            process.end()
        for line in self.lines.values():
            await line.close()
        for server in self._servers():
            server.stop()
        self._stack.close()
        clean(self.home)
        shutil.rmtree(self.home.root, ignore_errors=True)

    # What it consists of

    @property
    def postgres_url(self) -> str:
        """Where the servers' owner connects, past the lines."""
        return self.postgres.server.url()

    @property
    def redis_url(self) -> str:
        """Redis, past the lines."""
        return self.redis.server.url()

    @property
    def meeting(self) -> Path:
        """The folder where checks that were made for a test meet it."""
        return self.home.root / "meeting"

    def processes(self) -> list[Process]:
        """Those of the product."""
        return [*self.webs, *self.workers, *self.schedulers]

    def web_urls(self) -> list[str]:
        """Where the web processes listen that were ready once, running now or not."""
        return [url_of(port) for port in self.ports if port in self._were_ready]

    def logs(self) -> list[Path]:
        """What every process wrote."""
        return sorted((self.home.root / "logs").iterdir())

    def add_web(self, **settings: str) -> Process:
        """One more web process, started."""
        port, number = free_port(), len(self.webs) + 1
        process = self._process(
            "web", f"web-{number}", {"REPLYDESK_PORT": str(port), **self._keys, **settings}
        )
        self.webs.append(process.start())
        self.ports.append(port)
        return process

    def add_worker(self, app: str | None = None, **settings: str) -> Process:
        """One more worker with its pool, started."""
        process = self._process("worker", f"worker-{len(self.workers) + 1}", self._shared | settings)
        process.argv = [app or self.shape.worker_app if it == "workers.app" else it for it in process.argv]
        self.workers.append(process.start())
        return process

    def add_scheduler(self, **settings: str) -> Process:
        """One more scheduler, started."""
        process = self._process("scheduler", f"scheduler-{len(self.schedulers) + 1}", settings)
        self.schedulers.append(process.start())
        return process

    def remove(self, process: Process) -> None:
        """End a process that was added, and forget it."""
        process.thaw()
        process.end()
        for group in (self.webs, self.workers, self.schedulers):
            if process in group:
                if group is self.webs:
                    del self.ports[self.webs.index(process)]
                group.remove(process)

    def command(self, *words: str, typed: str = "", **settings: str) -> str:
        """Run `replydesk …` to its end, as an operator does; its standard output.

        Raises:
            subprocess.CalledProcessError: it failed; `stderr` says why.
        """
        done = subprocess.run(
            [sys.executable, "-m", "service.cli", *words],
            cwd=PROJECT,
            env=self._environment("operator") | {"DATABASE_URL": self.postgres_url, **self._keys, **settings},
            input=typed,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        return done.stdout.strip()

    async def sql(self, query: str, *arguments: object) -> list[Any]:
        """Rows, as the owner sees them, past every line and pool."""
        connection = await asyncpg.connect(self.postgres_url, timeout=10, command_timeout=60)
        try:
            return list(await connection.fetch(query, *arguments))
        finally:
            await connection.close(timeout=5)

    async def sql_script(self, statements: str) -> None:
        """Run statements as the owner, past every line and pool."""
        connection = await asyncpg.connect(self.postgres_url, timeout=10, command_timeout=60)
        try:
            await connection.execute(statements)
        finally:
            await connection.close(timeout=5)

    async def until_ready(self, seconds: float = READY_S) -> None:
        """Wait until every web process says that it is ready."""
        for port in self.ports:
            await until(f"web on {port} to be ready", partial(answers_ready, url_of(port)), seconds=seconds)
            self._were_ready.add(port)

    async def mend(self) -> None:
        """Whatever a fault left broken works again; what it killed is started again."""
        for line in self.lines.values():
            await line.mend()
        for server in self._servers():
            server.thaw()
            if server.pid is None:
                server.child.died()
                await server.start()
        for process in self.processes():
            process.thaw()
            if not process.runs:
                process.start()

    # How it is made

    def _servers(self) -> list[ServerProcess]:
        return [getattr(self, name) for name in ("redis", "postgres") if hasattr(self, name)]

    async def _start_servers(self) -> None:
        made = choose_servers(self.home, {})
        postgres = made["DATABASE_URL"]
        assert isinstance(postgres, Postgres)
        postgres.settings = self.shape.postgres
        if self.shape.small_disk_mb:
            folder = postgres.folder / "small-disk"
            self.disk = self._stack.enter_context(small_disk(folder, self.shape.small_disk_mb))
            postgres.folder = folder / "server"
            postgres.folder.mkdir(mode=0o700)
            postgres.account.owns(postgres.folder)
        self.postgres = await asyncio.to_thread(ServerProcess.of, postgres)
        if self.shape.fake_clock:
            self._give_clock(postgres)
        self.redis = ServerProcess.of(made["REDIS_URL"])
        await asyncio.gather(self.postgres.start(), self.redis.start())

    def _give_clock(self, postgres: Postgres) -> None:
        folder = postgres.folder / "clock"
        folder.mkdir(mode=0o755, exist_ok=True)
        postgres.account.owns(folder)
        self.clock = fake_clock(folder / "offset")
        program = self.postgres.child.program
        # By env(1), after the rights are given up: what the library makes as root its heir may not open.
        clock = [f"{name}={value}" for name, value in self.clock.env.items()]
        self.postgres.child.program = replace(program, argv=["/usr/bin/env", *clock, *program.argv])

    async def _open_lines(self) -> None:
        for name in LINES:
            line = Line(self.postgres_url if name.endswith("postgres") else self.redis_url)
            await line.open()
            self.lines[name] = line

    async def _make_site(self) -> None:
        make = ("site", "create", SITE, "--origin", ORIGIN, "--publish", "auto")
        await asyncio.to_thread(self.command, *make)
        self.token = await asyncio.to_thread(
            self.command, "token", "create", "--site", SITE, "--role", "moderator", "--name", "Ruth"
        )

    def _process(self, kind: str, name: str, settings: dict[str, str]) -> Process:
        schedule = self.home.scheduler / name
        argv = [word.format_map({"schedule": schedule, "token_file": ""}) for word in COMMANDS[kind]]
        return Process(name, argv, self._environment(kind) | settings, self.home.log_file(name))

    def _environment(self, kind: str) -> dict[str, str]:
        server = kind if kind == "web" else "worker"
        urls = {
            "DATABASE_URL": self.lines[f"{server}-postgres"].url,
            "REDIS_URL": self.lines["scheduler-redis" if kind == "scheduler" else f"{server}-redis"].url,
        }
        return {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "TMPDIR": str(self.home.root / "tmp"),
            "REPLYDESK_PUBLIC_URL": "https://talk.paper.example",
            "REPLYDESK_DRAIN_S": "4",
            "TEST_REPLYDESK_FOLDER": str(self.meeting),
            **urls,
            **WIDE_LIMITS,
            **self.timings.settings(),
            **self.shape.settings,
        }


def url_of(port: int) -> str:
    """A web process of this machine."""
    return f"http://127.0.0.1:{port}"


def web_url(system: System, web: Process) -> str:
    """Where this web process listens."""
    return url_of(system.ports[system.webs.index(web)])


async def answers_ready(url: str) -> bool:
    """Whether `GET /readyz` there is answered 200."""
    return await readiness(url) == 200


async def readiness(url: str, seconds: float = 4.0) -> int | None:
    """The status of `GET /readyz`; none, where nothing answers in time."""
    host, _, port = url.removeprefix("http://").partition(":")
    with suppress(OSError, TimeoutError, ValueError, IndexError):
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_connection(host, int(port))
            try:
                writer.write(f"GET /readyz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
                return int((await reader.readline()).split()[1])
            finally:
                writer.close()
    return None
