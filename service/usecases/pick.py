"""Moderators pick what is worth reading."""

from uuid import UUID

from service.domain.errors import NotPublished
from service.domain.status import Status
from service.storage import picks
from service.storage.pool import Connection
from service.usecases.decide import Judge, lock


async def pick(connection: Connection, judge: Judge, comment_id: UUID, *, is_picked: bool) -> None:
    """Make a published comment an editors' pick, or take that back.

    Raises:
        CommentNotFound, RoleTooLow, IllegalMove: as `decide.rule`.
        NotPublished: readers do not see it.
    """
    comment = await lock(connection, judge, comment_id)
    if is_picked and comment.status != Status.PUBLISHED:
        raise NotPublished
    await picks.pick(connection, comment.site_id, comment.id, judge.moderator_id, is_picked=is_picked)
