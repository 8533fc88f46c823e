"""Fits a linear model to labelled comments with scikit-learn; imported by the training command alone."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from service.moderation.classifier.features import features_of
from service.moderation.text.seen import see

BITS = 18
"""65,536 weights rank as well as a million; four times that leaves room."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Comments as a matrix, one row each, with label and weight."""

    matrix: Any
    labels: Any
    weights: Any


@dataclass(frozen=True, slots=True)
class Fitted:
    """A linear model in floating point."""

    weights: Any
    bias: float

    def logits(self, matrix: Any) -> Any:
        """The raw sums of the matrix's rows."""
        return matrix @ self.weights + self.bias


def matrix_of(texts: Iterable[str]) -> Any:
    """One sparse row for each text, 2**BITS columns."""
    indices, values, ends = array("i"), array("f"), array("l", [0])
    mask = (1 << BITS) - 1
    for text in texts:
        found = features_of(see(text)).values
        indices.extend([key & mask for key in found])
        values.extend(found.values())
        ends.append(len(indices))
    return sparse.csr_matrix(
        (np.frombuffer(values, np.float32), np.frombuffer(indices, np.int32), np.frombuffer(ends, np.int64)),
        shape=(len(ends) - 1, 1 << BITS),
    )


def join(parts: Sequence[Examples]) -> Examples:
    """All examples under one another."""
    return Examples(
        sparse.vstack([part.matrix for part in parts]).tocsr(),
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.weights for part in parts]),
    )


def fit(examples: Examples, penalty: float, seed: int) -> Fitted:
    """L2-regularised logistic regression; the fine and the bad weigh the same in sum."""
    bad = float((examples.weights * examples.labels).sum())
    fine = float((examples.weights * (1 - examples.labels)).sum())
    weights = examples.weights * np.where(examples.labels == 1, fine / bad, 1.0)
    model = LogisticRegression(
        C=penalty, solver="liblinear", dual=True, max_iter=200, tol=1e-3, random_state=seed
    )
    model.fit(examples.matrix, examples.labels, sample_weight=weights)
    return Fitted(model.coef_[0], float(model.intercept_[0]))


def quantised(fitted: Fitted) -> tuple["array[int]", float]:
    """Weights as 16-bit whole numbers, and what each of them is worth."""
    highest = float(np.abs(fitted.weights).max()) or 1.0
    scale = highest / 32_000
    return array("h", np.rint(fitted.weights / scale).astype(np.int16).tolist()), scale
