"""An owner's connection, and the servers that the schema must work on."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from service.embedded.postgres import Postgres
from tests.migrations.servers import installed, named, running

EMBEDDED = "embedded"


@pytest.fixture
async def owner(empty_database_url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """The owner of an empty database."""
    connection = await asyncpg.connect(empty_database_url)
    yield connection
    await connection.close()


@pytest.fixture(
    scope="module",
    params=[EMBEDDED, *installed(), *named()],
    ids=lambda server: f"debian-{server.parent.name}" if isinstance(server, Path) else server[:12],
)
def any_server(request: pytest.FixtureRequest, embedded_postgres: Postgres) -> Iterator[str]:
    """The URL of a superuser's database on each server that is there."""
    if isinstance(request.param, Path):
        with running(request.param) as url:
            yield url
    else:
        yield embedded_postgres.url("postgres") if request.param == EMBEDDED else request.param
