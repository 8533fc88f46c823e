"""`python -m workers.backtests`: does the backtests that were asked for, below every other work, and ends."""

import asyncio
import os
import sys

import structlog

from service.domain.errors import StorageUnavailable
from service.logs import configure_logs
from service.processes import die_with_parent
from service.settings import Settings, SettingsError
from service.storage.pool import open_pool
from service.usecases.backtest import LEAST_NICE, processes
from service.usecases.backtest_jobs import do_backtests

log = structlog.get_logger(__name__)


def main() -> None:
    """Do what waits; the patrol of a worker starts this where something does."""
    die_with_parent()
    try:
        settings = Settings.read()
    except SettingsError as error:
        sys.exit("\n".join(f"replydesk: {line}" for line in error.lines))
    configure_logs(settings.log_level)
    os.nice(LEAST_NICE)
    try:
        done = asyncio.run(_run(settings))
    except StorageUnavailable as error:
        log.warning("backtests stopped", error=type(error).__name__)
    else:
        log.info("backtests", done=done)


async def _run(settings: Settings) -> int:
    url = settings.database_url.get_secret_value()
    pool = await open_pool(url, "replydesk_worker", size=1, name="backtests")
    try:
        # One: as much of the machine as a single check has, and in a process that may die.
        with processes(1) as executor:
            return await do_backtests(pool, executor)
    finally:
        pool.terminate()


if __name__ == "__main__":
    main()
