"""One look at the database for all event streams of this process, however many clients listen.

Whoever is behind what is kept here reads for itself; nothing waits in memory for one client. It polls: a
NOTIFY in the transaction of a decision would make commits wait for each other, and no decision may.
"""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import structlog

from service.domain.errors import StorageUnavailable
from service.storage import events
from service.storage.events import Event, EventBounds
from service.storage.pool import Pool, connection

log = structlog.get_logger(__name__)

POLL_S = 0.5
KEPT = 1000
"""So many of the newest events are kept for those who are nearly up to date."""

PAGE = 500
MOST_STREAMS = 200
MOST_OF_ONE = 20


class TooManyStreams(Exception):
    """This process, or this person, has as many as there may be."""


@dataclass(slots=True)
class EventFeed:
    """The newest events, looked for while anybody listens; `closing` is set when the process ends."""

    pool: Pool
    closing: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)
    _latest: int | None = None
    _floor: int = 0  # everything behind it is in `_kept`
    _kept: deque[Event] = field(default_factory=deque)
    _listeners: Counter[int] = field(default_factory=Counter)
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _task: asyncio.Task[None] | None = None

    @property
    def streams(self) -> int:
        """How many there are."""
        return self._listeners.total()

    @asynccontextmanager
    async def listening(self, moderator_id: int) -> AsyncIterator[EventBounds]:
        """Be one of the listeners; which events there are now.

        Raises:
            TooManyStreams: there is no place.
            StorageUnavailable: Postgres is away.
        """
        if self.streams >= MOST_STREAMS or self._listeners[moderator_id] >= MOST_OF_ONE:
            raise TooManyStreams
        self._listeners[moderator_id] += 1
        try:
            yield await self._begin()
        finally:
            self._listeners[moderator_id] -= 1
            if not self.streams:
                self._end()

    async def after(self, place: int, site_ids: Collection[int]) -> tuple[list[Event], int]:
        """Events of these sites behind that place, and the place to go on from.

        Raises:
            StorageUnavailable: they are older than what is kept here, and Postgres is away.
        """
        latest = self._latest or 0
        if place >= self._floor:
            found = [one for one in self._kept if one.seq > place and one.site_id in site_ids]
            return found, max(place, latest)
        async with connection(self.pool) as held:
            found = await events.list_events(held, place, limit=PAGE, site_ids=list(site_ids))
        if len(found) == PAGE:
            return found, found[-1].seq
        return found, max(latest, found[-1].seq if found else 0)

    def close(self) -> None:
        """Have every stream end now."""
        self.closing = True
        self._tell()

    async def look(self) -> None:
        """Give events their order and take the new ones over."""
        more = True
        while more:
            async with self._looking, connection(self.pool) as held:
                await events.order_events(held, limit=PAGE)
                if self._latest is None:
                    self._latest = self._floor = (await events.bounds(held)).last
                    return
                found = await events.list_events(held, self._latest, limit=PAGE)
                self._keep(found)
            more = len(found) == PAGE

    async def _begin(self) -> EventBounds:
        await self.look()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._go_on_looking())
        async with connection(self.pool) as held:
            known = await events.bounds(held)
        return EventBounds(self._latest or 0, known.dropped_through)

    def _end(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task, self._latest, self._floor = None, None, 0
        self._kept.clear()

    async def _go_on_looking(self) -> None:
        is_away = False
        while True:
            await asyncio.sleep(POLL_S)
            try:
                await self.look()
                is_away = False
            except StorageUnavailable as error:
                if not is_away:
                    log.warning("events wait for the database", error=type(error).__name__)
                is_away = True

    def _keep(self, found: list[Event]) -> None:
        if not found:
            return
        self._kept.extend(found)
        self._latest = found[-1].seq
        while len(self._kept) > KEPT:
            self._floor = self._kept.popleft().seq
        self._tell()

    def _tell(self) -> None:
        told, self.news = self.news, asyncio.Event()
        told.set()


async def wait_for_news(news: asyncio.Event, seconds: float) -> None:
    """Until something is new, or so long."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await news.wait()
