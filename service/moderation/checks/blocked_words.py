"""Words and phrases that a site rejects or holds, found on word boundaries in text, name and website."""

from collections.abc import Iterable

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.evidence import Evidence
from service.moderation.quotes import is_quoted, quoted_spans
from service.moderation.word_matcher import Hit, Views, compile_words

NAME = "blocked_words"
VERSION = 3
READS: tuple[str, ...] = ("blocked_words", "held_words")


def check(evidence: Evidence, policy: Policy) -> Finding:
    """Reject what holds a blocked word, plain or disguised; hold what holds a held one.

    A blocked word that stands in quotations alone is held: who answers an insult may repeat it. One that is
    only guessed (f**k, fcuk) is held too.
    """
    if not (policy.blocked_words or policy.held_words):
        return Finding(NAME, VERSION, Outcome.PASS)
    texts = [Views.of(text) for text in (evidence.text, evidence.author, evidence.website or "")]
    for field_name, words, outcome in (
        ("blocked_words", policy.blocked_words, Outcome.REJECT),
        ("held_words", policy.held_words, Outcome.HOLD),
    ):
        listed = compile_words(words)
        in_text, in_name, in_website = (view.hits(listed) for view in texts)
        if in_text or in_name or in_website:
            is_quote = not (in_name or in_website) and all_quoted(evidence.text, in_text)
            return Finding(
                NAME,
                VERSION,
                Outcome.HOLD if are_doubtful(evidence.text, in_text, (*in_name, *in_website)) else outcome,
                Reason.BLOCKED_WORD,
                detail=_detail(len(in_text), len(in_name), len(in_website), is_quote=is_quote),
                spans=tuple(hit.span for hit in in_text),
                rule=f"{field_name}.{next(hit.entry for hit in (*in_text, *in_name, *in_website))}",
            )
    return Finding(NAME, VERSION, Outcome.PASS)


def all_quoted(text: str, hits: tuple[Hit, ...]) -> bool:
    """Whether each of them stands in a quotation."""
    quoted = quoted_spans(text)
    return bool(quoted) and all(is_quoted(hit.span, quoted) for hit in hits)


def are_doubtful(text: str, in_text: Iterable[Hit], beside: Iterable[Hit]) -> bool:
    """Whether each hit is guessed only, or stands in a quotation of the text."""
    quoted = quoted_spans(text)
    return all(hit.is_guess or is_quoted(hit.span, quoted) for hit in in_text) and all(
        hit.is_guess for hit in beside
    )


def _detail(in_text: int, in_name: int, in_website: int, *, is_quote: bool) -> str:
    counted = {
        "in a quotation" if is_quote else "in the text": in_text,
        "in the author's name": in_name,
        "in the website": in_website,
    }
    where = ", ".join(f"{count} {place}" for place, count in counted.items() if count)
    return f"listed words: {where}"
