"""A publication: its registered origins and its policy."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from service.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class ReasonText:
    """A reason as moderators choose it (`label`) and as the author reads it (`text`)."""

    code: str
    label: str
    text: str


Mode = Literal["usual", "premoderated", "closed"]
"""usual: as the policy says; premoderated: nothing is published by the checks alone; closed: no replies."""


@dataclass(frozen=True, slots=True)
class Site:
    """Everything about a site that a submission or a page needs."""

    id: int
    slug: str
    name: str
    origins: frozenset[str]
    post_url: str | None
    policy: Policy
    policy_version: int
    learning_revision: int = 0
    own_reasons: tuple[ReasonText, ...] = ()
    retired_reasons: tuple[ReasonText, ...] = ()
    mode: Mode = "usual"
    mode_until: datetime | None = None

    def mode_at(self, now: datetime) -> Mode:
        """The mode at that moment: one that has ended is the usual one."""
        is_over = self.mode_until is not None and self.mode_until <= now
        return "usual" if is_over else self.mode
