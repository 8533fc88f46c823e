"""Finds listed words and phrases on word boundaries: as they are spelt, as they look, as they are meant."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from service.domain.finding import Span
from service.moderation.guessed_words import SingleWords, guess_words, index_words
from service.moderation.look_alikes import skeleton, unmask
from service.moderation.text.seen import SeenText, see
from service.moderation.text_view import fold_text
from service.moderation.words import split_tokens

_NONE = -1


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """Where an entry stands, its place in the list, and whether it is only guessed (f**k, fcuk)."""

    start: int
    end: int
    entry: int
    is_guess: bool = False

    @property
    def span(self) -> Span:
        """The code points of the original text."""
        return Span(self.start, self.end)


@dataclass(slots=True)
class _Node:
    """A place in the trie of tokens; `entry` is the place in the list of what ends here."""

    children: dict[str, "_Node"] = field(default_factory=dict)
    entry: int = _NONE


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Listed words as they are spelt, as they look, and the single ones by their letters."""

    spelt: _Node
    looks: _Node
    single: SingleWords


_KEPT: dict[int, tuple[tuple[str, ...], Lexicon]] = {}
_MOST_KEPT = 512


def compile_words(words: tuple[str, ...]) -> Lexicon:
    """The words, ready to be looked for.

    A policy's lists stay the same objects while it holds, and comparing thousands of words with each comment
    would take longer than looking for them: so they are known by identity first.
    """
    kept = _KEPT.get(id(words))
    if kept is not None and kept[0] is words:
        return kept[1]
    lexicon = _compile(words)
    if len(_KEPT) >= _MOST_KEPT:
        _KEPT.clear()
    _KEPT[id(words)] = (words, lexicon)
    return lexicon


@lru_cache(maxsize=64)
def _compile(words: tuple[str, ...]) -> Lexicon:
    folded = [(fold_text(word), word) for word in words]
    single = {view.text: at for at, (view, _) in enumerate(folded) if view.text.isalpha()}
    return Lexicon(
        spelt=_trie(view.text for view, _ in folded),
        looks=_trie(skeleton(view, word) for view, word in folded),
        single=index_words(single),
    )


def _trie(entries: Iterable[str]) -> _Node:
    root = _Node()
    for at, entry in enumerate(entries):
        node = root
        for start, end in split_tokens(entry):
            node = node.children.setdefault(entry[start:end], _Node())
        if node is not root and node.entry == _NONE:
            node.entry = at
    return root


@dataclass(frozen=True, slots=True)
class Views:
    """One text in all its views, and with its disguised words as they look."""

    seen: SeenText
    unmasked: str
    disguised: frozenset[int]

    @classmethod
    def of(cls, text: str) -> "Views":
        """All views of a text."""
        seen = see(text)
        unmasked = unmask(seen.folded, text)
        disguised = frozenset(at for start, end in unmasked.words for at in range(start, end))
        return cls(seen, unmasked.text, disguised)

    def hits(self, words: Lexicon) -> tuple[Hit, ...]:
        """Where an entry stands as it is spelt, as a disguised word looks, or as it is meant; in order.

        Masked and swapped words are guesses, and looked for only where nothing surer stands.
        """
        found = self._spelt_or_looking(words)
        if self.seen.meant is not self.seen.folded:
            meant = self.seen.meant
            for start, end, entry in _find(meant.text, words.spelt):
                span = meant.span(start, end)
                found.setdefault((span.start, span.end), Hit(span.start, span.end, entry))
        for span, entry in guess_words(self.seen, words.single):
            found.setdefault((span.start, span.end), Hit(span.start, span.end, entry, is_guess=True))
        return tuple(_apart(sorted(found.values(), key=lambda hit: (hit.start, -hit.end))))

    def _spelt_or_looking(self, words: Lexicon) -> dict[tuple[int, int], Hit]:
        folded = self.seen.folded
        found = {(start, end): entry for start, end, entry in _find(folded.text, words.spelt)}
        if self.disguised:
            for start, end, entry in _find(self.unmasked, words.looks):
                if not self.disguised.isdisjoint(range(start, end)):
                    found.setdefault((start, end), entry)
        spans = ((folded.span(*place), entry) for place, entry in found.items())
        return {(span.start, span.end): Hit(span.start, span.end, entry) for span, entry in spans}


def _apart(hits: list[Hit]) -> Iterator[Hit]:
    """Of hits that overlap the first, and the longest of those that begin together."""
    ended = 0
    for hit in hits:
        if hit.start >= ended:
            ended = hit.end
            yield hit


def _find(text: str, root: _Node) -> list[tuple[int, int, int]]:
    """The longest entry at each token, none inside another: start, end, entry."""
    tokens = split_tokens(text)
    found: list[tuple[int, int, int]] = []
    at = 0
    while at < len(tokens):
        length, entry = _longest(text, tokens, at, root)
        if length:
            found.append((tokens[at][0], tokens[at + length - 1][1], entry))
        at += length or 1
    return found


def _longest(text: str, tokens: list[tuple[int, int]], at: int, root: _Node) -> tuple[int, int]:
    """How many tokens from `at` on make the longest entry, and which; 0 where none begins here."""
    node = root
    longest, entry = 0, _NONE
    for after in range(at, len(tokens)):
        start, end = tokens[after]
        child = node.children.get(text[start:end])
        if child is None:
            break
        node = child
        if node.entry != _NONE:
            longest, entry = after + 1 - at, node.entry
    return longest, entry
