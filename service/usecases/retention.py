"""What the housekeeping removes when it has stayed as long as it may; it also ends begun erasures."""

from collections.abc import Awaitable, Callable

from service.storage import erasures, retention
from service.storage.pool import Connection

Some = Callable[[Connection, int], Awaitable[int]]


async def erase_some(held: Connection, up_to: int) -> int:
    """Go on with what somebody began to erase: whoever began may have been killed since."""
    return await erasures.go_on_erasing(held, limit=up_to)


def expire_some(kind: str) -> Some:
    """Remove what has expired of one of `retention.KINDS`."""

    async def some(held: Connection, up_to: int) -> int:
        return await retention.expire(held, kind, limit=up_to)

    return some
