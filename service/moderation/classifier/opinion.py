"""A model's score as a finding: what it leads to, why in words, and where in the text."""

from dataclasses import dataclass, replace

from service.domain.finding import Finding, Outcome, Span
from service.domain.reasons import Reason
from service.moderation.classifier.correction import Correction
from service.moderation.classifier.model import Score, Task, load_model
from service.moderation.text.seen import see

LIKELY = 0.5
"""Above it the model itself says spam or abuse; below, a site holds it because it promised much."""

_MOST_SPANS = 50


@dataclass(frozen=True, slots=True)
class Limits:
    """From which scores on what happens on a site, and where that comes from, in words."""

    held_above: float
    spam_above: float | None
    basis: str


def opinion(
    name: str,
    version: int,
    task: Task,
    reason: Reason,
    text: str,
    *,
    correction: Correction | None,
    limits: Limits,
) -> Finding:
    """The finding of one model about one comment.

    Raises:
        InvalidArtefact, OSError: the model cannot be trusted or read; the pipeline makes `unknown` of it.
    """
    model = load_model(task)
    score = model.score(see(text), correction)
    outcome = _outcome(score.probability, limits)
    return Finding(
        name,
        version,
        outcome,
        _reason(score.probability, outcome, reason),
        score=round(score.probability, 4),
        detail=_detail(score, model.version, task, correction) + _acted(outcome, limits),
        spans=_spans(score) if outcome is not Outcome.PASS else (),
    )


def under(finding: Finding, reason: Reason, limits: Limits) -> Finding:
    """A model's earlier finding as it would be under other limits: its score says it all.

    Places in the text stay as they were; one that was none stays without.
    """
    if finding.score is None or finding.outcome is Outcome.UNKNOWN:
        return finding
    outcome = _outcome(finding.score, limits)
    return replace(finding, outcome=outcome, reason=_reason(finding.score, outcome, reason))


def _reason(probability: float, outcome: Outcome, likely: Reason) -> Reason | None:
    if outcome is Outcome.PASS:
        return None
    return likely if probability > LIKELY else Reason.SUSPICIOUS


def _outcome(probability: float, limits: Limits) -> Outcome:
    if limits.spam_above is not None and probability > limits.spam_above:
        return Outcome.SPAM
    return Outcome.HOLD if probability > limits.held_above else Outcome.PASS


def _detail(score: Score, version: int, task: Task, correction: Correction | None) -> str:
    """The kinds of what weighed most; never the words themselves."""
    taught = f" and this site's correction {correction.version}" if correction else ""
    reasons = "; ".join(dict.fromkeys(reason.words for reason in score.top)) or "nothing in particular"
    return f"{task} model {version}{taught}: {reasons}"


def _acted(outcome: Outcome, limits: Limits) -> str:
    if outcome is Outcome.PASS:
        return ""
    above = limits.spam_above if outcome is Outcome.SPAM else limits.held_above
    return f"; {'held' if outcome is Outcome.HOLD else 'marked as spam'} above {above:.2f}, {limits.basis}"


def _spans(score: Score) -> tuple[Span, ...]:
    """Every place once; what overlaps is one place."""
    joined: list[Span] = []
    for span in sorted((one for reason in score.top for one in reason.spans), key=lambda one: one.start):
        if joined and span.start < joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined[:_MOST_SPANS])
