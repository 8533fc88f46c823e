"""Nearly the same text again, on other pages, by other authors, on other sites: a campaign, or a copy."""

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.evidence import Evidence
from service.moderation.text.seen import see

NAME = "near_duplicates"
VERSION = 1
READS: tuple[str, ...] = ()

NOTE_FROM = 1
HOLD_FROM = 2
"""Texts of others; what is spread by three and leads somewhere is held."""

MANY = 10
MOST = 0.3
"""The strongest note: many write the same without wanting anything (a petition, a thank-you)."""

_LEADING = frozenset({"url", "hidden_url", "domain", "ip", "email", "phone", "contact_phrase"})


def check(evidence: Evidence, _policy: Policy) -> Finding:
    """Hold what others sent too and what leads somewhere: a link, a website, an address; note the rest."""
    others, own = evidence.similar_by_others, evidence.similar_by_author
    if others < NOTE_FROM and own < NOTE_FROM:
        return Finding(NAME, VERSION, Outcome.PASS)
    detail = _detail(others, evidence.similar_elsewhere, own)
    score = round(MOST * min(others + own, MANY) / MANY, 3)
    if others >= HOLD_FROM and _leads_somewhere(evidence):
        return Finding(NAME, VERSION, Outcome.HOLD, Reason.DUPLICATE, score=score, detail=detail)
    return Finding(NAME, VERSION, Outcome.PASS, score=score, detail=detail)


def _detail(others: int, elsewhere: int, own: int) -> str:
    said = []
    if others:
        on_other_sites = f" ({elsewhere} on other sites)" if elsewhere else ""
        said.append(f"{others} comments by others{on_other_sites}")
    if own:
        said.append(f"{own} by the same author")
    return f"nearly the same text within a week: {' and '.join(said)}"


def _leads_somewhere(evidence: Evidence) -> bool:
    return bool(evidence.website) or any(entity.kind in _LEADING for entity in see(evidence.text).entities)
