"""Moderators take the last decision back."""

from uuid import UUID

from service.domain.errors import NothingToUndo
from service.domain.status import Status
from service.storage import decisions, moves
from service.storage.pool import Connection
from service.usecases.decide import Judge, lock, refuse_claimed
from service.usecases.feedback import note_decision
from service.usecases.redact import put_back


async def undo(connection: Connection, judge: Judge, comment_id: UUID) -> None:
    """Take back the last decision of a person, whoever made it, within ten minutes.

    Raises:
        CommentNotFound, ClaimedByAnother: as `rule`.
        NothingToUndo: the last decision was the checks', is too old, or was itself an undo; or it was a
            redaction whose text is gone.
    """
    comment = await lock(connection, judge, comment_id)
    refuse_claimed(comment, judge)
    history = await decisions.list_history(connection, comment.site_id, comment.id)
    last = history[-1] if history else None
    if (
        last is None
        or last.source != "moderator"
        or last.action in decisions.NOT_TAKEN_BACK
        or not last.is_recent
    ):
        raise NothingToUndo
    if last.action == "redact":
        return await put_back(connection, judge, comment)
    earlier = next((one for one in reversed(history[:-1]) if one.action not in decisions.OF_THE_TEXT), None)
    await moves.move(
        connection,
        moves.Move(
            site_id=comment.site_id,
            comment_id=comment.id,
            version=comment.version,
            status=Status(last.from_status),
            source="moderator",
            action="undo",
            reason=earlier.reason if earlier else None,
            moderator_id=judge.moderator_id,
        ),
    )
    stands = earlier.action if earlier and earlier.source == "moderator" else None
    await note_decision(connection, judge.sites[comment.site_id], comment.id, stands)
    await decisions.release_claim(connection, comment.site_id, comment.id)
    return None
