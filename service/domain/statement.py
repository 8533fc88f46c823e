"""The statement of reasons that whoever wrote something is owed (Digital Services Act, Article 17)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from service.domain.reasons import Reason

APPEALED_WITHIN = timedelta(days=183)
"""Six months (Article 20(1))."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What was done to a comment, why, on which ground, and by whom.

    `not_published` never was, `removed` was seen before, `part_removed` stands without a part of its text.
    `automated_decision`: nobody has looked at it; `automated_detection`: the checks had objected.
    `prompted_by` is who pointed at it before a person decided; null: nobody did.
    """

    decision_id: int
    restriction: Literal["not_published", "removed", "part_removed"]
    reason: str | None
    automated_decision: bool
    automated_detection: bool
    prompted_by: Literal["notice", "report"] | None
    decided_at: datetime

    @property
    def ground(self) -> Literal["law", "house_rules"]:
        """Whether it is held to be illegal, or against the rules of the site."""
        return "law" if self.reason == Reason.ILLEGAL else "house_rules"

    @property
    def appeal_until(self) -> datetime:
        """Until when another look can be asked for."""
        return self.decided_at + APPEALED_WITHIN
