"""Words and phrases that a site rejects or holds, found on word boundaries in text, name and website."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from service.domain.finding import Finding, Outcome, Span
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.evidence import Evidence
from service.moderation.look_alikes import skeleton, unmask
from service.moderation.text_view import FoldedText, fold_text
from service.moderation.words import split_tokens

NAME = "blocked_words"
VERSION = 1
READS: tuple[str, ...] = ("blocked_words", "held_words")


def check(evidence: Evidence, policy: Policy) -> Finding:
    """Reject what holds a blocked word; hold what holds a held one, or looks like it does."""
    if not (policy.blocked_words or policy.held_words):
        return Finding(NAME, VERSION, Outcome.PASS)
    texts = [_Views.of(text) for text in (evidence.text, evidence.author, evidence.website or "")]
    for field_name, words, outcome in (
        ("blocked_words", policy.blocked_words, Outcome.REJECT),
        ("held_words", policy.held_words, Outcome.HOLD),
    ):
        listed = _compile(words)
        in_text, in_name, in_website = (view.hits(listed) for view in texts)
        if in_text or in_name or in_website:
            detail = _detail(len(in_text), len(in_name), len(in_website))
            return Finding(
                NAME, VERSION, outcome, Reason.BLOCKED_WORD, detail=detail, spans=in_text, rule=field_name
            )
    return Finding(NAME, VERSION, Outcome.PASS)


def _detail(in_text: int, in_name: int, in_website: int) -> str:
    counted = {"in the text": in_text, "in the author's name": in_name, "in the website": in_website}
    where = ", ".join(f"{count} {place}" for place, count in counted.items() if count)
    return f"listed words: {where}"


@dataclass(slots=True)
class _Node:
    """A place in the trie of tokens; `is_end` where an entry ends."""

    children: dict[str, "_Node"] = field(default_factory=dict)
    is_end: bool = False


@dataclass(frozen=True, slots=True)
class _WordList:
    """The entries as they are spelt, and as they look."""

    spelt: _Node
    looks: _Node


@lru_cache(maxsize=64)
def _compile(words: tuple[str, ...]) -> _WordList:
    folded = [(fold_text(word), word) for word in words]
    return _WordList(
        spelt=_trie(view.text for view, _ in folded),
        looks=_trie(skeleton(view, word) for view, word in folded),
    )


def _trie(entries: Iterable[str]) -> _Node:
    root = _Node()
    for entry in filter(None, entries):
        node = root
        for start, end in split_tokens(entry):
            node = node.children.setdefault(entry[start:end], _Node())
        node.is_end = True
    return root


@dataclass(frozen=True, slots=True)
class _Views:
    """One text folded, and with its disguised words spelt out."""

    folded: FoldedText
    unmasked: str
    disguised: frozenset[int]

    @classmethod
    def of(cls, text: str) -> "_Views":
        folded = fold_text(text)
        unmasked = unmask(folded, text)
        disguised = frozenset(at for start, end in unmasked.words for at in range(start, end))
        return cls(folded, unmasked.text, disguised)

    def hits(self, words: _WordList) -> tuple[Span, ...]:
        """Where an entry stands as it is spelt, or as a disguised word looks; in order of the text."""
        found = set(_find(self.folded.text, words.spelt))
        if self.disguised:
            looks = _find(self.unmasked, words.looks)
            found |= {
                (start, end) for start, end in looks if not self.disguised.isdisjoint(range(start, end))
            }
        return tuple(self.folded.span(start, end) for start, end in sorted(found))


def _find(text: str, root: _Node) -> list[tuple[int, int]]:
    """The longest entry at each token, none inside another."""
    tokens = split_tokens(text)
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(tokens):
        length = _longest(text, tokens, at, root)
        if length:
            found.append((tokens[at][0], tokens[at + length - 1][1]))
        at += length or 1
    return found


def _longest(text: str, tokens: list[tuple[int, int]], at: int, root: _Node) -> int:
    """How many tokens from `at` on make the longest entry; 0 where none begins here."""
    node = root
    longest = 0
    for after in range(at, len(tokens)):
        start, end = tokens[after]
        child = node.children.get(text[start:end])
        if child is None:
            break
        node = child
        if node.is_end:
            longest = after + 1 - at
    return longest
