"""What moderators do: decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from service.domain.errors import (
    ClaimedByAnother,
    CommentNotFound,
    IllegalMove,
    Meanwhile,
    MissingReason,
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
        raise StaleVersion(comment.status, comment.version, since(history, ruling.version))
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


def since(history: Sequence[PastDecision], version: int) -> tuple[Meanwhile, ...]:
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
    if ruling.reason is None and ruling.action == "reject":
        raise MissingReason
    refuse_unknown(site, ruling.reason)


def refuse_unknown(site: Site, reason: str | None) -> None:
    """Raise UnknownReason where the site has no reason of that code."""
    if reason is not None and reason not in {*map(str, Reason), *(own.code for own in site.own_reasons)}:
        raise UnknownReason
