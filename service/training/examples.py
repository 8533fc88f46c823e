"""From rows and a recipe to weighed examples: sources, background, disguised copies, written phrases."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from service.moderation.classifier.model import Task
from service.training.disguise import disguise
from service.training.fit import Examples, matrix_of
from service.training.recipe import Recipe
from service.training.rows import Row
from service.training.written import phrases

SOURCE_WEIGHT = 1000.0
"""What a source of weight 1 counts, however many rows it has."""

ROWS_OF = {"spam": frozenset({"spam", ""}), "abuse": frozenset({"toxic", "abuse", ""})}
"""The rows' words for our tasks; a file that does not say is taken at the caller's word."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Examples by source, of the task and of the background."""

    own: dict[str, Examples]
    background: dict[str, Examples]
    disguised: dict[str, Examples]
    phrases: Examples | None

    def all_but(self, left_out: str | None = None) -> list[Examples]:
        """What to train on when one source is kept for measuring."""
        kept = [examples for name, examples in self.own.items() if name != left_out]
        kept += [examples for name, examples in self.disguised.items() if name != left_out]
        return [*kept, *self.background.values(), *([self.phrases] if self.phrases else [])]


def sources_of(rows: Iterable[Row], task: Task, recipe: Recipe, seed: int) -> Sources:
    """Every source that the recipe asks for and the rows hold."""
    own: dict[str, list[Row]] = {}
    other: dict[str, list[Row]] = {}
    for row in rows:
        group = own if row.task in ROWS_OF[task] else other
        group.setdefault(row.source, []).append(row)
    own = {name: found for name, found in sorted(own.items()) if recipe.weight(name)}
    wanted = recipe.background or {}
    return Sources(
        own={name: _examples(found, recipe.weight(name)) for name, found in own.items()},
        background={
            name: _background(other[name], weight, recipe.most_background, seed)
            for name, weight in sorted(wanted.items())
            if name in other
        },
        disguised=_disguised(own, recipe, seed) if recipe.disguised else {},
        phrases=_phrases(task, recipe, seed) if recipe.phrases else None,
    )


def _examples(rows: Sequence[Row], weight: float) -> Examples:
    count = len(rows)
    return Examples(
        matrix_of(row.text for row in rows),
        np.array([int(row.is_bad) for row in rows], np.int64),
        np.full(count, weight * SOURCE_WEIGHT / max(count, 1)),
    )


def _background(rows: Sequence[Row], weight: float, most: int, seed: int) -> Examples:
    drawn = random.Random(seed).sample(rows, min(most, len(rows)))
    found = _examples(drawn, weight)
    return Examples(found.matrix, np.zeros(len(drawn), np.int64), found.weights)


def _disguised(own: Mapping[str, Sequence[Row]], recipe: Recipe, seed: int) -> dict[str, Examples]:
    draw = random.Random(seed)
    found = {}
    for name, rows in own.items():
        picked = [row for row in rows if draw.random() < recipe.disguised]
        copies = [_copy(row, disguise(row.text, draw)) for row in picked]
        if copies:
            found[name] = _examples(copies, recipe.weight(name) * len(picked) / len(rows))
    return found


def _copy(row: Row, text: str) -> Row:
    return Row(row.id, row.task, row.source, row.lang, row.is_bad, text)


def _phrases(task: Task, recipe: Recipe, seed: int) -> Examples:
    written = phrases(task, seed)
    rows = [Row("", task, "phrases", "", is_bad, text) for text, is_bad in written]
    return _examples(rows, recipe.phrases)
