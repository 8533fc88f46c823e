"""What a model is trained on: which sources, how much each weighs, and what else is known to be fine."""

import tomllib
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any

from service.moderation.classifier.model import Task


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train one model.

    Attributes:
        sources: weight of each source of the task's rows; a source counts by it, not by its rows. None: all
            that are found, each as much as the other.
        background: weight of sources of other tasks; all their rows count as fine.
        most_background: rows of one such source.
        penalty: C of the logistic regression; less is more caution.
        disguised: copies of this share of the rows with their telling words disguised.
        phrases: weight of the phrases that were written for the training.
        base_rate: share of the bad for which probabilities are right.
        calibrated_on: sources whose comments nobody picked for being hard; empty: all.
    """

    sources: dict[str, float] | None = None
    background: dict[str, float] | None = None
    most_background: int = 3000
    penalty: float = 1.0
    disguised: float = 0.3
    phrases: float = 0.0
    base_rate: float = 0.2
    calibrated_on: tuple[str, ...] = ()

    def weight(self, source: str) -> float:
        """0 where the source is not to be used."""
        return 1.0 if self.sources is None else self.sources.get(source, 0.0)


ALL = Recipe()
"""Everything of the task that the folders hold."""


def shipped(task: Task) -> Recipe:
    """The recipe of the model that ships: only sets whose licences allow it, see docs/models.md."""
    content = files(__package__).joinpath("recipes", f"{task}.toml").read_text("utf-8")
    fields: dict[str, Any] = tomllib.loads(content)
    return Recipe(**fields)


def only_these(recipe: Recipe, names: tuple[str, ...]) -> Recipe:
    """The recipe with these sources alone; the recipe itself where none is named."""
    if not names:
        return recipe
    return replace(recipe, sources={name: recipe.weight(name) or 1.0 for name in names})
