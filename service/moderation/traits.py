"""What queues are filtered and sorted by, drawn from findings and text."""

from collections.abc import Sequence

from service.domain.finding import Finding, Outcome
from service.domain.traits import Traits
from service.moderation.language import read_language

_AT_LEAST = {
    Outcome.PASS: None,
    Outcome.HOLD: 0.5,
    Outcome.UNKNOWN: 0.5,
    Outcome.REJECT: 0.9,
    Outcome.SPAM: 0.9,
}
"""What an outcome weighs where its finding has no score, or a lower one."""


def traits_of(findings: Sequence[Finding], text: str | None = None) -> Traits:
    """The highest score of any finding, the language of the text, and who objected."""
    risks = [risk for finding in findings if (risk := _risk(finding)) is not None]
    objections = dict.fromkeys(each.check for each in findings if each.outcome is not Outcome.PASS)
    language = read_language(text).language if text is not None else None
    return Traits(max(risks, default=None), language, tuple(objections))


def _risk(finding: Finding) -> float | None:
    known = [each for each in (finding.score, _AT_LEAST[finding.outcome]) if each is not None]
    return max(known, default=None)
