"""From which score on a comment is held, or spam, and where these numbers come from."""

from dataclasses import dataclass
from typing import Literal

Basis = Literal["cautious", "found", "people"]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What the models' checks compare their scores with: probabilities, 0 to 1.

    Attributes:
        spam_held_above: a higher score of the spam model holds the comment. By default it is higher than
            the other, as texts that are no language (lists, tables, ids) score up to 0.67.
        abuse_held_above: the same of the abuse model; a harmless "Kill the bill!" has 0.52.
        spam_above: a higher score of the spam model marks it as spam, alone; None is never.
        basis: `cautious`: the defaults, before a site has decisions enough of its own; `found`: on these,
            for what its policy promises; `people`: the promise was broken, nothing is published alone.
    """

    spam_held_above: float = 0.7
    abuse_held_above: float = 0.55
    spam_above: float | None = None
    basis: Basis = "cautious"

    def words(self) -> str:
        """Where they come from, for people."""
        match self.basis:
            case "cautious":
                return "the default until this site has decisions enough of its own"
            case "found":
                return "found on this site's own decisions"
            case "people":
                return "as the promise is not kept: people decide until their decisions bear it out"


CAUTIOUS = Thresholds()

NEVER_ALONE = Thresholds(spam_held_above=0.0, abuse_held_above=0.0, basis="people")
"""Every score lies above: all wait for a person."""
