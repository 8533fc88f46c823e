"""What one site's moderators taught, as a model takes it: added to what the shipped model says."""

from collections.abc import Iterable
from typing import Protocol


class Correction(Protocol):
    """A site's own weights over the same features."""

    @property
    def task(self) -> str:
        """The task of the model that it corrects: "spam" or "abuse"."""
        ...

    @property
    def version(self) -> int:
        """Counted up with each change; a finding names it."""
        ...

    def log_odds(self, shipped: float, features: Iterable[tuple[int, float]], /) -> float:
        """The corrected log-odds, from the shipped model's and the comment's (id, value) pairs."""
        ...

    def weight(self, feature: int, /) -> float:
        """The log-odds that one unit of a feature adds; 0.0 where the site taught nothing about it."""
        ...
