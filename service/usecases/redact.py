"""A moderator takes parts out of a text, and puts them back."""

from dataclasses import dataclass
from uuid import UUID

from service.domain.errors import NothingToUndo, NotRedactable, StaleVersion
from service.domain.finding import Span
from service.domain.redaction import merged, redacted
from service.domain.status import Status
from service.storage import decisions, redactions
from service.storage.decisions import LockedComment
from service.storage.pool import Connection
from service.storage.redactions import TextChange
from service.usecases.decide import Judge, lock, refuse_claimed, refuse_unknown, since

REDACTABLE = frozenset({Status.PUBLISHED, Status.HELD})


@dataclass(frozen=True, slots=True)
class Redaction:
    """What shall go from the text that a comment had at `version`; spans in code points."""

    comment_id: UUID
    version: int
    spans: tuple[Span, ...]
    reason: str | None = None
    note: str | None = None


async def redact(connection: Connection, judge: Judge, wanted: Redaction) -> None:
    """Put the mark in place of the spans; the text of before stays in the history.

    Raises:
        CommentNotFound, RoleTooLow, IllegalMove, StaleVersion, ClaimedByAnother: as `decide.rule`.
        NotRedactable: it is neither published nor held.
        UnknownReason: the site has no such reason.
        SpanOutside, NothingLeft: as `redacted`.
    """
    comment = await lock(connection, judge, wanted.comment_id)
    if comment.version != wanted.version:
        history = await decisions.list_history(connection, comment.site_id, comment.id)
        raise StaleVersion(comment.status, comment.version, since(history, wanted.version))
    if comment.status not in REDACTABLE:
        raise NotRedactable
    refuse_claimed(comment, judge)
    refuse_unknown(judge.sites[comment.site_id], wanted.reason)
    redacted(await redactions.read_text(connection, comment.site_id, comment.id), wanted.spans)
    change = TextChange(
        site_id=comment.site_id,
        comment_id=comment.id,
        version=comment.version,
        action="redact",
        moderator_id=judge.moderator_id,
        reason=wanted.reason,
        note=wanted.note,
    )
    await redactions.redact(connection, change, merged(wanted.spans))


async def put_back(connection: Connection, judge: Judge, comment: LockedComment) -> None:
    """Take back the redaction that made this version; NothingToUndo where that text is gone."""
    change = TextChange(
        site_id=comment.site_id,
        comment_id=comment.id,
        version=comment.version,
        action="restore",
        moderator_id=judge.moderator_id,
    )
    if not await redactions.restore(connection, change):
        raise NothingToUndo
