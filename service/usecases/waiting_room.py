"""Comments that our checks are done with and that services are asked about: some at once, leases kept."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import structlog

from service.domain.errors import StorageUnavailable
from service.storage import leases
from service.storage.leases import Leased
from service.storage.pool import Pool, connection

log = structlog.get_logger(__name__)

Work = Callable[[], Awaitable[bool]]
"""Asks about one comment and records what comes of it; whether that decided it."""

KEPT_EVERY = 3
"""A lease is begun anew after this part of it."""


@dataclass(slots=True)
class WaitingRoom:
    """Holds what one drain has begun; whoever made it ends with `abandon`, having waited in `close` or not.

    Attributes:
        marks: a pool whose commits need not wait for the disk.
        at_once: how many comments are asked about at the same time; more wait here for their turn.
    """

    pool: Pool
    marks: Pool
    lease: timedelta
    at_once: int
    _turns: asyncio.Semaphore = field(init=False)
    _inside: dict[asyncio.Task[bool], tuple[Leased, UUID]] = field(default_factory=dict, init=False)
    _keeping: asyncio.Task[None] | None = field(default=None, init=False)
    _closed: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self._turns = asyncio.Semaphore(self.at_once)

    @property
    def is_empty(self) -> bool:
        """Whether nobody waits here."""
        return not self._inside

    @property
    def is_full(self) -> bool:
        """Whether who comes now has to wait for a turn."""
        return len(self._inside) >= self.at_once

    def enter(self, leased: Leased, token: UUID, work: Work) -> None:
        """Do `work` when there is a turn."""
        task = asyncio.create_task(self._visit(leased, token, work))
        self._inside[task] = (leased, token)
        if self._keeping is None:
            self._keeping = asyncio.create_task(self._keep())

    async def decided(self, *, within_s: float) -> int:
        """Wait until somebody leaves, or for so long; how many were decided.

        Raises:
            StorageUnavailable: Postgres went away meanwhile.
        """
        if self.is_empty:
            return 0
        done, _ = await asyncio.wait(self._inside, timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
        return self._leave(done)

    async def close(self) -> int:
        """Wait for those whose turn it is, give the others back; how many were decided.

        Raises:
            StorageUnavailable: Postgres went away; the leases end by themselves.
        """
        self._closed = True
        if self._inside:
            await asyncio.wait(self._inside)
        return self._leave(set(self._inside))

    async def abandon(self) -> None:
        """Wait for nobody: what is left is due again when its lease ends."""
        left = [*self._inside, *filter(None, (self._keeping,))]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _visit(self, leased: Leased, token: UUID, work: Work) -> bool:
        async with self._turns:
            if not self._closed:
                return await work()
        async with connection(self.pool) as held:
            await leases.give_back(held, leased, token)
        return False

    def _leave(self, done: set[asyncio.Task[bool]]) -> int:
        failures = []
        decided = 0
        for task in done:
            leased, _ = self._inside.pop(task)
            failure = task.exception()
            if failure is None:
                decided += task.result()
            elif isinstance(failure, StorageUnavailable) or not isinstance(failure, Exception):
                failures.append(failure)
            else:  # its lease ends, and its attempt counts
                log.warning("check failed", comment=str(leased.id), error=type(failure).__name__)
        if failures:
            raise failures[0]
        return decided

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(self.lease.total_seconds() / KEPT_EVERY)
            kept = [(leased.id, token) for leased, token in self._inside.values()]
            try:
                async with connection(self.marks) as held:
                    await leases.renew(held, kept, self.lease)
            except StorageUnavailable as error:
                log.warning("leases could not be kept", error=type(error).__name__)
