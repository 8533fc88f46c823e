"""What moderators do before they decide: take a certain comment, take it over, give it back."""

from uuid import UUID

from service.domain.errors import NotHeld
from service.domain.status import Status
from service.storage import claims
from service.storage.pool import Connection
from service.usecases.decide import Judge, lock, refuse_claimed

CLAIM_S = 300
"""How long a lease lasts."""


async def claim(connection: Connection, judge: Judge, comment_id: UUID, *, take_over: bool = False) -> None:
    """Lease a held comment for five minutes, anew where the judge has it already.

    `take_over`: also where another has it; whether the caller may is not asked here.

    Raises:
        CommentNotFound, RoleTooLow, IllegalMove: as `rule`.
        NotHeld: nobody waits for a decision about it.
        ClaimedByAnother: another moderator holds the lease.
    """
    comment = await lock(connection, judge, comment_id)
    if comment.status != Status.HELD:
        raise NotHeld(comment.status, comment.version)
    if not take_over:
        refuse_claimed(comment, judge)
    await claims.claim_one(connection, comment.site_id, comment.id, judge.moderator_id, seconds=CLAIM_S)


async def release(
    connection: Connection, judge: Judge, comment_id: UUID, *, of_another: bool = False
) -> None:
    """Give a comment back; nothing happens where nobody has it.

    Raises:
        CommentNotFound, RoleTooLow, IllegalMove: as `rule`.
        ClaimedByAnother: another holds the lease, and the judge may not end it.
    """
    comment = await lock(connection, judge, comment_id)
    if not of_another:
        refuse_claimed(comment, judge)
    if comment.claimed_by is not None:
        await claims.release_one(connection, comment.site_id, comment.id)
