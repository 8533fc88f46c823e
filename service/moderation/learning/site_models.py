"""What the models' checks know of one site: its corrections, and the thresholds that hold there now."""

from dataclasses import dataclass

from service.moderation.learning.correction import Correction
from service.moderation.learning.thresholds import CAUTIOUS, Thresholds


@dataclass(frozen=True, slots=True)
class SiteModels:
    """A site that taught nothing has none of its own: the shipped models and cautious thresholds.

    Attributes:
        spam, abuse: the correction in use; None is the shipped model as it is.
        thresholds: those that hold now, under the site's policy.
        revision: which state of what the site taught this is.
    """

    spam: Correction | None = None
    abuse: Correction | None = None
    thresholds: Thresholds = CAUTIOUS
    revision: int = 0
