"""Waiting on what must come to be, never on a time."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable


class WaitedInVain(Exception):
    """Something did not come to be in its time; the message says what."""


async def until(
    what: str, holds: Callable[[], object | Awaitable[object]], *, seconds: float, every: float = 0.05
) -> float:
    """Wait until `holds()` (called, or called and awaited) is true; how many seconds that took.

    Raises:
        WaitedInVain: it was not within `seconds`.
    """
    began = time.monotonic()
    while True:
        found = holds()
        if inspect.isawaitable(found):
            found = await found
        took = time.monotonic() - began
        if found:
            return took
        if took > seconds:
            raise WaitedInVain(f"waited {seconds:.0f} s in vain for: {what}")
        await asyncio.sleep(every)
