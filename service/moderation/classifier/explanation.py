"""Why a model said what it said, in words for people, with the places in the text."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from service.domain.finding import Span
from service.moderation.classifier.correction import Correction
from service.moderation.classifier.features import (
    GROUP_VALUE,
    MARK_VALUE,
    WORD_VALUE,
    Features,
    mark_id,
)
from service.moderation.classifier.lexicon import load_lexicon
from service.moderation.classifier.wording import Wording, wording_of
from service.moderation.text.seen import SeenText

MOST_REASONS = 5
_LEAST_WEIGHT = 0.05
"""Of a logit; what weighs less is not worth a moderator's time."""


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


def explain(
    seen: SeenText,
    features: Features,
    weight_of: Callable[[int], float],
    correction: Correction | None = None,
) -> tuple[Reasoning, ...]:
    """What weighed most towards the score, heaviest first; at most five."""

    def weigh(feature: int) -> float:
        return weight_of(feature) + (correction.weight(feature) if correction else 0.0)

    found = [*_by_wording(seen, features, weigh), *_by_word(seen, features, weigh)]
    told = sorted((one for one in found if one.weight >= _LEAST_WEIGHT), key=lambda one: -one.weight)
    return tuple(told[:MOST_REASONS])


def _by_wording(seen: SeenText, features: Features, weigh: Callable[[int], float]) -> Iterator[Reasoning]:
    """Marks that people would call the same are one reason."""
    weights: dict[Wording, float] = defaultdict(float)
    for mark in features.marks:
        weights[wording_of(mark)] += MARK_VALUE * weigh(mark_id(mark))
    for wording, weight in weights.items():
        if weight >= _LEAST_WEIGHT:
            yield Reasoning(wording.words, weight, _places_of(wording, seen, features))


def _places_of(wording: Wording, seen: SeenText, features: Features) -> tuple[Span, ...]:
    if wording.entity:
        return tuple(entity.span for entity in seen.entities if entity.kind == wording.entity)
    if wording.disguise:
        return tuple(getattr(seen.disguises, wording.disguise, ()))
    if not wording.meaning:
        return ()
    number = load_lexicon().meanings.index(wording.meaning)
    return tuple(
        seen.meant.span(start, end)
        for (start, end, _), those in zip(features.places, features.meanings, strict=True)
        if number in those
    )


def _by_word(seen: SeenText, features: Features, weigh: Callable[[int], float]) -> Iterator[Reasoning]:
    """Words by their own weight and that of their letters."""
    weights = {}
    for token in features.tokens:
        groups = sum(weigh(group) for group in token.group_ids)
        weights[token.word] = features.norm * (WORD_VALUE * weigh(token.word_id) + GROUP_VALUE * groups)
    for word, weight in weights.items():
        if weight >= _LEAST_WEIGHT:
            places = [
                seen.meant.span(start, end) for start, end, token in features.places if token.word == word
            ]
            yield Reasoning("a word that is frequent in such comments", weight, tuple(places))
