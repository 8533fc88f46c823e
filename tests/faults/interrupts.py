"""Ctrl-C and SIGTERM end a run as its end does: everything that was started is stopped first."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any


async def until_interrupted(work: Coroutine[Any, Any, object]) -> bool:
    """Run it; false when it was interrupted, after its own `finally` clauses."""
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        print("interrupted", flush=True)
        return False
    return True
