"""Authors appeal against a refusal; somebody else than who refused looks again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from service.domain.errors import AlreadyAppealed, AppealNotFound, NotAppealable, OwnDecision
from service.domain.site import Site
from service.domain.statement import APPEALED_WITHIN
from service.domain.status import Status
from service.storage import appeals, decisions, moves, redactions
from service.storage.appeals import OpenAppeal
from service.storage.colleagues import is_anybody_else
from service.storage.decisions import LockedComment
from service.storage.pool import Connection
from service.storage.redactions import TextChange
from service.usecases.decide import Judge, lock, refuse_claimed
from service.usecases.feedback import note_decision

_OUTCOMES = {"grant": "granted", "uphold": "upheld"}


async def file_appeal(connection: Connection, site: Site, comment_id: UUID, text: str) -> None:
    """Keep why its author thinks that the refusal is wrong.

    Raises:
        NotAppealable: nothing restricts it, or that is more than six months ago.
        AlreadyAppealed: that refusal was appealed against.
    """
    found = await appeals.find_appealable(connection, site.id, comment_id)
    if found is None or found.decided_at + APPEALED_WITHIN < datetime.now(UTC):
        raise NotAppealable
    if found.is_appealed:
        raise AlreadyAppealed
    await appeals.insert_appeal(connection, site.id, comment_id, found.decision_id, text)


@dataclass(frozen=True, slots=True)
class AppealAnswer:
    """How an appeal is answered: `text` is for its author, `note` for moderators."""

    answer: Literal["grant", "uphold"]
    text: str | None = None
    note: str | None = None


async def answer_appeal(
    connection: Connection, judge: Judge, appeal_id: int, given: AppealAnswer, admin_at: Collection[int]
) -> UUID:
    """Publish the comment after all, or put back what was taken out; or leave it. The comment's id.

    Whoever had a hand in the decision does not answer, but for an admin where nobody else could: the record
    says so.

    Raises:
        AppealNotFound: there is no such open appeal at the judge's sites.
        OwnDecision: the appeal is against the judge's own decision, and somebody else is there.
        ClaimedByAnother, RoleTooLow, IllegalMove: as `decide.rule`.
    """
    seen = await appeals.find_open(connection, judge.known_ids, appeal_id)
    if seen is None:
        raise AppealNotFound
    comment = await lock(connection, judge, seen.comment_id)
    one = await appeals.find_open(connection, judge.site_ids, appeal_id)
    if one is None:
        raise AppealNotFound
    refuse_claimed(comment, judge)
    alone = judge.moderator_id in one.decider_ids
    if alone and (
        one.site_id not in admin_at or await is_anybody_else(connection, one.site_id, one.decider_ids)
    ):
        raise OwnDecision
    await _answer(connection, judge, comment, one, given)
    await appeals.settle(connection, one, _OUTCOMES[given.answer], given.text, alone=alone)
    return comment.id


async def _answer(
    connection: Connection, judge: Judge, comment: LockedComment, one: OpenAppeal, given: AppealAnswer
) -> None:
    if one.is_redaction:
        is_done = given.answer == "grant" and await _put_back(connection, judge, comment, one, given.note)
        if not is_done:
            await appeals.insert_answer(connection, one, given.answer, judge.moderator_id, given.note)
    elif given.answer == "uphold" and comment.status in {Status.REJECTED, Status.SPAM}:
        await appeals.insert_answer(connection, one, "uphold", judge.moderator_id, given.note)
    else:
        await _move(connection, judge, comment, one, given)


async def _put_back(
    connection: Connection, judge: Judge, comment: LockedComment, one: OpenAppeal, note: str | None
) -> bool:
    change = TextChange(
        site_id=comment.site_id,
        comment_id=comment.id,
        version=comment.version,
        action="restore",
        moderator_id=judge.moderator_id,
        note=note,
        rule="appeal",
    )
    return await redactions.restore_part(connection, change, one.decision_id)


async def _move(
    connection: Connection, judge: Judge, comment: LockedComment, one: OpenAppeal, given: AppealAnswer
) -> None:
    """Publish it; or refuse it as it was, where it was taken back to the queue meanwhile."""
    action = "approve" if given.answer == "grant" else "spam" if one.status == Status.SPAM else "reject"
    await moves.move(
        connection,
        moves.Move(
            site_id=comment.site_id,
            comment_id=comment.id,
            version=comment.version,
            status=Status.PUBLISHED if action == "approve" else Status(one.status),
            source="moderator",
            action=action,
            reason=None if action == "approve" else one.reason,
            note=given.note,
            moderator_id=judge.moderator_id,
            rule="appeal",
        ),
    )
    await note_decision(connection, judge.sites[comment.site_id], comment.id, action)
    await decisions.release_claim(connection, comment.site_id, comment.id)
