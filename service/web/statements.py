"""The statement of reasons as its reader sees it, on the page and in a program's answer."""

from typing import Any

from service.domain.reason_texts import text_for_author
from service.domain.site import Site
from service.domain.statement import Statement


def statement_document(site: Site, statement: Statement | None) -> dict[str, Any] | None:
    """Why something is restricted; null where nothing is. No check, no score, no word that was hit."""
    if statement is None:
        return None
    own = (*site.retired_reasons, *site.own_reasons)
    return {
        "restriction": statement.restriction,
        "reason": statement.reason,
        "reason_text": text_for_author(statement.reason, own) if statement.reason else None,
        "ground": statement.ground,
        "automated_decision": statement.automated_decision,
        "automated_detection": statement.automated_detection,
        "prompted_by": statement.prompted_by,
        "decided_at": statement.decided_at,
    }
