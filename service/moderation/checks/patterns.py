"""Patterns that a site rejects or holds, searched for in text, name and website as they were written."""

from service.domain.finding import Finding, Outcome, Span
from service.domain.patterns import matches
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.evidence import Evidence

NAME = "patterns"
VERSION = 1
READS: tuple[str, ...] = ("blocked_patterns", "held_patterns")

_MOST_SPANS = 50
_MOST_OF_ONE = 10


def check(evidence: Evidence, policy: Policy) -> Finding:
    """Reject what a blocked pattern matches; hold what a held one does."""
    for field, patterns, outcome in (
        ("blocked_patterns", policy.blocked_patterns, Outcome.REJECT),
        ("held_patterns", policy.held_patterns, Outcome.HOLD),
    ):
        hits = {
            number: spans
            for number, pattern in enumerate(patterns)
            if (spans := _spans(pattern, evidence)) is not None
        }
        if hits:
            detail, rule = _detail(field, hits), f"{field}.{min(hits)}"
            return Finding(
                NAME, VERSION, outcome, Reason.BLOCKED_WORD, detail=detail, spans=_first(hits), rule=rule
            )
    return Finding(NAME, VERSION, Outcome.PASS)


def _spans(pattern: str, evidence: Evidence) -> list[Span] | None:
    """Where it stands in the text, perhaps nowhere there; null where it stands in nothing at all."""
    in_text = [Span(*found) for found in matches(pattern, evidence.text, _MOST_OF_ONE)]
    if in_text or any(_stands_in(pattern, beside) for beside in (evidence.author, evidence.website or "")):
        return in_text
    return None


def _stands_in(pattern: str, text: str) -> bool:
    return next(matches(pattern, text, 1), None) is not None


def _detail(field: str, hits: dict[int, list[Span]]) -> str:
    """Which patterns, by their position in the policy: they may quote what must not be repeated."""
    named = ", ".join(str(number) for number in list(hits)[:10])
    more = f" and {len(hits) - 10} more" if len(hits) > 10 else ""
    return f"{field}: {named}{more}"


def _first(hits: dict[int, list[Span]]) -> tuple[Span, ...]:
    found = {span for spans in hits.values() for span in spans}
    return tuple(sorted(found, key=lambda span: (span.start, span.end))[:_MOST_SPANS])
