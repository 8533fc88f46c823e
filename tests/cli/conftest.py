"""The command line, in this process, with a database of the test's own."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from service.cli import main

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
