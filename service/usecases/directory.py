"""The sites as this process knows them: read again every second, so that a change is seen soon."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from service.domain.errors import SiteNotFound
from service.domain.site import Site
from service.storage import sites
from service.storage.pool import Pool, connection

FRESH_S = 1.0


@dataclass(slots=True)
class SiteDirectory:
    """Finds sites by slug and id.

    Whoever asks while the sites are being read waits for that one read, and fails with it. A slug that is
    unknown is denied without a read of its own, or guessing slugs would be a way to keep the database busy.
    """

    pool: Pool
    _by_slug: dict[str, Site] = field(default_factory=dict)
    _by_id: dict[int, Site] = field(default_factory=dict)
    _read_at: float = float("-inf")
    _reading: asyncio.Task[None] | None = None

    async def of_slug(self, slug: str) -> Site:
        """The site of that slug.

        Raises:
            SiteNotFound: there is none, as of at most a second ago.
            StorageUnavailable: nobody can tell now.
        """
        await self._refresh()
        if slug not in self._by_slug:
            raise SiteNotFound
        return self._by_slug[slug]

    async def of_id(self, site_id: int) -> Site:
        """The site of that id, which must exist: ids come from the database.

        Raises:
            StorageUnavailable: the sites could not be read.
        """
        await self._refresh()
        for _ in range(2):  # a read that had begun already may be older than the site
            if site_id not in self._by_id:
                await self._read_together()
        return self._by_id[site_id]

    async def of_ids(self, site_ids: tuple[int, ...]) -> dict[int, Site]:
        """Those sites by id."""
        return {site_id: await self.of_id(site_id) for site_id in site_ids}

    async def ids_of(self, wanted: Callable[[Site], bool]) -> list[int]:
        """The ids of the sites that are wanted."""
        await self._refresh()
        return [site.id for site in self._by_id.values() if wanted(site)]

    async def _refresh(self) -> None:
        if time.monotonic() - self._read_at > FRESH_S:
            await self._read_together()

    async def _read_together(self) -> None:
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read())
            self._reading.add_done_callback(_see)
        await asyncio.shield(self._reading)  # who gives up waiting does not end it for the others

    async def _read(self) -> None:
        async with connection(self.pool) as held:
            found = await sites.list_sites(held)
        self._by_slug = {site.slug: site for site in found}
        self._by_id = {site.id: site for site in found}
        self._read_at = time.monotonic()


def _see(reading: asyncio.Task[None]) -> None:
    """Look at a failure for which nobody waits any more, so that it is not reported as forgotten."""
    if not reading.cancelled():
        reading.exception()
