"""Compares passwords off the event loop, a few at once and a few in the queue, never more."""

import asyncio
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TypeVar

from service.passwords import PasswordHash

T = TypeVar("T")

AT_ONCE = 2
WAITING = 8
"""Together a few tenths of a second of work, and the memory of `AT_ONCE` hashes."""

OURS = PasswordHash()


class TooBusy(Exception):
    """Enough passwords are being compared: whoever comes now has to come again."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether a password fits; `new_hash` is one to keep instead, where the parameters have changed."""

    fits: bool
    new_hash: str | None = None


@dataclass(slots=True)
class PasswordChecker:
    """One process's threads for argon2id, which lets go of the interpreter while it works."""

    hashes: PasswordHash = OURS
    _threads: ThreadPoolExecutor = field(init=False)
    _under_way: int = field(init=False, default=0)
    _turns: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="argon2")
        self._threads.submit(_hash_of_nobody, self.hashes)  # now, so that the first stranger waits no longer

    @property
    def is_full(self) -> bool:
        """Whether one more would be too many."""
        return self._under_way >= AT_ONCE + WAITING

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Room for a whole sign-in: what it asks of the database is bounded too, and moderators get there.

        Raises:
            TooBusy: as many as may wait do so already.
        """
        if self.is_full or self._turns >= AT_ONCE + WAITING:
            raise TooBusy
        self._turns += 1
        try:
            yield
        finally:
            self._turns -= 1

    async def compare(self, kept: str | None, password: str) -> Comparison:
        """Compare with a kept hash; without one with nobody's, so that an unknown name takes as long.

        Raises:
            TooBusy: the threads and their queue are full.
        """
        return await self._in_thread(partial(self._compare, kept, password))

    async def make(self, password: str) -> str:
        """The hash to keep of a new password.

        Raises:
            TooBusy: the threads and their queue are full.
        """
        return await self._in_thread(partial(self.hashes.make, password))

    def close(self) -> None:
        """Begin nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _in_thread(self, call: Callable[[], T]) -> T:
        if self.is_full:
            raise TooBusy
        self._under_way += 1
        work = asyncio.get_running_loop().run_in_executor(self._threads, call)
        work.add_done_callback(self._is_over)
        # Who gives up does not free a thread: it is free when its work is over.
        return await asyncio.shield(work)

    def _compare(self, kept: str | None, password: str) -> Comparison:
        fits = self.hashes.fits(kept or _hash_of_nobody(self.hashes), password)
        if kept is None or not fits:
            return Comparison(fits=False)
        outdated = self.hashes.is_outdated(kept)
        return Comparison(fits=True, new_hash=self.hashes.make(password) if outdated else None)

    def _is_over(self, _work: object) -> None:
        self._under_way -= 1


@cache
def _hash_of_nobody(hashes: PasswordHash) -> str:
    """A hash of the same parameters that no password fits."""
    return hashes.make(secrets.token_urlsafe(32))
