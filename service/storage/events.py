"""What happened to comments, in an order that nothing can be put into afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class Event:
    """A comment was moved or edited.

    Attributes:
        seq: its place among all events of all sites; later ones are higher.
        site: the slug.
        type: `comment.held`, `comment.published` and so on.
        reason: of the decision; null where it has none.
        source: who decided, such as `checks` or `moderator`; `moderator` is the name in the latter case.
        page_url: null where the comment has expired since.
    """

    seq: int
    site_id: int
    site: str
    comment_id: UUID
    type: str
    from_status: str
    status: str
    version: int
    reason: str | None
    source: str
    moderator: str | None
    page_url: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class EventBounds:
    """`last` is the newest event's place; up to `dropped_through` they are forgotten."""

    last: int
    dropped_through: int


async def order_events(connection: Connection, *, limit: int) -> int:
    """Give committed events their place; how many got one."""
    given: int = await connection.fetchval("SELECT order_events($1)", limit)
    return given


async def bounds(connection: Connection) -> EventBounds:
    """Which events there are."""
    [row] = await connection.fetch("SELECT last_seq, dropped_through FROM event_order")
    return EventBounds(row["last_seq"], row["dropped_through"])


async def list_events(
    connection: Connection, after: int, *, limit: int, site_ids: Sequence[int] | None = None
) -> list[Event]:
    """The first `limit` events behind that place, in order; of these sites, or of all."""
    rows = await connection.fetch(
        """
        SELECT event.seq, event.site_id, site.slug AS site, event.comment_id, event.type, event.from_status,
               event.status, event.version, event.reason, event.source, moderator.name AS moderator,
               page.url AS page_url, event.at
        FROM event JOIN site ON site.id = event.site_id
        LEFT JOIN moderator ON moderator.id = event.moderator_id
        LEFT JOIN comment ON comment.site_id = event.site_id AND comment.id = event.comment_id
        LEFT JOIN page ON page.site_id = comment.site_id AND page.id = comment.page_id
        WHERE event.seq > $1 AND ($3::int[] IS NULL OR event.site_id = ANY($3))
        ORDER BY event.seq LIMIT $2
        """,
        after,
        limit,
        None if site_ids is None else list(site_ids),
    )
    return [Event(**dict(row)) for row in rows]


async def drop_old_events(connection: Connection, up_to: int) -> int:
    """Forget the first events, as far as they are older than 30 days; how many went."""
    gone: int = await connection.fetchval("SELECT drop_old_events($1)", up_to)
    return gone
