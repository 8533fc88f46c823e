"""One event loop and its pools for each worker process, made after the fork and kept for its life."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from service.limits.limit import Limit, parse_limit
from service.moderation.pipeline import CHECKS
from service.settings import Settings
from service.storage.pool import Pool, open_pool
from service.usecases.ask_outside import OutsideDesk
from service.usecases.check import CheckDesk, CheckRules
from service.usecases.directory import SiteDirectory
from workers.deadline import alarm, watchdog
from workers.outside import outside_desk

T = TypeVar("T")


def _beyond_bursts(limit: Limit | None) -> Limit | None:
    """What no network reaches while the web processes count together: after idleness it has twice as many."""
    return limit and Limit(limit.count * 2, limit.seconds)


@dataclass
class Runtime:
    """What tasks of one process share. asyncpg's pools belong to one loop, so there is one loop."""

    settings: Settings
    _runner: asyncio.Runner | None = None
    _pool: Pool | None = None
    _desk: CheckDesk | None = None
    _outside: OutsideDesk | None = None

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
            self._desk = CheckDesk(pool, marks, SiteDirectory(pool), self._rules(), self.outside)
        return self._desk

    @property
    def outside(self) -> OutsideDesk:
        """What asks services, made once: it knows how often each was asked and failed in this process."""
        if self._outside is None:
            self._outside = outside_desk(self.settings)
        return self._outside

    async def check_due(self, seconds: float) -> int:
        """Check what is due for so long; how many comments were decided.

        Raises:
            StorageUnavailable: Postgres went away; the leases end by themselves.
        """
        ends = time.monotonic() + seconds
        return await (await self.desk()).check_due(lambda: time.monotonic() >= ends)

    def close(self) -> None:
        """End the pools and the loop, with whatever still runs on it; the next `run` begins anew."""
        runner, self._runner = self._runner, None
        if runner is not None:
            runner.run(self._close_pools())
            runner.close()
        self._pool = self._desk = None

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
            # All checks of one comment, each of them to its deadline, and one that heard no alarm.
            watchdog=watchdog(self.settings.check_deadline_s * (len(CHECKS) + 1) + 0.5),
            author_limit=parse_limit(self.settings.limit_author),
            network_limit=_beyond_bursts(parse_limit(self.settings.limit_network)),
        )
