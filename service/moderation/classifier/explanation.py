"""Why a model said what it said, in words for people, with the places in the text."""

from collections import defaultdict
from collections.abc import Callable, Iterator
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

_TYPICAL = "a word that is frequent in such comments"


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
    found = sorted(_weighed(features, weights), key=lambda one: -one[0])[:MOST_REASONS]
    return tuple(
        Reasoning(_TYPICAL, weight, _places_of_token(what, seen, features))
        if isinstance(what, Token)
        else Reasoning(what.words, weight, _places(what, seen, features))
        for weight, what in found
    )


def _weighed(features: Features, weights: Weights) -> Iterator[tuple[float, Token | Wording]]:
    """Words by their own weight and that of their letters; marks that people would call the same together."""
    for token in features.tokens:
        weight = features.norm * weights.of_token(token)
        if weight >= _LEAST_WEIGHT:
            yield weight, token
    by_wording: dict[Wording, float] = defaultdict(float)
    for mark in features.marks:
        by_wording[wording_of(mark)] += MARK_VALUE * weights.of_id(mark_id(mark))
    for wording, weight in by_wording.items():
        if weight >= _LEAST_WEIGHT:
            yield weight, wording


def _places_of_token(token: Token, seen: SeenText, features: Features) -> tuple[Span, ...]:
    return tuple(
        seen.meant.span(*match.span())
        for match, placed in zip(features.matches, features.placed, strict=True)
        if placed.word_id == token.word_id
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
