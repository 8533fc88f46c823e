"""Takes a reader's report; where the site's policy says so, enough of them hold a comment for a person."""

from uuid import UUID

import orjson

from service.domain.errors import CommentNotFound
from service.domain.finding import Finding, Outcome
from service.domain.reasons import Reason
from service.domain.reports import Report, majority, weight_of
from service.domain.site import Site
from service.domain.status import Status
from service.moderation.finding_document import as_document
from service.storage import decisions, moves, reports
from service.storage.decisions import LockedComment
from service.storage.mail_recipients import NewRecipient, insert_recipient
from service.storage.pool import Connection
from service.storage.reader_mails import request_mail
from service.storage.reports import NewNotice, Together

NAME, VERSION = "reports", 1
"""As the history names who decided, beside the checks."""


async def report(connection: Connection, site: Site, comment_id: UUID, new: Report, reporter: bytes) -> bool:
    """Keep it; whether it is the first of that reporter about this comment.

    With `reports_hold_from` the comment is locked from the start: of reports that come at once the last one
    sees what the others weigh.

    Raises:
        CommentNotFound: there is no such comment that readers see.
    """
    threshold = site.policy.reports_hold_from
    comment = await decisions.lock_comment(connection, [site.id], comment_id) if threshold else None
    if not await reports.is_reportable(connection, site.id, comment_id, reporter):
        raise CommentNotFound
    weight = weight_of(*await reports.find_record(connection, site.id, reporter))
    is_new = await reports.insert_report(connection, site.id, comment_id, reporter, new, weight)
    if is_new and comment is not None:
        await _weigh(connection, site, comment)
    return is_new


async def give_notice(
    connection: Connection, site: Site, comment_id: UUID, new: NewNotice, to: NewRecipient | None
) -> None:
    """Keep a notice of illegal content, and have whoever sent it told by mail that it has come.

    Raises:
        CommentNotFound: there is no such comment that readers see.
    """
    wants_hold = bool(site.policy.reports_hold_from)
    comment = await decisions.lock_comment(connection, [site.id], comment_id) if wants_hold else None
    if not await reports.is_reportable(connection, site.id, comment_id, None):
        raise CommentNotFound
    if to is not None:
        await insert_recipient(connection, to)
        await request_mail(connection, to.id, "notice_received")
    await reports.insert_notice(connection, site.id, comment_id, Reason.ILLEGAL, new)
    if comment is not None:
        await _weigh(connection, site, comment)


async def _weigh(connection: Connection, site: Site, comment: LockedComment) -> None:
    """Hold what readers see where enough is said against it."""
    if comment.status != Status.PUBLISHED:
        return
    together = await reports.find_together(connection, site.id, comment.id)
    if together.weight >= site.policy.reports_hold_from and not together.was_kept:
        await _hold(connection, site, comment, together)


async def _hold(connection: Connection, site: Site, comment: LockedComment, together: Together) -> None:
    """Take it back for a person to look at, beside what the checks said of it."""
    reason = majority(together.reasons)
    known = orjson.loads(await reports.find_latest_findings(connection, site.id, comment.id))
    known = [one for one in known if one["check"] != NAME]
    await moves.move(
        connection,
        moves.Move(
            site_id=site.id,
            comment_id=comment.id,
            version=comment.version,
            status=Status.HELD,
            source="checks",
            action="hold",
            reason=reason,
            policy_version=site.policy_version,
            decided_by=NAME,
            findings=orjson.dumps([*known, as_document(_finding(reason, together))]).decode(),
            rule="reports_hold_from",
        ),
    )


def _finding(reason: str, together: Together) -> Finding:
    shared = Reason(reason) if reason in set(Reason) else None
    detail = f"reported by readers: {together.count}, weight {together.weight:.2f}"
    return Finding(NAME, VERSION, Outcome.HOLD, shared, detail=detail, rule="reports_hold_from")
