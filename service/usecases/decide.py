"""What moderators do: decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from service.domain.errors import (
    ClaimedByAnother,
    CommentNotFound,
    CommentRefused,
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
from service.storage import decisions, moves, revisions
from service.storage.claims import release_one
from service.storage.decisions import LockedComment, PastDecision
from service.storage.pool import Connection
from service.usecases.feedback import note_decision
from service.usecases.second_pair import rejects_alone

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


async def rule(connection: Connection, judge: Judge, ruling: Ruling) -> str:
    """Carry out one decision; the caller's transaction holds the row until it ends.

    Returns:
        What was done: the ruling's action, or `propose` where somebody else has to reject it.

    Raises:
        CommentNotFound: no such comment on the judge's sites.
        RoleTooLow: the judge may read it and no more.
        StaleVersion: someone, or the checks, decided first.
        ClaimedByAnother: another moderator holds the lease.
        MissingReason, UnknownReason: a rejection says why, in the site's words.
        IllegalMove: the comment was erased.
        CommentRefused: what would be edited is not to be seen any more.
        OwnProposal: the judge proposed the rejection, which somebody else has to confirm.
    """
    comment = await lock(connection, judge, ruling.comment_id)
    if comment.version != ruling.version:
        history = await decisions.list_history(connection, comment.site_id, comment.id)
        raise StaleVersion(comment.status, comment.version, since(history, ruling.version))
    refuse_claimed(comment, judge)
    site = judge.sites[comment.site_id]
    _refuse_reason(site, ruling)
    if ruling.action == "reject" and not await rejects_alone(connection, site, comment, judge.moderator_id):
        await moves.move(connection, _move_of(judge, comment, ruling, "propose", Status.HELD))
        await release_one(connection, comment.site_id, comment.id)
        return "propose"
    if comment.revises and ruling.action == "approve":
        await _take_in(connection, _move_of(judge, comment, ruling, "edit", Status.PUBLISHED))
        await note_decision(connection, site, comment.revises, ruling.action)
        return ruling.action
    await moves.move(connection, _move_of(judge, comment, ruling, ruling.action, MOVES[ruling.action]))
    await note_decision(connection, site, comment.id, ruling.action)
    await decisions.release_claim(connection, comment.site_id, comment.id)
    return ruling.action


def _move_of(judge: Judge, comment: LockedComment, ruling: Ruling, action: str, status: Status) -> moves.Move:
    return moves.Move(
        site_id=comment.site_id,
        comment_id=comment.id,
        version=comment.version,
        status=status,
        source="moderator",
        action=action,
        reason=ruling.reason or (comment.reason if comment.status == status else None),
        note=ruling.note,
        moderator_id=judge.moderator_id,
    )


async def _take_in(connection: Connection, to: moves.Move) -> None:
    if not await revisions.take_in(connection, to):
        raise CommentRefused


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
