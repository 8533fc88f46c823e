"""How far we let ourselves go with a service: a rate, a rest when it fails, a budget, an end to the wait."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from service.outbound.breaker import CircuitBreaker
from service.outbound.bucket import TokenBucket
from service.outbound.errors import AskedToWait, BudgetSpent, NoAnswer, Refused, Resting, TooOften, TooSlow

T = TypeVar("T")

Spend = Callable[[], Awaitable[bool]]
"""Takes one from a budget; false where nothing is left of it."""


@dataclass(slots=True)
class Restraint:
    """Guards every request to one service, in this process.

    Attributes:
        patience_s: how long a request may wait for its turn by the rate; 0 is not at all.
    """

    bucket: TokenBucket
    breaker: CircuitBreaker = field(default_factory=CircuitBreaker)
    patience_s: float = 0.0

    async def run(self, work: Callable[[], Awaitable[T]], spend: Spend | None = None) -> T:
        """Do `work`, which asks the service once, where nothing speaks against it.

        The budget comes last: what is not asked for another reason costs nothing.

        Raises:
            NoAnswer: it was not asked, or it did not answer.
        """
        if self.breaker.is_resting:
            raise Resting
        await self._turn()
        if not self.breaker.may_ask():
            raise Resting
        if spend is not None and not await spend():
            raise BudgetSpent
        return await self._ask(work)

    async def _ask(self, work: Callable[[], Awaitable[T]]) -> T:
        try:
            answer = await work()
        except Refused:  # or whoever writes what it cannot read would have it rest for everybody
            raise
        except AskedToWait as asked:
            self.breaker.wait(asked.seconds)
            raise
        except NoAnswer:
            self.breaker.failed()
            raise
        except asyncio.CancelledError:  # whoever waited has no more time
            self.breaker.failed()
            raise
        self.breaker.succeeded()
        return answer

    async def _turn(self) -> None:
        try:
            async with asyncio.timeout(self.patience_s):
                while not self.bucket.take():  # noqa: ASYNC110  (time alone fills it)
                    await asyncio.sleep(self.bucket.next_in_s)
        except TimeoutError:
            raise TooOften from None


async def within(seconds: float, work: Awaitable[T]) -> T:
    """The result of `work`, where it is there in time.

    Raises:
        TooSlow: it is not.
    """
    try:
        async with asyncio.timeout(seconds):
            return await work
    except TimeoutError:
        raise TooSlow from None
