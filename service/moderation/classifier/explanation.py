"""Why a model said what it said, in words for people, with the places in the text."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from service.domain.finding import Span
from service.moderation.classifier.features import MARK_VALUE, Features, mark_id
from service.moderation.classifier.lexicon import load_lexicon
from service.moderation.classifier.marks import LINKS
from service.moderation.classifier.tokens import Token
from service.moderation.classifier.wording import Wording, wording_of
from service.moderation.text.seen import SeenText

MOST_REASONS = 5
_LEAST_WEIGHT = 0.05
"""Of a logit; what weighs less is not worth a moderator's time."""

_LEAST_OF_WORD = 0.2
"""Of a logit, for a word without a meaning of ours: below it stand the little words of any text."""

_SHORTEST = 3

_TYPICAL = Wording("words that are frequent in such comments")


@dataclass(frozen=True, slots=True)
class Reasoning:
    """One thing that weighed towards the score.

    Attributes:
        words: for people; never a quotation.
        weight: what it added to the logit.
        spans: where it stands in the original; empty where it is about the text as a whole.
    """

    words: str
    weight: float
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """What features weigh: of a feature by its id, and of a word with its groups."""

    of_id: Callable[[int], float]
    of_token: Callable[[Token], float]


def explain(seen: SeenText, features: Features, weights: Weights) -> tuple[Reasoning, ...]:
    """What weighed most towards the score, heaviest first; at most five."""
    tokens = {token.word_id: weight for token, weight in _typical(features, weights)}
    weighed = _weighed_marks(features, weights)
    if tokens:
        weighed[_TYPICAL] = sum(tokens.values())
    heaviest = sorted(weighed.items(), key=lambda one: -one[1])[:MOST_REASONS]
    return tuple(
        Reasoning(
            what.words,
            weight,
            _places_of_words(tokens, seen, features) if what is _TYPICAL else _places(what, seen, features),
        )
        for what, weight in heaviest
        if weight >= _LEAST_WEIGHT
    )


def _typical(features: Features, weights: Weights) -> Iterator[tuple[Token, float]]:
    """Words by their own weight and that of their letters, where no meaning of ours tells more."""
    for token in features.tokens:
        if token.meanings or not token.word.isalpha() or _is_little(token.word):
            continue
        weight = features.norm * weights.of_token(token)
        if weight >= _LEAST_OF_WORD:
            yield token, weight


def _is_little(word: str) -> bool:
    """An article, a preposition: in scripts of short words a sign may be a word."""
    return word.isascii() and len(word) < _SHORTEST


def _weighed_marks(features: Features, weights: Weights) -> dict[Wording, float]:
    """Marks that people would call the same together, and a word with a meaning by its meaning."""
    weighed: dict[Wording, float] = defaultdict(float)
    for mark in features.marks:
        if wording := wording_of(mark):
            weighed[wording] += MARK_VALUE * weights.of_id(mark_id(mark))
    names = load_lexicon().meanings
    for token in features.tokens:
        for number in token.meanings:
            if wording := wording_of(f"meaning:{names[number]}"):
                weighed[wording] += features.norm * weights.of_token(token) / len(token.meanings)
    return _pairs_joined(weighed)


def _pairs_joined(weighed: dict[Wording, float]) -> dict[Wording, float]:
    """A pair adds to what its meaning weighs alone, where that is a reason already."""
    for pair in [wording for wording in weighed if wording.is_pair]:
        alone = wording_of(f"meaning:{pair.meaning}")
        if alone and weighed.get(alone, 0.0) > 0:
            weighed[alone] += weighed.pop(pair)
    return weighed


def _places_of_words(word_ids: Collection[int], seen: SeenText, features: Features) -> tuple[Span, ...]:
    return tuple(
        seen.meant.span(*match.span())
        for match, placed in zip(features.matches, features.placed, strict=True)
        if placed.word_id in word_ids
    )


def _places(wording: Wording, seen: SeenText, features: Features) -> tuple[Span, ...]:
    if wording.entity:
        kinds = LINKS if wording.entity == "link" else (wording.entity,)
        return tuple(entity.span for entity in seen.entities if entity.kind in kinds)
    if wording.disguise:
        return tuple(getattr(seen.disguises, wording.disguise, ()))
    if not wording.meaning:
        return ()
    number = load_lexicon().meanings.index(wording.meaning)
    return tuple(
        seen.meant.span(*match.span())
        for match, those in zip(features.matches, features.meanings, strict=True)
        if number in those
    )
