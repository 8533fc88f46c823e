"""The command line on a database of the test's own: in this process, or as one of its own with keys."""

import json
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import AsyncIterator, Callable

import asyncpg
import pytest
from click.testing import CliRunner, Result

from service.cli import main
from service.domain.policy import Policy
from service.embedded.layout import PROJECT
from service.storage.pool import Pool, open_pool
from tests.factories import Paper, make_keyring
from tests.paper_fixtures import worker

__all__ = ["worker"]

Run = Callable[..., "subprocess.CompletedProcess[str]"]
Invoke = Callable[..., Result]


@pytest.fixture
def invoke(database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Runs `replydesk …` with this test's database."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("REDIS_URL", redis_url)

    def run(*words: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(main, list(words), input=typed, catch_exceptions=False)

    return run


@pytest.fixture
def paper(invoke: Invoke) -> str:
    """A site."""
    done = invoke("site", "create", "paper", "--name", "The Paper", "--origin", "https://paper.example/")
    assert done.exit_code == 0, done.output
    return "paper"


def as_setting(*ids: int) -> str:
    """The keys of `make_keyring` as a setting holds them."""
    return ",".join(f"{one}:{b64encode(key).decode()}" for one, key in make_keyring(*ids).keys.items())


def environment(database_url: str, **changes: str) -> dict[str, str]:
    """Of a process with the keys of `tests.factories.Paper`."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("REPLYDESK_")}
    env |= {"DATABASE_URL": database_url, "REDIS_URL": "redis://127.0.0.1:1/0"}
    env |= {
        "REPLYDESK_EMAIL_KEYS": as_setting(1),
        "REPLYDESK_INDEX_KEYS": as_setting(11),
        "REPLYDESK_SIGNING_KEYS": as_setting(21),
    }
    return env | changes


@pytest.fixture
def replydesk(database_url: str) -> Run:
    """`replydesk("erase", typed="…", REPLYDESK_…="…")`: a process of its own, as an operator starts it."""

    def run(*words: str, typed: str = "", **settings: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "service.cli", *words],
            input=typed, env=environment(database_url, **settings), cwd=PROJECT,
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    return run


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Paper]:
    """A publication with people in it."""
    owner = await asyncpg.connect(database_url)
    web: Pool = await open_pool(database_url, "replydesk_web", size=4, name="test-web")
    yield await Paper.open(owner, web, Policy())
    web.terminate()
    await owner.close()


def lines_of(text: str) -> list[dict[str, object]]:
    """JSON lines."""
    return [json.loads(line) for line in text.splitlines()]
