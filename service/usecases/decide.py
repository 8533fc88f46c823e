"""What moderators do: decide, one or many, and take the last decision back."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from service.domain.errors import (
    ClaimedByAnother,
    CommentNotFound,
    IllegalMove,
    Meanwhile,
    MissingReason,
    NothingToUndo,
    RoleTooLow,
    StaleVersion,
    UnknownReason,
)
from service.domain.reasons import Reason
from service.domain.site import Site
from service.domain.status import Status
from service.storage import decisions, moves
from service.storage.decisions import LockedComment, PastDecision
from service.storage.pool import Connection
from service.usecases.feedback import note_decision

MOVES = {
    "approve": Status.PUBLISHED,
    "reject": Status.REJECTED,
    "spam": Status.SPAM,
    "hold": Status.HELD,
}
"""What a moderator's action makes of a comment."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Who decides, and on which sites that person may; at the `reads` the role is too low for it."""

    moderator_id: int
    sites: dict[int, Site]
    reads: frozenset[int] = frozenset()

    @property
    def site_ids(self) -> Sequence[int]:
        """The ids of those sites."""
        return list(self.sites)

    @property
    def known_ids(self) -> Sequence[int]:
        """The ids of all sites of which that person may know."""
        return [*self.sites, *self.reads]


@dataclass(frozen=True, slots=True)
class Ruling:
    """A moderator's decision about one comment as it was at `version`."""

    comment_id: UUID
    action: str
    version: int
    reason: str | None = None
    note: str | None = None


async def rule(connection: Connection, judge: Judge, ruling: Ruling) -> None:
    """Carry out one decision; the caller's transaction holds the row until it ends.

    Raises:
        CommentNotFound: no such comment on the judge's sites.
        RoleTooLow: the judge may read it and no more.
        StaleVersion: someone, or the checks, decided first.
        ClaimedByAnother: another moderator holds the lease.
        MissingReason, UnknownReason: a rejection says why, in the site's words.
        IllegalMove: the comment was erased.
    """
    comment = await lock(connection, judge, ruling.comment_id)
    if comment.version != ruling.version:
        history = await decisions.list_history(connection, comment.site_id, comment.id)
        raise StaleVersion(comment.status, comment.version, _since(history, ruling.version))
    refuse_claimed(comment, judge)
    _refuse_reason(judge.sites[comment.site_id], ruling)
    await moves.move(
        connection,
        moves.Move(
            site_id=comment.site_id,
            comment_id=comment.id,
            version=comment.version,
            status=MOVES[ruling.action],
            source="moderator",
            action=ruling.action,
            reason=ruling.reason or (comment.reason if comment.status == MOVES[ruling.action] else None),
            note=ruling.note,
            moderator_id=judge.moderator_id,
        ),
    )
    await note_decision(connection, judge.sites[comment.site_id], comment.id, ruling.action)
    await decisions.release_claim(connection, comment.site_id, comment.id)


async def undo(connection: Connection, judge: Judge, comment_id: UUID) -> None:
    """Take back the last decision of a person, whoever made it, within ten minutes.

    Raises:
        CommentNotFound, ClaimedByAnother: as `rule`.
        NothingToUndo: the last decision was the checks', is too old, or was itself an undo.
    """
    comment = await lock(connection, judge, comment_id)
    refuse_claimed(comment, judge)
    history = await decisions.list_history(connection, comment.site_id, comment.id)
    last = history[-1] if history else None
    if (
        last is None
        or last.source != "moderator"
        or last.action in decisions.NO_OPINION
        or not last.is_recent
    ):
        raise NothingToUndo
    earlier = history[-2] if len(history) > 1 else None
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


def _since(history: Sequence[PastDecision], version: int) -> tuple[Meanwhile, ...]:
    """What was decided after the comment had come to that version; none where it never had."""
    known = [index for index, one in enumerate(history) if one.version is not None and one.version <= version]
    later = history[known[-1] + 1 :] if known else history
    return tuple(
        Meanwhile(one.decided_at, one.moderator or one.source, one.source, one.action, one.status, one.reason)
        for one in later
    )


async def lock(connection: Connection, judge: Judge, comment_id: UUID) -> LockedComment:
    """The comment, locked until the transaction ends; raises what `rule` does where it may not be touched."""
    comment = await decisions.lock_comment(connection, judge.known_ids, comment_id)
    if comment is None:
        raise CommentNotFound
    if comment.site_id in judge.reads:
        raise RoleTooLow
    if comment.status == Status.ERASED:
        raise IllegalMove(comment_id)
    return comment


def refuse_claimed(comment: LockedComment, judge: Judge) -> None:
    """Raise ClaimedByAnother where another moderator holds the lease."""
    if comment.claimed_by and comment.claimed_until and comment.claimer_id != judge.moderator_id:
        raise ClaimedByAnother(comment.claimed_by, comment.claimed_until)


def _refuse_reason(site: Site, ruling: Ruling) -> None:
    if ruling.reason is None:
        if ruling.action == "reject":
            raise MissingReason
        return
    if ruling.reason not in {*map(str, Reason), *(own.code for own in site.own_reasons)}:
        raise UnknownReason
