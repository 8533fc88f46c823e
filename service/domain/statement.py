"""The statement of reasons that whoever wrote something is owed (Digital Services Act, Article 17)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from service.domain.reasons import Reason

APPEALED_WITHIN = timedelta(days=183)
"""Six months (Article 20(1))."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What was done to a comment, why, on which ground, and by whom.

    `not_published` never was, `removed` was seen before, `part_removed` stands without a part of its text.
    """

    restriction: Literal["not_published", "removed", "part_removed"]
    reason: str | None
    by_machine: bool
    decided_at: datetime

    @property
    def ground(self) -> Literal["law", "house_rules"]:
        """Whether it is held to be illegal, or against the rules of the site."""
        return "law" if self.reason == Reason.ILLEGAL else "house_rules"

    @property
    def appeal_until(self) -> datetime:
        """Until when another look can be asked for."""
        return self.decided_at + APPEALED_WITHIN
