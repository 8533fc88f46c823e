"""Makes another policy the site's own, unless somebody changed it first."""

from dataclasses import dataclass

from service.domain.errors import PolicyChanged
from service.domain.policy import Policy
from service.storage import audit, policies, sites
from service.storage.audit import AuditEntry
from service.storage.pool import Connection

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Change:
    """A new policy, the version that its author has seen (null: whatever holds), who and why."""

    policy: Policy
    seen: int | None
    moderator_id: int | None = None
    note: str | None = None


async def change_policy(connection: Connection, site_id: int, change: Change) -> int:
    """Carry it out in the caller's transaction; the version that holds now.

    A policy that says nothing new makes no version.

    Raises:
        PolicyChanged: another version than the one that was seen holds.
    """
    version = await policies.lock_policy(connection, site_id)
    if change.seen is not None and change.seen != version:
        raise PolicyChanged(version)
    held = await policies.find_version(connection, site_id, version)
    if held is not None and held.policy == change.policy:
        return version
    made = await sites.insert_policy(
        connection, site_id, change.policy, moderator_id=change.moderator_id, note=change.note
    )
    entry = AuditEntry("policy.changed", site_id, change.moderator_id, "policy", {"version": made})
    await audit.record(connection, entry)
    return made
