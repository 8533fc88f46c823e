"""What is known about a site's learning and automation, in sentences for people."""

from collections.abc import Mapping
from typing import Any

from service.domain.learning import Learning
from service.domain.policy import Policy
from service.moderation.learning.lesson import FEWEST_LABELS, FEWEST_OF_EACH

_OUTCOMES = {
    "better": "its correction orders comments better than the shipped model",
    "too_few": "too few decisions to learn from yet",
    "not_better": "what was learned is not better than the shipped model, which decides",
    "not_trusted": "the labels contradict the shipped model; they are ignored",
}
_TASK_WORDS = {"spam": "Spam model", "abuse": "Abuse model"}
_POSITIVE = {"spam": "that were spam", "abuse": "that were abuse"}
_STATES = {"pinned": "set by hand, nothing is learned", "off": "corrections are off"}
_KINDS = {"published": "published", "spam": "marked as spam", "rejected": "rejected"}


def automation_words(policy: Policy, standing: Learning) -> list[str]:
    """Whether people or the checks publish here, and at what promise the checks could."""
    lines = [_mode_words(policy, standing)]
    promised = standing.report.get("publish")
    if policy.promise.publish is not None:
        lines.append(_promise_words(promised or {"promise": policy.promise.publish, "kept": False}))
    others = [one for one in standing.report.get("promises", ()) if one["kept"]]
    best = max(others, key=lambda one: one["promise"], default=None)
    if best and (promised is None or not promised["kept"]):
        lines.append(f"At {in_100(best['promise'])} it would publish {best['share']:.0%} alone.")
    return lines


def _mode_words(policy: Policy, standing: Learning) -> str:
    if policy.publish == "review":
        return "People decide every comment (publish: review)."
    if standing.broken_at is not None:
        return "The promise was broken: people decide until their decisions bear it out again."
    if policy.promise.publish is None:
        return "The policy promises nothing (promise.publish: null): people decide."
    if standing.thresholds.get("is_refuted"):
        return "Decisions show that the promise would not be kept: people decide until they bear it out."
    if standing.thresholds.get("publish"):
        return "The checks publish alone what keeps the promise; what is riskier waits for a person."
    return "The checks publish by the cautious default until there are decisions enough."


def _promise_words(found: Mapping[str, Any]) -> str:
    promise = in_100(found["promise"])
    if found["kept"]:
        return (
            f"At {promise} it would publish {found['share']:.0%} alone: of {found['decisions']} decisions"
            f" about such comments {found['right']:.1%} were approvals, surely {found['at_least']:.1%}."
        )
    if "decisions" not in found:
        return f"At {promise}: nobody has decided anything yet."
    if found["more"] is None:
        return f"At {promise}: {found['decisions']} decisions do not bear it out, nor would more of the kind."
    return f"At {promise}: about {found['more']} decisions more are needed, {found['decisions']} are there."


def in_100(promise: float) -> str:
    """0.98 is "98 in 100", 0.995 is "99.5 in 100"."""
    return f"{100 * promise:.4g} in 100"


def model_words(task: str, standing: Learning, ignored: Mapping[int, str] | None = None) -> str:
    """How one model stands at the site."""
    name, state, version = _TASK_WORDS[task], standing.states[task], standing.versions[task]
    used = f"correction {version}" if version else "as shipped"
    if state != "learning":
        return f"{name}: {used}; {_STATES[state]}."
    found = standing.report.get("tasks", {}).get(task)
    if found is None:
        return f"{name}: {used}; nothing was learned yet."
    words = f"{name}: {used}; {_OUTCOMES[found['outcome']]}{_lacking(task, found)} ({found['labels']} labels"
    if found["auc_corrected"] is not None:
        words += f", AUC held out {found['auc_shipped']:.2f} shipped, {found['auc_corrected']:.2f} corrected"
    names = [(ignored or {}).get(one, f"moderator {one}") for one in found["ignored_moderators"]]
    return words + ")." + (f" Ignored, for they contradict: {', '.join(names)}." if names else "")


def _lacking(task: str, found: Mapping[str, Any]) -> str:
    """Of which decisions there are too few, and how many are there."""
    if found["outcome"] != "too_few":
        return ""
    there = (
        ("of any kind", found["labels"], FEWEST_LABELS),
        (_POSITIVE[task], found["positive"], FEWEST_OF_EACH),
        ("that were fine", found["labels"] - found["positive"], FEWEST_OF_EACH),
    )
    few = [f"{has} of {needed} {kind}" for kind, has, needed in there if has < needed]
    return f": {', '.join(few)}; the shipped model decides"


def sample_words(standing: Learning) -> list[str]:
    """What people said about the sample of what was decided alone."""
    return [
        f"Of what was {_KINDS[status]} alone, people agreed with {one['right']} of {one['answered']}"
        f" ({one['at_least']:.1%} to {one['at_most']:.1%})."
        + (" That is less than promised." if one["state"] in {"falling", "broken"} else "")
        for status, one in sorted(standing.report.get("samples", {}).items())
    ]


def alarm_words(standing: Learning) -> str | None:
    """What a moderator must know before anything else; None: nothing."""
    states = {one["state"] for one in standing.report.get("samples", {}).values()}
    if standing.broken_at is not None:
        return "People agree with the checks less often than promised. Automation has ended; people decide."
    if states & {"falling", "broken"}:
        return "People agree with the checks less often than promised. Look at the sample."
    return None
