"""Authors change and withdraw their own comments, by the receipt that only they have."""

from datetime import timedelta
from uuid import UUID

from service.domain.comment_id import new_comment_id
from service.domain.errors import CommentNotFound, NotEditable
from service.domain.site import Site
from service.domain.status import Status
from service.moderation.text_view import fingerprint
from service.storage import revisions
from service.storage.pool import Connection
from service.storage.revisions import OwnText

EDITABLE = frozenset({Status.PENDING, Status.HELD, Status.PUBLISHED})


async def edit(connection: Connection, site: Site, comment_id: UUID, text: str) -> None:
    """Have another text checked in the place of this one; what is published stays until that is decided.

    Raises:
        CommentNotFound: there is none, or it was erased.
        NotEditable: it was refused, or its time for edits is over.
    """
    own = await revisions.lock_own(connection, site.id, comment_id)
    if own is None:
        raise CommentNotFound
    if own.status not in EDITABLE or own.age > timedelta(minutes=site.policy.edit_minutes):
        raise NotEditable
    if own.latest != text:
        await _change(connection, site, own, text)


async def _change(connection: Connection, site: Site, own: OwnText, text: str) -> None:
    mark = fingerprint(text)
    if own.revision_id is not None and own.revision_version is not None:
        where = own.revision_id, own.revision_version
    elif own.status == Status.PUBLISHED:
        await revisions.insert_revision(connection, site.id, own.id, new_comment_id(), text, mark)
        return
    else:
        where = own.id, own.version
    if not await revisions.edit_text(connection, site.id, *where, text, mark):
        raise NotEditable


async def withdraw(connection: Connection, site: Site, comment_id: UUID) -> None:
    """Take a comment back for ever, with all that was kept of it.

    Raises:
        CommentNotFound: there is none, or it was erased.
    """
    if not await revisions.withdraw(connection, site.id, comment_id):
        raise CommentNotFound
