"""A site's word lists: each with its action, its language, and the phrases in which a word is innocent."""

from dataclasses import dataclass

from service.domain.finding import Finding, Outcome, Span
from service.domain.policy import Policy
from service.domain.policy_parts import WordList
from service.domain.reasons import Reason
from service.moderation.checks.blocked_words import all_quoted, are_doubtful
from service.moderation.evidence import Evidence
from service.moderation.language import could_be
from service.moderation.quotes import lies_in
from service.moderation.word_matcher import Hit, Views, compile_words

NAME = "word_lists"
VERSION = 2
READS: tuple[str, ...] = ("word_lists",)

_STRICTEST_FIRST = (Outcome.SPAM, Outcome.REJECT, Outcome.HOLD)


@dataclass(frozen=True, slots=True)
class _Found:
    """What one list found: its outcome, where in the text, and the line of the policy."""

    outcome: Outcome
    spans: tuple[Span, ...]
    count: int
    name: str
    rule: str
    is_quote: bool


def check(evidence: Evidence, policy: Policy) -> Finding:
    """Do what the strictest list with a hit says; a hit in quotations alone, or a guess, is held.

    A list of one language is passed over where the text is certainly in another one.
    """
    if not policy.word_lists:
        return Finding(NAME, VERSION, Outcome.PASS)
    views = [Views.of(text) for text in (evidence.text, evidence.author, evidence.website or "")]
    found = [
        each
        for at, listed in enumerate(policy.word_lists)
        if could_be(evidence.text, listed.language) and (each := _look(at, listed, views, evidence.text))
    ]
    if not found:
        return Finding(NAME, VERSION, Outcome.PASS)
    return _finding(found)


def _look(at: int, listed: WordList, views: list[Views], text: str) -> _Found | None:
    in_text, *beside = (_outside_of_exceptions(view, listed) for view in views)
    hits = [*in_text, *(hit for hits in beside for hit in hits)]
    if not hits:
        return None
    is_quote = not any(beside) and all_quoted(text, in_text)
    return _Found(
        outcome=Outcome.HOLD if are_doubtful(text, in_text, hits[len(in_text) :]) else Outcome(listed.action),
        spans=tuple(hit.span for hit in in_text),
        count=len(hits),
        name=listed.name,
        rule=f"word_lists.{at}.words.{hits[0].entry}",
        is_quote=is_quote,
    )


def _outside_of_exceptions(view: Views, listed: WordList) -> tuple[Hit, ...]:
    hits = view.hits(compile_words(listed.words))
    if not (hits and listed.exceptions):
        return hits
    innocent = [hit.span for hit in view.hits(compile_words(listed.exceptions))]
    return tuple(hit for hit in hits if not lies_in(hit.span, innocent))


def _finding(found: list[_Found]) -> Finding:
    strictest = min(found, key=lambda each: _STRICTEST_FIRST.index(each.outcome))
    spans = {span for each in found if each.outcome is strictest.outcome for span in each.spans}
    counted = ", ".join(
        f"{each.count} of “{each.name}”{' in quotations' if each.is_quote else ''}" for each in found[:10]
    )
    return Finding(
        NAME,
        VERSION,
        strictest.outcome,
        Reason.BLOCKED_WORD,
        detail=f"listed words: {counted}",
        spans=tuple(sorted(spans, key=lambda span: (span.start, span.end))),
        rule=strictest.rule,
    )
