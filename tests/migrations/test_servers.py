"""The schema on every major version of Postgres that is there, by a superuser and by an ordinary owner."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import pytest

from migrations.files import known_migrations
from migrations.runner import migrate
from service.domain.policy import Policy
from service.storage import leases
from service.storage.pool import open_pool
from service.usecases.sweep import drop_old_keys
from tests.factories import Paper

PASSWORD = "an-owner-of-a-test"
ROLES = ("replydesk_web", "replydesk_worker", "replydesk_private")


def url_of(server: str, database: str, login: str | None = None) -> str:
    parts = urlsplit(server)
    netloc = f"{login}@{parts.netloc.rpartition('@')[2]}" if login else parts.netloc
    return urlunsplit(parts._replace(netloc=netloc, path=f"/{database}"))


@pytest.fixture
async def superuser(any_server: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(any_server)
    yield connection
    await connection.close()


@pytest.fixture
async def database(any_server: str, superuser: Any) -> AsyncIterator[str]:
    name = f"test_{uuid4().hex}"
    await superuser.execute(f"CREATE DATABASE {name}")
    yield url_of(any_server, name)
    await superuser.execute(f"DROP DATABASE {name} WITH (FORCE)")


another_database = database


@pytest.fixture(params=["makes the roles", "was given the roles"])
async def ordinary_owner(
    request: pytest.FixtureRequest, any_server: str, superuser: Any
) -> AsyncIterator[str]:
    """A database whose owner is no superuser, as managed servers give it."""
    name = f"test_{uuid4().hex}"
    there = await superuser.fetchval("SELECT count(*) FROM pg_roles WHERE rolname ~ '^replydesk_'")
    await superuser.execute(f"CREATE ROLE {name} LOGIN CREATEROLE PASSWORD '{PASSWORD}'")
    await superuser.execute(f"CREATE DATABASE {name} OWNER {name}")
    if request.param == "was given the roles":
        if not there:
            await superuser.execute("; ".join(f"CREATE ROLE {role}" for role in ROLES))
        await superuser.execute(f"ALTER ROLE {name} NOCREATEROLE")
        await superuser.execute(f"GRANT {', '.join(ROLES)} TO {name}")
    elif there:  # by another test; who made them can also grant them
        await superuser.execute(f"GRANT {', '.join(ROLES)} TO {name} WITH ADMIN OPTION")
    yield url_of(any_server, name, f"{name}:{PASSWORD}")
    await superuser.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await superuser.execute(f"ALTER ROLE {name} NOLOGIN")


async def pass_through(url: str) -> None:
    """Migrate twice, then take, decide and take back as the processes do."""
    assert await migrate(url) == [migration.name for migration in known_migrations()]
    assert await migrate(url) == []
    owner = await asyncpg.connect(url)
    web = await open_pool(url, "replydesk_web", size=1, name="test")
    paper = await Paper.open(owner, web, Policy())
    parent = await paper.post_published()
    reply = await paper.post_published(parent_id=parent)
    await paper.undo(reply)
    await paper.decide(parent, "spam", reason="spam")
    assert await paper.status(reply) == ("pending", None)
    assert await paper.status(parent) == ("spam", "spam")
    await web.close()
    await owner.close()


async def test_the_schema_works_for_a_superuser(database: str) -> None:
    await pass_through(database)


async def test_the_schema_works_for_an_ordinary_owner(ordinary_owner: str) -> None:
    await pass_through(ordinary_owner)


async def test_two_databases_of_one_server_can_have_the_schema(database: str, another_database: str) -> None:
    await migrate(database)
    await pass_through(another_database)


async def test_a_worker_on_this_server_can_do_all_it_must(database: str) -> None:
    """The sweep reads a system column, which needs a grant of its own."""
    await migrate(database)
    worker = await open_pool(database, "replydesk_worker", size=1, name="test")
    async with worker.acquire() as held:
        assert await leases.claim_due(held, uuid4(), limit=5, lease=timedelta(seconds=1)) == []
    assert await drop_old_keys(worker) == 0
    await worker.close()
