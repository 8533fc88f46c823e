"""One switch for a whole site when it gets hot: look at everything first, or close."""

from dataclasses import dataclass
from datetime import datetime

from service.domain.site import Mode, Site
from service.storage import audit, sites
from service.storage.audit import AuditEntry
from service.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class ModeChange:
    """The mode from now on, and when it is as usual again; null: when somebody says so."""

    mode: Mode
    until: datetime | None = None


async def change_mode(connection: Connection, site: Site, change: ModeChange, moderator_id: int) -> None:
    """Carry it out, on record."""
    await sites.update_mode(connection, site.id, change.mode, change.until)
    details = {"mode": change.mode, "until": change.until.isoformat() if change.until else None}
    await audit.record(connection, AuditEntry("site.mode_changed", site.id, moderator_id, site.slug, details))
