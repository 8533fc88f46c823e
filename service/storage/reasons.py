"""A site's own reasons: words of its own for shared ones, and codes that it alone has."""

from dataclasses import dataclass

from service.domain.site import ReasonText
from service.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class OwnReason:
    """One row; nobody chooses what is retired any more."""

    reason: ReasonText
    is_retired: bool


async def find_own(connection: Connection, site_id: int, code: str) -> OwnReason | None:
    """The site's own reason of that code, locked until the transaction ends."""
    row = await connection.fetchrow(
        "SELECT code, label, text, retired_at FROM site_reason WHERE site_id = $1 AND code = $2"
        " FOR NO KEY UPDATE",
        site_id,
        code,
    )
    if row is None:
        return None
    return OwnReason(ReasonText(row["code"], row["label"], row["text"]), row["retired_at"] is not None)


async def keep_own(connection: Connection, site_id: int, reason: ReasonText) -> None:
    """Make it or change its words; one that was retired can be chosen again."""
    await connection.execute(
        """
        INSERT INTO site_reason (site_id, code, label, text) VALUES ($1, $2, $3, $4)
        ON CONFLICT (site_id, code) DO UPDATE SET label = $3, text = $4, retired_at = NULL
        """,
        site_id,
        reason.code,
        reason.label,
        reason.text,
    )


async def retire_own(connection: Connection, site_id: int, code: str) -> None:
    """Let nobody choose it from now on; it stays known."""
    await connection.execute(
        "UPDATE site_reason SET retired_at = clock_timestamp() WHERE site_id = $1 AND code = $2",
        site_id,
        code,
    )
