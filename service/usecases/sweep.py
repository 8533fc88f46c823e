"""Housekeeping: drops what need not be remembered, in small batches, once a period whoever comes first.

The scheduler asks for it and each worker looks by itself, so that it is done while either is dead.
"""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from service.domain.recipients import NOBODY, Recipients
from service.storage import alerts, backtests, events, evidence, shadows, submissions
from service.storage.chores import claim_chore, make_due
from service.storage.figures import fold_counts
from service.storage.hourly_figures import keep_hours
from service.storage.pool import Connection, Pool, connection, settled
from service.usecases.ask_outside import OutsideDesk
from service.usecases.feedback import AT_ONCE, tell_some
from service.usecases.learn import SITES_AT_ONCE, learn_some
from service.usecases.raise_alerts import raise_alerts
from service.usecases.retention import erase_some, expire_some
from service.usecases.submit import KEY_WINDOW

log = structlog.get_logger(__name__)

BATCH = 1000
"""So many rows go at once, for no statement shall hold locks for long."""


@dataclass(frozen=True, slots=True)
class Chore:
    """`some` does up to `batch` of what is due, in one transaction, and says how many there were."""

    name: str
    every: timedelta
    some: Callable[[Connection, int], Awaitable[int]]
    batch: int = BATCH


async def _drop_some_old_sketches(held: Connection, up_to: int) -> int:
    """Delete sketches of texts that no later text is compared with."""
    return await evidence.drop_old_sketches(held, limit=up_to)


async def _drop_some_old_keys(held: Connection, up_to: int) -> int:
    """Delete remembered submission keys past their day."""
    return await submissions.delete_old_keys(held, KEY_WINDOW, limit=up_to)


SHADOWS_KEPT = BACKTESTS_KEPT = timedelta(days=30)


async def _drop_some_old_shadows(held: Connection, up_to: int) -> int:
    """Delete what candidates said a month ago."""
    return await shadows.delete_old(held, SHADOWS_KEPT, limit=up_to)


async def _drop_some_old_backtests(held: Connection, up_to: int) -> int:
    """Delete what was asked for a month ago."""
    return await backtests.delete_old(held, BACKTESTS_KEPT, limit=up_to)


_SOON, _OFTEN = timedelta(seconds=30), timedelta(minutes=10)
TOMBSTONES = 50
"""So many comments are emptied or removed at once: the pages of all of them stay locked meanwhile."""

HOURS_AT_ONCE = 6

CHORES: tuple[Chore, ...] = (
    Chore("drop old submission keys", _OFTEN, _drop_some_old_keys),
    Chore("go on erasing", _SOON, erase_some, TOMBSTONES),
    Chore("expire spam and rejected comments", _OFTEN, expire_some("restricted"), TOMBSTONES),
    Chore("expire addresses", _OFTEN, expire_some("addresses")),
    Chore("expire networks", _OFTEN, expire_some("networks")),
    Chore("expire earlier texts", _OFTEN, expire_some("earlier_texts")),
    Chore("expire what nobody confirmed", _OFTEN, expire_some("unconfirmed"), TOMBSTONES),
    Chore("drop old verdicts of candidates", _OFTEN, _drop_some_old_shadows),
    Chore("drop old backtests", _OFTEN, _drop_some_old_backtests),
    Chore("forget authors whose standing is over", _OFTEN, expire_some("standings"), TOMBSTONES),
    Chore("forget networks whose standing is over", _OFTEN, expire_some("network_standings")),
    Chore("expire what readers reported", _OFTEN, expire_some("reports")),
    Chore("expire the words of appeals", _OFTEN, expire_some("appeals")),
    Chore("expire what came with submissions", _OFTEN, expire_some("as_submitted")),
    Chore("drop old events", _OFTEN, events.drop_old_events),
    Chore("raise alerts", _SOON, raise_alerts()),
    Chore("drop old alerts", _OFTEN, alerts.drop_old_alerts),
    Chore("drop old sketches", _OFTEN, _drop_some_old_sketches),
    Chore("fold counts", _SOON, fold_counts),
    Chore("count hours that are over", _OFTEN, keep_hours, HOURS_AT_ONCE),
    Chore("learn from decisions", _SOON, learn_some, SITES_AT_ONCE),
)


def with_feedback(outside: OutsideDesk, recipients: Recipients = NOBODY) -> tuple[Chore, ...]:
    """The chores, with mail about alerts, and telling services what people found: last, for it waits."""

    async def tell(held: Connection, up_to: int) -> int:
        return await tell_some(held, outside, up_to)

    raising = Chore("raise alerts", _SOON, raise_alerts(recipients))
    chores = (raising if one.name == raising.name else one for one in CHORES)
    return (*chores, Chore("tell services what people found", _SOON, tell, AT_ONCE))


async def sweep(pool: Pool, *, seconds: float, chores: Sequence[Chore] = CHORES) -> dict[str, int]:
    """Do the chores that are due and that nobody else took; name to how many rows went.

    It ends after about so many seconds, of which no chore takes more than its share while others wait; what
    is left is due at once for whoever looks next. A chore that fails is logged and tried again in its next
    period: the others are done all the same.

    Raises:
        StorageUnavailable: Postgres is away.
    """
    until = time.monotonic() + seconds
    done: dict[str, int] = {}
    for waiting, chore in zip(range(len(chores), 0, -1), chores, strict=True):
        left = until - time.monotonic()
        if left <= 0:
            break  # not claimed, so it is due for the next one
        async with connection(pool) as held:
            is_ours = await claim_chore(held, chore.name, chore.every)
        if is_ours:
            try:
                # Its share: one that has more to do than time would keep the later ones from ever being done.
                done[chore.name] = await _do(pool, chore, time.monotonic() + left / waiting)
            except Exception as error:  # noqa: BLE001  (one chore must not keep the others from being done)
                log.error("a chore failed", chore=chore.name, error=type(error).__name__)  # noqa: TRY400
    return done


async def drop_old_keys(pool: Pool) -> int:
    """Do that one chore now, to its end; how many keys went."""
    return await _do(pool, CHORES[0], float("inf"))


async def _do(pool: Pool, chore: Chore, until: float) -> int:
    done = 0
    while True:
        some = await settled(pool, lambda held: chore.some(held, chore.batch))
        done += some
        if some < chore.batch:
            return done
        if time.monotonic() >= until:
            async with connection(pool) as held:
                await make_due(held, chore.name)
            return done
