"""What each site taught the models, as this process knows it: read again only when it has changed."""

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from service.domain.learning import Learning, StoredModel
from service.domain.policy import Policy
from service.domain.site import Site
from service.moderation.classifier.artefact import InvalidArtefact
from service.moderation.learning.correction import TASKS, Correction, Task, weights_of_bytes
from service.moderation.learning.shipped import ShippedModels
from service.moderation.learning.site_models import SiteModels
from service.moderation.learning.thresholds import CAUTIOUS, NEVER_ALONE, Thresholds
from service.storage import learning
from service.storage.pool import Pool, connection

log = structlog.get_logger(__name__)


MOST_KEPT = 64
"""Sites, of up to 0.7 MB a model: a process that knew all of them would be recycled for its memory."""


@dataclass(slots=True)
class SiteModelShelf:
    """Keeps what the sites used last taught; `Site.learning_revision` says when it is old."""

    pool: Pool
    _kept: dict[int, tuple[int, int, SiteModels]] = field(default_factory=dict)

    async def of(self, site: Site) -> SiteModels:
        """The corrections and thresholds that hold at this site now.

        Raises:
            StorageUnavailable: they have changed and cannot be read.
        """
        if site.learning_revision == 0:
            return SiteModels(thresholds=thresholds_of(site.policy, Learning(site.id)))
        kept = self._kept.pop(site.id, None)
        if kept is None or kept[:2] != (site.learning_revision, site.policy_version):
            kept = (site.learning_revision, site.policy_version, await self._read(site))
        self._kept[site.id] = kept
        while len(self._kept) > MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        return kept[2]

    async def _read(self, site: Site) -> SiteModels:
        async with (
            connection(self.pool) as held,
            held.transaction(isolation="repeatable_read", readonly=True),
        ):
            standing = await learning.find_learning(held, site.id)
            stored = await learning.list_models_in_use(held, site.id)
        return site_models(site.policy, standing, stored)


def site_models(policy: Policy, standing: Learning, stored: list[StoredModel]) -> SiteModels:
    """What is stored, as the checks take it; what does not fit the shipped models is left out."""
    corrections = corrections_of(stored, _shipped()) if stored else {}
    return SiteModels(
        spam=corrections.get("spam"),
        abuse=corrections.get("abuse"),
        thresholds=thresholds_of(policy, standing),
        revision=standing.revision,
    )


def _shipped() -> str | None:
    """The digest of the shipped models; None where they cannot be read, of which their checks will tell."""
    try:
        return ShippedModels().digest()
    except (OSError, InvalidArtefact):
        return None


def corrections_of(stored: list[StoredModel], shipped: str | None) -> dict[Task, Correction]:
    """By task; one that was learned on top of other models than `shipped`, or cannot be read, is none."""
    found: dict[Task, Correction] = {}
    for task in TASKS:
        for one in stored:
            if one.task == task and one.shipped == shipped:
                try:
                    weights = weights_of_bytes(one.weights)
                except struct.error:
                    log.error("correction unreadable", task=task, version=one.version)  # noqa: TRY400
                    continue
                found[task] = Correction(task, one.version, one.scale, one.bias, weights)
    return found


def thresholds_of(policy: Policy, standing: Learning) -> Thresholds:
    """Those that hold now.

    Where people decide everything, the cautious ones merely say what looks like spam or abuse. Whatever was
    found, what these hold is never published alone.
    """
    if policy.publish == "review":
        return CAUTIOUS
    if standing.broken_at is not None or policy.promise.publish is None:
        return NEVER_ALONE
    if standing.thresholds.get("is_refuted"):
        return NEVER_ALONE  # shown not to hold is not the same as not known
    publish, spam = standing.thresholds.get("publish"), standing.thresholds.get("spam")
    if not publish and not spam:
        return CAUTIOUS
    found = _number(publish, 1.0)
    return Thresholds(
        spam_held_above=min(CAUTIOUS.spam_held_above, found),
        abuse_held_above=min(CAUTIOUS.abuse_held_above, found),
        spam_above=None if policy.promise.spam is None or not spam else _just_below(1 - spam["threshold"]),
        basis="found" if publish else "cautious",
    )


def _number(found: Mapping[str, Any] | None, otherwise: float) -> float:
    return float(found["threshold"]) if found else otherwise


def _just_below(share: float) -> float:
    """What is as risky as the riskiest that was counted is still decided alone."""
    return math.nextafter(max(share, CAUTIOUS.spam_held_above), 0.0)
