"""What a card of the dashboard's queue shows of a comment."""

from typing import Any

from service.domain.finding import Span
from service.domain.reason_texts import reasons_of
from service.storage.queue import QueuedComment
from service.web.auth import Caller
from service.web.marked_text import marked_html

_HURTFUL = frozenset({"abusive", "hate", "harassment", "illegal"})


def item_of(comment: QueuedComment, reader: str = "") -> dict[str, Any]:
    """One comment as the template takes it; what `reader` has leased is claimed by nobody else."""
    spans = [
        Span(*span)
        for finding in comment.findings
        if finding["outcome"] != "pass"
        for span in finding["spans"]
    ]
    parent = {"author": comment.parent_author or "", "text": comment.parent_text or ""}
    return {
        "id": str(comment.id),
        "site": comment.site,
        "page_url": comment.page_url,
        "page_title": comment.page_title,
        "parent": parent if comment.parent_id else None,
        "status": comment.status,
        "version": comment.version,
        "reason": comment.reason,
        "author": comment.author,
        "website": comment.website,
        "text": comment.text,
        "submitted_at": comment.submitted_at,
        "findings": comment.findings,
        "author_key": comment.author_key or "",
        "author_history": comment.author_history,
        "marked_html": marked_html(comment.text, spans),
        "claimed_by": comment.claimed_by if comment.claimed_by != reader else None,
        "undo_until": comment.undo_until,
        "staff": comment.staff,
        "proposed": comment.proposed,
        "reports": comment.reports,
        "revised_text": comment.revised_text,
        "picked": comment.picked,
        "is_risky": any(_is_risky(finding) for finding in comment.findings),
    }


def _is_risky(finding: dict[str, Any]) -> bool:
    """Whether whoever is easily hurt may want to be asked before reading on."""
    return finding["outcome"] == "reject" or (finding["reason"] in _HURTFUL and finding["outcome"] != "pass")


def reasons_for(caller: Caller, slug: str | None) -> list[dict[str, str]]:
    """The reasons of the chosen site; over several sites those that all of them know."""
    own = [caller.sites[site_id].own_reasons for site_id in caller.sites_named(slug)]
    chosen = reasons_of(own[0] if len(own) == 1 else ())
    return [{"code": reason.code, "label": reason.label} for reason in chosen]
