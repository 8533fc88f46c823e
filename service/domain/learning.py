"""What is stored about a site's learning, as plain values."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

State = Literal["learning", "pinned", "off"]


@dataclass(frozen=True, slots=True)
class Label:
    """What a person said about one comment, and how it came before that person.

    Attributes:
        id: of the decision, rising with time.
        text: the comment's, or its beginning.
        fingerprint: of the text.
        action: approve, reject or spam.
        reason: of a rejection.
        moderator_id: who decided.
        checked: the status that the checks gave before; None: they had not looked.
        only_models: no check objected but the models'.
        none_objected: not even they did.
        share: with which probability it was drawn for a look; None: it was not, or people have not come so
            far with what was drawn.
        is_counted: it was decided since promises count.
        decided_at: when.
    """

    id: int
    text: str = field(repr=False)
    fingerprint: bytes = field(repr=False)
    action: str
    reason: str | None
    moderator_id: int
    checked: str | None
    only_models: bool
    none_objected: bool
    share: float | None
    is_counted: bool
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class StoredModel:
    """One version of what a site taught one model; `weights` as `Correction.weights_as_bytes` wrote them."""

    task: str
    version: int
    shipped: str
    scale: float
    bias: float
    weights: bytes = field(repr=False)
    labels: int
    auc_shipped: float | None
    auc_corrected: float | None
    learned_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Learning:
    """What is in use at a site, and what is known about it; a site that taught nothing has the defaults."""

    site_id: int
    revision: int = 0
    states: dict[str, State] = field(default_factory=lambda: {"spam": "learning", "abuse": "learning"})
    versions: dict[str, int | None] = field(default_factory=lambda: {"spam": None, "abuse": None})
    thresholds: dict[str, Any] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)
    labels: int = 0
    learned_at: datetime | None = None
    counted_from: datetime | None = None
    broken_at: datetime | None = None
    changed_at: datetime | None = None
    changed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of the sampled decisions of one kind (published, rejected, spam) that people looked at: how many, and
    how many of these they would have made too."""

    status: str
    answered: int
    right: int
