"""Fixtures behind the web room: a publication on a database of the test's own, and both roles' pools."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from service.domain.policy import Policy
from service.storage.pool import Pool, open_pool
from tests.factories import Paper

Owner = "asyncpg.Connection[asyncpg.Record]"


@pytest.fixture
async def owner(database_url: str) -> AsyncIterator[Owner]:
    """Who may do everything, as no process may."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest.fixture
async def web(database_url: str) -> AsyncIterator[Pool]:
    """The web process's connections."""
    pool = await open_pool(database_url, "replydesk_web", size=10, name="test-web")
    yield pool
    pool.terminate()


@pytest.fixture
async def worker(database_url: str) -> AsyncIterator[Pool]:
    """A worker's connections."""
    pool = await open_pool(database_url, "replydesk_worker", size=8, name="test-worker")
    yield pool
    pool.terminate()


@pytest.fixture
def policy() -> Policy:
    """Override it for another policy of the paper."""
    return Policy()


@pytest.fixture
async def paper(owner: Owner, web: Pool, policy: Policy) -> Paper:
    """A site with its desk and Mina, its moderator."""
    return await Paper.open(owner, web, policy)
