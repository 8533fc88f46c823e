"""A finding as it is stored with its decision, and read back."""

from collections.abc import Mapping
from typing import Any

from service.domain.finding import Finding, Outcome, Span
from service.domain.reasons import Reason


def as_document(finding: Finding) -> dict[str, Any]:
    """What becomes JSON; spans as `[start, end]`."""
    return {
        "check": finding.check,
        "version": finding.version,
        "outcome": str(finding.outcome),
        "reason": str(finding.reason) if finding.reason else None,
        "score": finding.score,
        "detail": finding.detail,
        "spans": [[span.start, span.end] for span in finding.spans],
        "rule": finding.rule,
    }


def from_document(stored: Mapping[str, Any]) -> Finding:
    """The finding again; those of code that named no rule have none.

    Raises:
        KeyError, TypeError, ValueError: it is of code that knew other outcomes or reasons.
    """
    reason = stored["reason"]
    return Finding(
        stored["check"],
        stored["version"],
        Outcome(stored["outcome"]),
        Reason(reason) if reason else None,
        score=stored["score"],
        detail=stored["detail"],
        spans=tuple(Span(start, end) for start, end in stored["spans"]),
        rule=stored.get("rule", ""),
    )
