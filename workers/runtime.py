"""One event loop and its pools for each worker process, made after the fork and kept for its life."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from service.limits.limit import parse_limit
from service.settings import Settings
from service.storage.pool import Pool, open_pool
from service.usecases.check import CheckDesk, CheckRules
from service.usecases.directory import SiteDirectory
from workers.deadline import alarm

T = TypeVar("T")


@dataclass
class Runtime:
    """What tasks of one process share. asyncpg's pools belong to one loop, so there is one loop."""

    settings: Settings
    _runner: asyncio.Runner | None = None
    _pool: Pool | None = None
    _desk: CheckDesk | None = None

    def run(self, work: Callable[["Runtime"], Awaitable[T]]) -> T:
        """Run a coroutine to its end on this process's loop, in the main thread (deadlines need that)."""
        if self._runner is None:
            self._runner = asyncio.Runner()

        async def working() -> T:
            return await work(self)

        return self._runner.run(working())

    async def pool(self) -> Pool:
        """The pool of this process, opened on first use."""
        if self._pool is None:
            self._pool = await open_pool(self._url, "replydesk_worker", size=2, name="worker")
        return self._pool

    async def desk(self) -> CheckDesk:
        """The use case that checks, with its pools."""
        if self._desk is None:
            pool = await self.pool()
            marks = await open_pool(self._url, "replydesk_worker", size=1, name="worker-marks", durable=False)
            self._desk = CheckDesk(pool, marks, SiteDirectory(pool), self._rules())
        return self._desk

    def close(self) -> None:
        """End the pools and the loop."""
        if self._runner is not None:
            self._runner.run(self._close_pools())
            self._runner.close()

    async def _close_pools(self) -> None:
        for pool in (self._pool, self._desk.marks if self._desk else None):
            if pool is not None:
                pool.terminate()

    @property
    def _url(self) -> str:
        return self.settings.database_url.get_secret_value()

    def _rules(self) -> CheckRules:
        return CheckRules(
            lease=timedelta(seconds=self.settings.lease_s),
            batch=self.settings.claim_batch,
            deadline=alarm(self.settings.check_deadline_s),
            author_limit=parse_limit(self.settings.limit_author),
            network_limit=parse_limit(self.settings.limit_network),
        )
