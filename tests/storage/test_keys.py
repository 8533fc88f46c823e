"""A key that makes a retry harmless is either taken and on disk, or known from before."""

from datetime import timedelta
from typing import Any, cast
from uuid import uuid4

import pytest

from service.domain.errors import StorageUnavailable
from service.storage import submissions
from service.storage.pool import Connection, Pool, Record, connection
from service.storage.submissions import KeyToTake, Remembered
from tests.factories import Paper
from tests.paper_fixtures import Owner

DAY = timedelta(days=1)
KEY = b"key"
KEYS = [KeyToTake(KEY, b"second")]


class Forgetful:
    """A connection on which the key is swept away just before it is read, as often as it is told."""

    def __init__(self, held: Connection, owner: Owner, times: int) -> None:
        self._held = held
        self._owner = owner
        self._times = times

    async def fetchval(self, sql: str, *values: Any) -> Any:
        return await self._held.fetchval(sql, *values)

    async def fetchrow(self, sql: str, *values: Any) -> Record | None:
        if self._times:
            self._times -= 1
            await self._owner.execute("DELETE FROM submission_key")
        found = await self._held.fetchrow(sql, *values)
        if self._times:  # someone takes it again
            await insert_key(self._owner, values[0])
        return found


async def insert_key(owner: Owner, site_id: int) -> None:
    await owner.execute(
        "INSERT INTO submission_key (site_id, key, body, comment_id) VALUES ($1, $2, 'first', $3)",
        site_id,
        KEY,
        uuid4(),
    )


async def claim(paper: Paper, web: Pool, *, vanishes: int) -> Remembered | None:
    await insert_key(paper.owner, paper.site.id)
    async with connection(web) as held:
        through = cast("Connection", Forgetful(held, paper.owner, vanishes))
        return await submissions.claim_keys(through, paper.site.id, KEYS, uuid4(), window=DAY)


async def test_a_key_that_is_there_is_remembered(paper: Paper, web: Pool) -> None:
    found = await claim(paper, web, vanishes=0)
    assert found is not None
    assert not found.is_same


async def test_a_key_that_vanishes_while_it_is_looked_up_is_taken(paper: Paper, web: Pool) -> None:
    assert await claim(paper, web, vanishes=1) is None
    assert await paper.owner.fetchval("SELECT body FROM submission_key") == b"second"


async def test_a_key_that_goes_on_vanishing_is_never_called_taken(paper: Paper, web: Pool) -> None:
    with pytest.raises(StorageUnavailable):
        await claim(paper, web, vanishes=100)
