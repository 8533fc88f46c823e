"""A publication: its registered origins and its policy."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from service.domain.policy import Policy
from service.domain.standing import Standing


@dataclass(frozen=True, slots=True)
class ReasonText:
    """A reason as moderators choose it (`label`) and as the author reads it (`text`)."""

    code: str
    label: str
    text: str


Mode = Literal["usual", "premoderated", "closed"]
"""usual: as the policy says; premoderated: nothing is published by the checks alone; closed: no replies."""

STRICTNESS: dict[Mode, int] = {"usual": 0, "premoderated": 1, "closed": 2}


@dataclass(frozen=True, slots=True)
class SiteState:
    """The mode of a site at a moment; `until` is null where that is not known or there is no end."""

    mode: Mode
    by: Literal["switch", "opening_hours"] | None = None
    until: datetime | None = None


AS_USUAL = SiteState("usual")


@dataclass(frozen=True, slots=True)
class OrderedNetwork:
    """A network about which moderators ordered something: its hash under the key of `day` (UTC)."""

    id: int
    kind: Standing
    day: date
    network: bytes


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
    ordered_networks: tuple[OrderedNetwork, ...] = ()

    def mode_at(self, now: datetime) -> Mode:
        """The mode at that moment: of the switch and the opening hours the stricter one."""
        return self.state_at(now).mode

    def state_at(self, now: datetime) -> "SiteState":
        """The mode at that moment, what makes it so, and until when; a switch that has ended is off."""
        switch, hours = self._by_switch(now), self._by_hours(now)
        return hours if STRICTNESS[hours.mode] > STRICTNESS[switch.mode] else switch

    def _by_switch(self, now: datetime) -> "SiteState":
        if self.mode == "usual" or (self.mode_until is not None and self.mode_until <= now):
            return AS_USUAL
        return SiteState(self.mode, "switch", self.mode_until)

    def _by_hours(self, now: datetime) -> "SiteState":
        hours = self.policy.opening_hours
        if hours is None or hours.is_open(now):
            return AS_USUAL
        return SiteState(hours.outside, "opening_hours", hours.opens_at(now))
