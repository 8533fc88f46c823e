"""Names that somebody else signs with: those that the site reserves, its staff's, and its regulars'."""

from functools import lru_cache

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.evidence import Evidence
from service.moderation.names import is_disguised, name_skeleton

NAME = "impersonation"
VERSION = 1
READS: tuple[str, ...] = ("reserved_names",)

REGULAR_FROM = 10
"""Published comments, over more than a week, all under one address: such a name belongs to somebody."""


def check(evidence: Evidence, policy: Policy) -> Finding:
    """Hold a name that looks like a reserved one, a staff's, or that of a regular with another address."""
    looks = _packed(name_skeleton(evidence.author))
    reserved = _packed_names(policy.reserved_names).get(looks) if looks else None
    if reserved is not None:
        return _finding("a reserved name", evidence.author, f"reserved_names.{reserved}")
    if evidence.name_of_staff:
        return _finding("a name under which the paper answers", evidence.author, "")
    if evidence.name_regular >= REGULAR_FROM:
        detail = f"the name of another author, who has {evidence.name_regular} or more published comments"
        return _finding(detail, evidence.author, "")
    return Finding(NAME, VERSION, Outcome.PASS)


def _finding(detail: str, name: str, rule: str) -> Finding:
    score, drawn = (1.0, ", drawn with letters that look like its own") if is_disguised(name) else (0.8, "")
    return Finding(
        NAME, VERSION, Outcome.HOLD, Reason.IMPERSONATION, score=score, detail=detail + drawn, rule=rule
    )


def _packed(looks: str) -> str:
    """Without spaces: T h e P a p e r and ThePaper are The Paper."""
    return looks.replace(" ", "")


@lru_cache(maxsize=64)
def _packed_names(reserved: tuple[str, ...]) -> dict[str, int]:
    """From the looks of each reserved name to its place in the policy."""
    return {_packed(name_skeleton(name)): at for at, name in reversed(list(enumerate(reserved)))}
