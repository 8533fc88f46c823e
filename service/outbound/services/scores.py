"""From scores by attribute to a finding: the site's thresholds say what is held and what is rejected."""

from collections.abc import Mapping

from service.domain.finding import Finding, Outcome
from service.domain.policy_parts import ServicePolicy, Thresholds
from service.domain.reasons import Reason
from service.outbound.errors import BadAnswer

_NAMED = 3
_RANKS = {Outcome.PASS: 0, Outcome.HOLD: 1, Outcome.REJECT: 2}


def judged(
    check: tuple[str, int],
    scores: Mapping[str, float],
    policy: ServicePolicy,
    reasons: Mapping[str, Reason],
    *,
    is_flagged: bool = False,
) -> Finding:
    """The finding over those scores; the strictest attribute decides, of equals the highest.

    Where the site names no attributes, all count, and what the service flags is held at least.

    Raises:
        BadAnswer: an attribute that the site named has no score, or nothing has.
    """
    counted = (
        dict(scores) if not policy.attributes else {name: _of(scores, name) for name in policy.attributes}
    )
    if not counted:
        raise BadAnswer
    outcomes = {name: _outcome(score, _thresholds(policy, name)) for name, score in counted.items()}
    ranked = sorted(counted, key=lambda name: (-_RANKS[outcomes[name]], -counted[name], name))
    outcome = outcomes[ranked[0]]
    if outcome is Outcome.PASS and is_flagged and not policy.attributes:
        outcome = Outcome.HOLD
    return Finding(
        *check,
        outcome,
        None if outcome is Outcome.PASS else reasons.get(ranked[0], Reason.SUSPICIOUS),
        score=counted[ranked[0]],
        detail=", ".join(f"{name} {counted[name]:.2f}" for name in ranked[:_NAMED]),
    )


def _of(scores: Mapping[str, float], name: str) -> float:
    if name not in scores:
        raise BadAnswer
    return scores[name]


def _thresholds(policy: ServicePolicy, name: str) -> Thresholds:
    own = policy.attributes.get(name)
    return own or Thresholds(hold_above=policy.hold_above, reject_above=policy.reject_above)


def _outcome(score: float, thresholds: Thresholds) -> Outcome:
    if thresholds.reject_above is not None and score >= thresholds.reject_above:
        return Outcome.REJECT
    if thresholds.hold_above is not None and score >= thresholds.hold_above:
        return Outcome.HOLD
    return Outcome.PASS
