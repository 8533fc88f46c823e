"""An answer that is asked for at most once a second, however many want it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")

FRESH_S = 1.0


@dataclass(slots=True)
class SharedAnswer(Generic[T]):
    """`ask` runs once at a time; who comes meanwhile waits for it, who comes within a second after gets it.

    So a question that anyone may ask holds one connection at most, and costs next to nothing in a flood.
    A failure is not remembered: it is raised to all who waited for it.
    """

    ask: Callable[[], Awaitable[T]]
    clock: Callable[[], float] = time.monotonic
    _asked: asyncio.Future[T] | None = field(default=None, repr=False)
    _known: tuple[T, float] | None = field(default=None, repr=False)

    async def get(self) -> T:
        """The answer, at most a second old; raises what `ask` raises."""
        if self._known is not None and self.clock() - self._known[1] < FRESH_S:
            return self._known[0]
        if self._asked is None or self._asked.done():
            self._asked = asyncio.ensure_future(self._ask())
            self._asked.add_done_callback(_see)
        return await asyncio.shield(self._asked)  # who gives up waiting does not end it for the others

    def forget(self) -> None:
        """Ask anew next time."""
        self._known = None

    async def _ask(self) -> T:
        answer = await self.ask()
        self._known = (answer, self.clock())
        return answer


def _see(asked: "asyncio.Future[T]") -> None:
    """Look at a failure for which nobody waits any more, so that it is not reported as forgotten."""
    if not asked.cancelled():
        asked.exception()
