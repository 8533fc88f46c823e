"""What a check says about one comment."""

from dataclasses import dataclass
from enum import StrEnum

from service.domain.reasons import Reason


class Outcome(StrEnum):
    """What a check asks for; `UNKNOWN` means that it could not tell, so a person must look."""

    PASS = "pass"  # noqa: S105  (a verdict, not a password)
    HOLD = "hold"
    REJECT = "reject"
    SPAM = "spam"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Span:
    """Code point offsets into the stored text, `end` exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's answer.

    `score` is null or 0..1. `detail` is shown to moderators and may be logged: it never quotes the
    comment, the name or the address. `rule` is the line of the policy that a hit is about, such as
    `max_links` or `blocked_words.3` (entries are counted from 0); empty where there is no such line.
    """

    check: str
    version: int
    outcome: Outcome
    reason: Reason | None = None
    score: float | None = None
    detail: str = ""
    spans: tuple[Span, ...] = ()
    rule: str = ""
