"""How long the answer to a request may still take, however many steps it has."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

ANSWER_S = 4.0
"""Every request is answered within five seconds; this is what storage may take of them."""

_until: ContextVar[float] = ContextVar("until", default=float("inf"))


def start_clock(seconds: float = ANSWER_S) -> None:
    """Give this request so many seconds from now; its background tasks inherit the end."""
    _until.set(asyncio.get_running_loop().time() + seconds)


def left_s() -> float:
    """The seconds left, not above zero when the time is up; without a clock there is no end."""
    return _until.get() - asyncio.get_running_loop().time()


@contextmanager
def stopped_clock() -> Iterator[None]:
    """What happens inside is the client's time, such as a body on its slow way in."""
    loop = asyncio.get_running_loop()
    stopped_at = loop.time()
    try:
        yield
    finally:
        _until.set(_until.get() + loop.time() - stopped_at)
