"""Trains a model: fits it to all sources, measures it on each by one that never saw it, calibrates it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from service.moderation.classifier.artefact import pack
from service.moderation.classifier.calibration import UNIT
from service.moderation.classifier.model import Task, spec
from service.training.calibrate import points
from service.training.examples import Sources, sources_of
from service.training.fit import Fitted, fit, join, quantised
from service.training.measures import Measured
from service.training.recipe import Recipe
from service.training.rows import InvalidRows, digest_of, name_of, read_rows

_FEWEST_HELD_OUT = 100
"""Rows; a smaller source, or one of one kind only, is not held out for measuring."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What a model says about a source that it was not trained on."""

    source: str
    weight: float
    logits: Any
    labels: Any

    def measured(self) -> Measured:
        """Its scores by label."""
        return Measured.of(self.logits.tolist(), (self.labels == 1).tolist())


def train(
    paths: Iterable[Path],
    task: Task,
    recipe: Recipe,
    *,
    seed: int,
    on: date,
    say: Callable[[str], None] = lambda _: None,
) -> bytes:
    """The artefact of a model.

    Raises:
        InvalidRows: a file cannot be read, or there is nothing to learn from.
    """
    files = list(paths)
    sources = sources_of((row for path in files for row in read_rows(path)), task, recipe, seed)
    _require_both_kinds(sources)
    say(f"{len(sources.own)} sources, {sum(len(one.labels) for one in sources.own.values())} comments")
    held_out = [_held_out(sources, name, recipe, seed) for name in _worth_holding_out(sources)]
    for one in held_out:
        say(f"without {one.source}: AUC {one.measured().auc():.4f}")
    fitted = fit(join(sources.all_but()), recipe.penalty, seed)
    return _packed(fitted, held_out, sources, recipe, _header(task, recipe, files, sources, seed, on))


def _require_both_kinds(sources: Sources) -> None:
    labels = {int(label) for one in sources.own.values() for label in np.unique(one.labels)}
    if labels != {0, 1}:
        raise InvalidRows("there must be comments of both labels to learn from")


def _worth_holding_out(sources: Sources) -> list[str]:
    if len(sources.own) < 2:
        return []
    return [
        name
        for name, one in sources.own.items()
        if len(one.labels) >= _FEWEST_HELD_OUT and 0 < one.labels.sum() < len(one.labels)
    ]


def _held_out(sources: Sources, name: str, recipe: Recipe, seed: int) -> HeldOut:
    fitted = fit(join(sources.all_but(name)), recipe.penalty, seed)
    kept = sources.own[name]
    return HeldOut(name, recipe.weight(name), fitted.logits(kept.matrix), kept.labels)


def _packed(
    fitted: Fitted, held_out: list[HeldOut], sources: Sources, recipe: Recipe, header: dict[str, Any]
) -> bytes:
    weights, scale = quantised(fitted)
    measured = [one for one in held_out if one.source in (recipe.calibrated_on or {one.source})] or [
        HeldOut(name, 1.0, fitted.logits(one.matrix), one.labels) for name, one in sources.own.items()
    ]
    header["scale"] = scale
    header["bias"] = round(fitted.bias * UNIT)
    header["calibration"] = points(*_even(measured, recipe.base_rate))
    header["held_out"] = {
        one.source: {"rows": len(one.labels), "auc": _rounded(one.measured().auc())} for one in held_out
    }
    return pack(header, weights)


def _even(measured: list[HeldOut], base_rate: float) -> tuple[list[float], list[int], list[float]]:
    """Logits, labels and weights, by which each source counts as in training and has the base rate."""
    logits = np.concatenate([one.logits for one in measured])
    labels = np.concatenate([one.labels for one in measured])
    weights = np.concatenate([one.weight * _at_rate(one.labels, base_rate) for one in measured])
    return logits.tolist(), labels.tolist(), weights.tolist()


def _at_rate(labels: Any, base_rate: float) -> Any:
    bad = max(int(labels.sum()), 1)
    return np.where(labels == 1, base_rate / bad, (1 - base_rate) / max(len(labels) - bad, 1))


def _header(
    task: Task, recipe: Recipe, files: list[Path], sources: Sources, seed: int, on: date
) -> dict[str, Any]:
    used = {*sources.own, *sources.background}
    return {
        "task": task,
        "version": 1,
        "date": on.isoformat(),
        "seed": seed,
        "features": spec(),
        "penalty": recipe.penalty,
        "base_rate": recipe.base_rate,
        "sources": {name: len(one.labels) for name, one in sources.own.items()},
        "background": {name: len(one.labels) for name, one in sources.background.items()},
        "data": {name_of(path): digest_of(path) for path in files if name_of(path) in used},
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
