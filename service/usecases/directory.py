"""The sites as this process knows them: read again every second, so that a change is seen soon."""

import asyncio
import time
from dataclasses import dataclass, field

from service.domain.errors import SiteNotFound
from service.domain.site import Site
from service.storage import sites
from service.storage.pool import Pool, connection

FRESH_S = 1.0


@dataclass(slots=True)
class SiteDirectory:
    """Finds sites by slug and id; unknown ones are looked for in the database before they are denied."""

    pool: Pool
    _by_slug: dict[str, Site] = field(default_factory=dict)
    _by_id: dict[int, Site] = field(default_factory=dict)
    _read_at: float = float("-inf")
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def of_slug(self, slug: str) -> Site:
        """The site of that slug.

        Raises:
            SiteNotFound: there is none, as of at most a second ago.
        """
        await self._refresh()
        if slug not in self._by_slug:
            raise SiteNotFound
        return self._by_slug[slug]

    async def of_id(self, site_id: int) -> Site:
        """The site of that id, which must exist: ids come from the database."""
        await self._refresh()
        if site_id not in self._by_id:
            await self._read()
        return self._by_id[site_id]

    async def of_ids(self, site_ids: tuple[int, ...]) -> dict[int, Site]:
        """Those sites by id."""
        return {site_id: await self.of_id(site_id) for site_id in site_ids}

    async def _refresh(self) -> None:
        if not self._is_fresh():
            async with self._reading:  # one request reads for all that wait
                if not self._is_fresh():
                    await self._read()

    def _is_fresh(self) -> bool:
        return time.monotonic() - self._read_at <= FRESH_S

    async def _read(self) -> None:
        async with connection(self.pool) as held:
            found = await sites.list_sites(held)
        self._by_slug = {site.slug: site for site in found}
        self._by_id = {site.id: site for site in found}
        self._read_at = time.monotonic()
