"""Admins put a site's reasons into its own words, add some of its own, and retire these."""

from dataclasses import dataclass

from service.domain.errors import ReasonNotFound, SharedReason
from service.domain.reason_texts import SHARED_REASONS
from service.domain.reasons import Reason
from service.domain.site import ReasonText, Site
from service.storage import audit, reasons
from service.storage.audit import AuditEntry
from service.storage.pool import Connection

_SHARED = {reason.code: reason for reason in SHARED_REASONS}


@dataclass(frozen=True, slots=True)
class StandingReason:
    """A reason as it stands at a site; `is_own`: the site's own words, `is_retired`: nobody may choose it."""

    reason: ReasonText
    is_own: bool
    is_retired: bool


async def read_reason(connection: Connection, site: Site, code: str) -> StandingReason:
    """How it stands; raises ReasonNotFound."""
    own = await reasons.find_own(connection, site.id, code)
    shared = _SHARED.get(code)
    if own is not None and not (own.is_retired and shared):
        return StandingReason(own.reason, is_own=True, is_retired=own.is_retired)
    if shared is None:
        raise ReasonNotFound
    return StandingReason(shared, is_own=False, is_retired=False)


async def put_reason(connection: Connection, site: Site, reason: ReasonText, moderator_id: int) -> None:
    """Make the reason, or put it into these words."""
    await reasons.keep_own(connection, site.id, reason)
    await audit.record(connection, AuditEntry("reason.changed", site.id, moderator_id, reason.code, {}))


async def retire_reason(connection: Connection, site: Site, code: str, moderator_id: int) -> StandingReason:
    """Retire the site's own reason, or its own words for a shared one; how it stands afterwards.

    Raises:
        ReasonNotFound: there is none of that code.
        SharedReason: every site has it, and this one has no words of its own for it.
    """
    own = await reasons.find_own(connection, site.id, code)
    if own is None or (own.is_retired and code in set(Reason)):
        raise SharedReason if code in set(Reason) else ReasonNotFound
    if not own.is_retired:
        await reasons.retire_own(connection, site.id, code)
        await audit.record(connection, AuditEntry("reason.retired", site.id, moderator_id, code, {}))
    return await read_reason(connection, site, code)
