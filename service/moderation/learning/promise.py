"""The threshold under which a promise holds: "of what is decided alone, at least 98 in 100 were right".

Candidates are tried from the safest on, and the search ends at the first that fails after one held
(fixed-sequence testing; Angelopoulos et al., Learn then Test, 2021). That nearly bounds chance for one look:
of sites whose true share is just the promised one, seven in a hundred are taken for surely better, because
of the false starts. It does not bound it for all looks together: each lesson is one. Over a thousand
decisions a quarter of these sites, a tenth of those a point below, pass at some lesson, until a later one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from service.moderation.learning.binomial import enough_for, fewest_for, lower_bound, shows, upper_bound

_CANDIDATES = 20
_FEWEST_TO_REFUTE = 30
_FALSE_STARTS = 3
"""So many candidates may fail before one holds: one wrong decision among the safest would end it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A comment that people decided, with what would have decided about it.

    Attributes:
        risk: the lower, the sooner it would have been decided alone.
        right: whether people said the same.
        weight: how many such comments it stands for, 1 or more: those that were drawn as a sample stand
            for the others.
        is_open: nothing spoke against it. What the models held tells of the bad ones among all, and cannot
            show that the rest is bad.
    """

    risk: float
    right: bool
    weight: float = 1.0
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Kept:
    """A promise that the site's own decisions bear out.

    Attributes:
        promise: the share asked for.
        threshold: the highest risk that is decided alone.
        share: of all such comments, so much would be decided alone.
        decisions: by people, about comments up to the threshold.
        right: of these (weighed), the share on which people agreed.
        at_least: that share, surely (one-sided, see `binomial.CONFIDENCE`).
    """

    promise: float
    threshold: float
    share: float
    decisions: int
    right: float
    at_least: float


@dataclass(frozen=True, slots=True)
class Missing:
    """A promise that they do not bear out yet.

    Attributes:
        promise: the share asked for.
        decisions: by people, so far.
        more: about so many more are needed where the future is as the past; None: none would do.
    """

    promise: float
    decisions: int
    more: int | None


@dataclass(frozen=True, slots=True)
class _Group:
    """All comments up to some risk."""

    threshold: float
    share: float
    decisions: int
    right: float
    effective: float
    """Of how many unweighed decisions they say as much (Kish): (sum of weights)^2 / sum of squares."""


def keep(promise: float, judged: Sequence[Judged]) -> Kept | Missing:
    """The loosest threshold that the search reaches, or how far away it is."""
    groups = _groups(judged)
    found = _search(promise, groups)
    if found:
        at_least = lower_bound(found.right * found.effective, found.effective)
        return Kept(promise, found.threshold, found.share, found.decisions, found.right, at_least)
    return Missing(promise, len(judged), _more(promise, groups, len(judged)))


def refutes(promise: float, judged: Sequence[Judged], up_to: float) -> bool:
    """Whether of what has at most this risk surely fewer than promised were right; a few show nothing."""
    below = [one for one in judged if one.is_open and one.risk <= up_to]
    if not below:
        return False
    weight = sum(one.weight for one in below)
    right = sum(one.weight * one.right for one in below) / weight
    effective = weight**2 / sum(one.weight**2 for one in below)
    return effective >= _FEWEST_TO_REFUTE and upper_bound(right * effective, effective) < promise


def _groups(judged: Sequence[Judged]) -> list[_Group]:
    """Nested ones, from the safest to all; comments of the same risk are never parted."""
    ordered = sorted(judged, key=lambda one: one.risk)
    weights = list(accumulate(one.weight for one in ordered))
    right = list(accumulate(one.weight * one.right for one in ordered))
    squares = list(accumulate(one.weight**2 for one in ordered))
    groups: list[_Group] = []
    wanted = 1
    for at, one in enumerate(ordered):
        is_last_of_risk = at + 1 == len(ordered) or ordered[at + 1].risk > one.risk
        share = weights[at] / weights[-1]
        if is_last_of_risk and share * _CANDIDATES >= wanted:
            effective = weights[at] ** 2 / squares[at]
            groups.append(_Group(one.risk, share, at + 1, right[at] / weights[at], effective))
            wanted = math.floor(share * _CANDIDATES) + 1
    return groups


def _search(promise: float, groups: Sequence[_Group]) -> _Group | None:
    best: _Group | None = None
    failed = 0
    for group in groups:
        if promise >= 1 or group.effective < fewest_for(promise):
            continue  # no number of right ones would do
        if shows(group.right * group.effective, group.effective, promise):
            best = group
        elif best:
            break
        else:
            failed += 1
            if failed == _FALSE_STARTS:
                break
    return best


def _more(promise: float, groups: Sequence[_Group], decisions: int) -> int | None:
    """How many decisions more until the group that comes nearest to it would bear the promise out."""
    if promise >= 1:
        return None
    if decisions == 0 or not groups:
        return fewest_for(promise)
    needed = [
        math.ceil(enough / group.effective * decisions)
        for group in groups
        if (enough := enough_for(promise, group.right))
    ]
    return max(min(needed) - decisions, decisions // 10, 1) if needed else None
