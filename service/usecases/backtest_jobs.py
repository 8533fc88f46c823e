"""Does the backtests that were asked for, one at a time, in a process beside the checks."""

from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from datetime import timedelta
from typing import Any

import structlog

from service.domain.errors import StorageUnavailable
from service.storage import backtests, sites
from service.storage.backtests import Claimed
from service.storage.pool import Connection, Pool, connection
from service.usecases.backtest import BacktestFailed, Wish, backtest

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=3)
"""Longer than a part may take: whoever notes no progress for so long has died."""

MOST_ATTEMPTS = 2
MOST_UNFINISHED = 5
"""Of one site; who asks for more is told to come again."""


async def do_backtests(pool: Pool, executor: Executor) -> int:
    """Do what waits; how many there were.

    Raises:
        StorageUnavailable: Postgres is away; the lease ends by itself.
    """
    done = 0
    while True:
        async with connection(pool) as held:
            claimed = await backtests.claim_backtest(held, lease=LEASE, most_attempts=MOST_ATTEMPTS)
        if claimed is None:
            return done
        await _do(pool, executor, claimed)
        done += 1


async def _do(pool: Pool, executor: Executor, claimed: Claimed) -> None:
    async def read(work: Callable[[Connection], Awaitable[Any]]) -> Any:
        async with connection(pool) as held:
            return await work(held)

    async def progress(so_far: int) -> None:
        await read(lambda held: backtests.note_progress(held, claimed, so_far, LEASE))

    try:
        site = await read(lambda held: sites.find_site_of_id(held, claimed.site_id))
        wish = Wish(site, claimed.candidate, claimed.wanted)
        report = await backtest(read, executor, wish, at_once=1, progress=progress)
        await read(lambda held: backtests.finish(held, claimed, report))
    except StorageUnavailable:
        raise
    except Exception as error:  # noqa: BLE001  (whatever it was, the one who asked is told)
        failure = str(error) if isinstance(error, BacktestFailed) else type(error).__name__
        log.warning("a backtest failed", backtest=str(claimed.id), error=type(error).__name__)
        await read(lambda held: backtests.fail(held, claimed, failure))
