"""The sites that a process knows: one read for all who ask, and one failure."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import pytest

from service.domain.errors import SiteNotFound, StorageUnavailable
from service.storage.pool import Pool
from service.usecases.directory import SiteDirectory
from tests.factories import Paper

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@dataclass
class Hanging:
    """A pool whose Postgres accepts and never answers: no connection is had in time."""

    asked: int = 0

    @asynccontextmanager
    async def acquire(self, *, timeout: float) -> "AsyncIterator[Any]":  # noqa: ASYNC109
        self.asked += 1
        async with asyncio.timeout(timeout):
            await asyncio.Event().wait()
        yield


@dataclass
class Counting:
    """A pool that counts how often it is asked."""

    pool: Pool
    asked: int = 0

    def acquire(self, *, timeout: float) -> Any:
        self.asked += 1
        return self.pool.acquire(timeout=timeout)


async def test_all_who_wait_for_a_silent_database_fail_with_one_read() -> None:
    pool = Hanging()
    directory = SiteDirectory(cast("Pool", pool))
    waiting = [asyncio.create_task(directory.of_slug(f"site-{number}")) for number in range(20)]
    waiting[0].cancel()  # who leaves does not take the read along
    found = await asyncio.gather(*waiting[1:], return_exceptions=True)
    assert {type(one) for one in found} == {StorageUnavailable}
    assert pool.asked == 1


async def test_after_a_failure_the_sites_are_read_again(paper: Paper, web: Pool) -> None:
    directory = SiteDirectory(cast("Pool", Hanging()))
    with pytest.raises(StorageUnavailable):
        await directory.of_slug("paper")
    directory.pool = web
    assert (await directory.of_slug("paper")).id == paper.site.id


async def test_unknown_slugs_are_denied_within_the_second_without_another_read(
    paper: Paper, web: Pool
) -> None:
    pool = Counting(web)
    directory = SiteDirectory(cast("Pool", pool))
    for slug in ("paper", "nowhere", "elsewhere"):
        try:
            assert (await directory.of_slug(slug)).slug == "paper"
        except SiteNotFound:
            assert slug != "paper"
    assert pool.asked == 1
