"""A moderator answers a reader for the paper: under its badge, at once, and on record."""

from dataclasses import dataclass
from uuid import UUID

from service.domain.comment_id import new_comment_id
from service.domain.errors import NotPublished
from service.domain.status import Status
from service.keyring import Keyring
from service.moderation.names import name_skeleton
from service.moderation.text_view import fingerprint
from service.storage import moves, pages, submissions
from service.storage.pool import Connection
from service.storage.submissions import KeyToTake, NewComment
from service.usecases.decide import Judge, lock
from service.usecases.submit import SAME_REPLY_WINDOW, allowed_parent
from service.vault import body_mac


@dataclass(frozen=True, slots=True)
class StaffAnswer:
    """What is answered to a published comment; signed with the site's name where `name` is none."""

    parent_id: UUID
    text: str
    name: str | None = None


async def answer_as_staff(
    connection: Connection, judge: Judge, signing: Keyring, answer: StaffAnswer
) -> UUID:
    """Publish it below the comment, also on a page that is closed; its id.

    The same answer of the same person within a minute is the first one again.

    Raises:
        CommentNotFound, RoleTooLow, IllegalMove: as `decide.rule`.
        NotPublished: what is answered is not public.
    """
    to = await lock(connection, judge, answer.parent_id)
    site, page_id = judge.sites[to.site_id], await pages.page_of_comment(connection, to.site_id, to.id)
    parent = await submissions.find_parent(connection, to.site_id, page_id, to.id)
    if parent is None:
        raise NotPublished
    comment_id = new_comment_id()
    name = answer.name or site.name
    keys = _keys(signing, judge, answer.parent_id, name, answer.text)
    known = await submissions.claim_keys(connection, site.id, keys, comment_id, window=SAME_REPLY_WINDOW)
    if known is not None:
        return known.comment_id
    await submissions.insert_comment(
        connection,
        NewComment(
            site_id=site.id,
            id=comment_id,
            page_id=page_id,
            parent=allowed_parent(site, parent),
            author_id=None,
            author=name,
            website=None,
            text=answer.text,
            fingerprint=fingerprint(answer.text),
            name_skeleton=name_skeleton(name),
            network=None,
            user_agent=None,
            honeypot_filled=False,
            seconds_to_fill=None,
            email=None,
            staff_id=judge.moderator_id,
        ),
    )
    await moves.move(
        connection,
        moves.Move(
            site_id=site.id, comment_id=comment_id, version=1, status=Status.PUBLISHED, source="moderator",
            action="answer", moderator_id=judge.moderator_id,
        ),
    )  # fmt: skip
    return comment_id


def _keys(signing: Keyring, judge: Judge, *of: object) -> list[KeyToTake]:
    parts = ("staff", str(judge.moderator_id), *(str(one) for one in of))
    macs = [body_mac(signing, *parts, key_id=key_id) for key_id in signing.keys]
    return [KeyToTake(mac, mac) for mac in macs]
