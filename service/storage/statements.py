"""Reads why a comment is restricted, as its author is told it: no check, no score, no word that was hit."""

from typing import Any, Literal

from service.domain.statement import Statement
from service.storage.pool import Record

_FIELDS = ("decision_id", "reason", "automated_decision", "automated_detection", "prompted_by", "decided_at")


def stated(comment: str) -> str:
    """A subquery for `LEFT JOIN LATERAL (…) ON true` about that row of `comment`; see `statement_of`."""
    return f"""
        SELECT it.id AS stated_decision_id, it.action AS stated_action,
               coalesce(it.reason, CASE it.status WHEN 'spam' THEN 'spam' END) AS stated_reason,
               {comment}.published_at IS NOT NULL AS stated_was_seen,
               it.source = 'checks' AS stated_automated_decision,
               it.source = 'checks' OR coalesce(checked.objected, false) AS stated_automated_detection,
               told.prompted_by AS stated_prompted_by, it.decided_at AS stated_decided_at
        FROM decision AS it
        LEFT JOIN LATERAL (
            SELECT status <> 'published' AND decided_by IS NOT NULL AND decided_by <> 'reports' AS objected
            FROM decision AS one
            WHERE one.site_id = it.site_id AND one.comment_id = it.comment_id AND one.id < it.id
              AND one.source = 'checks'
            ORDER BY one.id DESC LIMIT 1
        ) AS checked ON true
        CROSS JOIN LATERAL (
            SELECT CASE WHEN bool_or(notice_id IS NOT NULL) THEN 'notice' WHEN count(*) > 0 THEN 'report' END
                   AS prompted_by
            FROM report
            WHERE report.site_id = it.site_id AND report.comment_id = it.comment_id AND settled_by = it.id
              AND outcome = 'taken_down'
        ) AS told
        WHERE it.site_id = {comment}.site_id AND it.comment_id = {comment}.id
          AND it.id = restricting_decision({comment}.site_id, {comment}.id, {comment}.status)
    """  # noqa: S608  (the name of a table of ours)


def statement_of(row: Record | dict[str, Any], prefix: str = "stated_") -> Statement | None:
    """From a row that has the columns of `stated`; null where nothing restricts that comment."""
    if row[f"{prefix}decision_id"] is None:
        return None
    restriction: Literal["not_published", "removed", "part_removed"] = "not_published"
    if row[f"{prefix}action"] == "redact":
        restriction = "part_removed"
    elif row[f"{prefix}was_seen"]:
        restriction = "removed"
    return Statement(restriction=restriction, **{name: row[prefix + name] for name in _FIELDS})
