"""The shipped models as learning sees them: what a text has, and what they say about it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from service.moderation.classifier.model import load_model, log_odds
from service.moderation.learning.correction import TASKS, Task, bounded
from service.moderation.learning.example import in_buckets
from service.moderation.text.seen import see


@dataclass(frozen=True, slots=True)
class Look:
    """One text.

    Attributes:
        features: (bucket, value) pairs, the same for both models.
        log_odds: of each shipped model.
    """

    features: Iterable[tuple[int, float]] = field(repr=False)
    log_odds: dict[Task, float]


class Shipped(Protocol):
    """What looks at texts."""

    def digest(self) -> str:
        """Another one for other models: what was learned on top of these does not fit them."""
        ...

    def look(self, text: str) -> Look:
        """What both models say, without any site's correction."""
        ...


class ShippedModels:
    """The models that come with the program."""

    def digest(self) -> str:
        """SHA-256 over the digests of both artefacts.

        Raises:
            InvalidArtefact, OSError: they cannot be read.
        """
        both = " ".join(load_model(task).artefact.sha256 for task in TASKS)
        return hashlib.sha256(both.encode()).hexdigest()

    def look(self, text: str) -> Look:
        """What both models say, without any site's correction."""
        seen = see(text)
        models = {task: load_model(task) for task in TASKS}
        features = in_buckets(models["spam"].features(seen).values.items())
        return Look(
            features, {task: bounded(log_odds(model.probability(seen))) for task, model in models.items()}
        )
