"""Finds comments that nobody rang for: while Redis is away, or the scheduler is dead.

A thread of the worker's first process looks when no task came for a whole sweep. What it finds is checked by
a process of its own (`workers.drain`), so that a comment on which a check dies takes nothing else with it.
Housekeeping is looked at once a minute whoever rings: a web process rings too while the scheduler is dead.
"""

import asyncio
import random
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import asyncpg
import structlog

from service.domain.errors import StorageUnavailable
from service.settings import Settings
from service.storage.backtests import is_any_open
from service.storage.leases import count_due
from service.storage.pool import CONNECT_S, Connection, open_pool, storage_errors
from service.usecases.sweep import sweep, with_feedback
from workers.mail import recipients_of
from workers.outside import outside_desk

T = TypeVar("T")

log = structlog.get_logger(__name__)

DRAIN = (sys.executable, "-m", "workers.drain")
BACKTESTS = (sys.executable, "-m", "workers.backtests")

SWEEP_EVERY_S = 60.0
"""How often housekeeping is looked at; each chore says itself how often it is done."""

SWEEP_LASTS_S = 8.0


class Patrol(threading.Thread):
    """Sleeps for a sweep and a bit, so that several workers do not look at once; then looks if it must."""

    def __init__(self, settings: Settings, rings: Callable[[], int], *, limit_s: float) -> None:
        super().__init__(name="patrol", daemon=True)
        self._settings = settings
        self._rings = rings
        self._limit_s = limit_s
        self._ended = threading.Event()
        self._swept_at = float("-inf")
        self._lease = timedelta(seconds=settings.lease_s)
        self._testing: subprocess.Popen[bytes] | None = None
        self._outside = outside_desk(settings)
        self._recipients = recipients_of(settings)

    def end(self) -> None:
        """Look no more."""
        self._ended.set()

    def run(self) -> None:
        """Until `end`, or the end of the process."""
        heard = self._rings()
        while not self._ended.wait(self._settings.sweep_s * random.uniform(1.0, 1.5)):  # noqa: S311
            try:
                heard = self._look(heard)
            except Exception as error:  # noqa: BLE001  (whatever it was, the next look may do better)
                log.warning("a look for unrung work failed", error=type(error).__name__)
            try:
                self._test_back()
            except Exception as error:  # noqa: BLE001
                log.warning("a look for backtests failed", error=type(error).__name__)
            try:
                self._sweep()
            except Exception as error:  # noqa: BLE001
                log.warning("a look for housekeeping failed", error=type(error).__name__)

    def _look(self, heard: int) -> int:
        now = self._rings()
        while now == heard and not self._ended.is_set() and self._is_due():
            self._drain()
            now = self._rings()
        return now

    def _test_back(self) -> None:
        """Start whoever does what was asked for, beside this thread and one at a time."""
        if self._testing is not None and self._testing.poll() is None:
            return
        self._testing = None
        if asyncio.run(self._ask(is_any_open)):
            self._testing = subprocess.Popen(BACKTESTS)  # noqa: S603  (our own module)

    def _is_due(self) -> bool:
        try:
            return asyncio.run(self._ask(lambda held: count_due(held, self._lease))) > 0
        except StorageUnavailable:
            return False

    def _sweep(self) -> None:
        if time.monotonic() - self._swept_at < SWEEP_EVERY_S:
            return
        self._swept_at = time.monotonic()
        if done := asyncio.run(self._do_chores()):
            log.info("housekeeping", done=done)

    async def _do_chores(self) -> dict[str, int]:
        url = self._settings.database_url.get_secret_value()
        pool = await open_pool(url, "replydesk_worker", size=1, name="chores")
        try:
            return await sweep(
                pool, seconds=SWEEP_LASTS_S, chores=with_feedback(self._outside, self._recipients)
            )
        finally:
            pool.terminate()

    async def _ask(self, question: Callable[[Connection], Awaitable[T]]) -> T:
        with storage_errors():
            connection = await asyncpg.connect(
                self._settings.database_url.get_secret_value(),
                timeout=CONNECT_S,
                command_timeout=CONNECT_S,
                server_settings={"role": "replydesk_worker", "application_name": "replydesk-patrol"},
            )
            try:
                return await question(connection)
            finally:
                await connection.close(timeout=CONNECT_S)

    def _drain(self) -> None:
        log.warning("nobody rang, checking without a ring")
        try:
            subprocess.run(DRAIN, check=False, timeout=self._limit_s)  # noqa: S603  (our own module)
        except subprocess.TimeoutExpired:
            log.warning("a check did not come back, its process was ended")
