"""Real servers for the tests: an own Postgres and Redis for each test process, gone when it ends.

`database_url` is a migrated database of this test's own, `redis_url` an empty Redis, `browser` a Chromium.
Everything lies below `.cache/test` in the clone.
"""

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import structlog
from hypothesis import settings
from redis import Redis as RedisClient

from service.embedded.child import Child
from service.embedded.clean import clean
from service.embedded.console import StartError
from service.embedded.layout import PROJECT, Home
from service.embedded.postgres import Postgres
from service.embedded.redis import Redis
from service.embedded.servers import Server, choose_servers
from tests.databases import Databases

if TYPE_CHECKING:
    from playwright.async_api import Browser

SCRATCH = PROJECT / ".cache" / "test"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
NO_CHROMIUM = "browser tests skipped: no Chromium on PATH, and TEST_REPLYDESK_CHROMIUM names none"
# A test's data need not outlive a power cut, and plans shall not depend on when a table was analysed.
QUICK = {
    "autovacuum": "off",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "256MB",
}


# How long an example takes says something about this machine, not about the code.
settings.register_profile("replydesk", deadline=None)
settings.load_profile("replydesk")

# Tracebacks in colours, with the values around them, take a quarter of a second each.
_PLAIN = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[*structlog.get_config()["processors"][:-1], _PLAIN])


def pytest_configure(config: pytest.Config) -> None:
    """Keep every temporary file inside the clone, and none of an earlier run."""
    if not hasattr(config, "workerinput"):  # in the first process, not in xdist's workers
        for left in (*SCRATCH.glob("servers-*"), *SCRATCH.glob("tmp-*")):
            if not _is_running(int(left.name.rpartition("-")[2])):
                _remove(left)
    scratch = SCRATCH / f"tmp-{os.getpid()}"
    scratch.mkdir(parents=True, exist_ok=True)
    config.option.basetemp = config.option.basetemp or str(scratch / "pytest")
    os.environ["TMPDIR"] = tempfile.tempdir = str(scratch)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing."""
    shutil.rmtree(SCRATCH / f"tmp-{os.getpid()}", ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say clearly that the browser tests did not run."""
    if any(NO_CHROMIUM in str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])):
        terminalreporter.write_sep("=", NO_CHROMIUM, yellow=True)


@pytest.fixture(autouse=True)
def _patient(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection may take more than a second on a busy machine; tests of that second keep it."""
    if request.module.__name__.rpartition(".")[2] not in {"test_storage_away", "test_bulkheads"}:
        monkeypatch.setattr("service.storage.pool.ACQUIRE_S", 10.0)
        monkeypatch.setattr("service.storage.pool.CONNECT_S", 10.0)


@pytest.fixture(scope="session")
def embedded_postgres() -> Iterator[Postgres]:
    """The Postgres of this test process."""
    with _running("DATABASE_URL") as server:
        assert isinstance(server, Postgres)
        yield server


@pytest.fixture(scope="session")
def embedded_redis() -> Iterator[Redis]:
    """The Redis of this test process."""
    with _running("REDIS_URL") as server:
        assert isinstance(server, Redis)
        yield server


@pytest.fixture(scope="session")
def databases(embedded_postgres: Postgres) -> Iterator[Databases]:
    """Where databases come from; the migrated template is there."""
    made = Databases(embedded_postgres)
    made.make_template()
    yield made
    made.close()


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A migrated database of this test's own, as its owner."""
    url = databases.take()
    yield url
    databases.give_back(url)


@pytest.fixture
def empty_database_url(databases: Databases) -> Iterator[str]:
    """A database without any table, as its owner."""
    url = databases.make()
    yield url
    databases.drop(url)


@pytest.fixture
def redis_url(embedded_redis: Redis) -> str:
    """A Redis that is empty when the test begins."""
    with RedisClient.from_url(embedded_redis.url()) as client:
        client.flushall()
    return embedded_redis.url()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; the test is skipped where there is none."""
    named = os.environ.get("TEST_REPLYDESK_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None:
        pytest.skip(NO_CHROMIUM)
    return found


@pytest.fixture
async def browser(chromium: str) -> AsyncIterator["Browser"]:
    """A headless Chromium for this test."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        yield launched
        await launched.close()


@contextlib.contextmanager
def _running(setting: str) -> Iterator[Server]:
    """One embedded server in a home of its own; the kernel ends it even if this process is killed."""
    home = Home(SCRATCH / f"servers-{setting.partition('_')[0].lower()}-{os.getpid()}")
    home.make()
    try:
        server = _prepared(home, setting)
        child = Child(server.program())
        child.start()
        try:
            _wait_until_ready(server, child)
            yield server
        finally:
            child.stop()
    finally:
        clean(home)


def _prepared(home: Home, setting: str) -> Server:
    others = {name: "unused" for name in ("DATABASE_URL", "REDIS_URL") if name != setting}
    server = choose_servers(home, others)[setting]
    if isinstance(server, Postgres):
        server.settings = QUICK
    server.prepare()
    return server


def _wait_until_ready(server: Server, child: Child) -> None:
    until = time.monotonic() + 60
    while not server.is_ready(child.pid):
        if child.died() is not None or time.monotonic() > until:
            raise StartError("\n".join(child.last_words()))
        time.sleep(0.02)


def _is_running(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def _remove(left: Path) -> None:
    with contextlib.suppress(StartError):
        clean(Home(left))
    shutil.rmtree(left, ignore_errors=True)
