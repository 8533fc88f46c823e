"""Notes: doubts that hold nobody back alone, and what they weigh together.

A note is a finding that passes with a score. A check of `NOTING` notes by itself; any other one's hit
becomes a note where the site's action for it is `note`. The scores of classifiers and of outside services
are no notes: each has a threshold of its own.
"""

from collections.abc import Iterable, Sequence

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.domain.reasons import Reason

NAME = "weighed"
VERSION = 1

NOTING = frozenset(
    {
        "author_record", "empty_praise", "hidden_characters", "near_duplicates", "new_author", "off_form",
        "thread_heat",
    }
)  # fmt: skip
"""Checks that note. The notes of an ordinary comment by a newcomer stay far below 1 together."""


def weigh(findings: Iterable[Finding], policy: Policy) -> Finding | None:
    """What the notes weigh, as a finding that explains the sum; None where there are none.

    It holds from `policy.hold_from` on. A finding of that name among `findings` is passed over, so that what
    was stored can be weighed again.
    """
    weights = [(each, _weight(each, policy)) for each in findings if is_note(each, policy)]
    if not weights:
        return None
    total = sum(weight for _, weight in weights)
    detail = _detail(weights, total, policy.hold_from)
    if total < policy.hold_from - 1e-9:  # 0.1 + 0.2 is a little more than 0.3
        return Finding(NAME, VERSION, Outcome.PASS, score=_score(total, policy), detail=detail)
    return Finding(
        NAME,
        VERSION,
        Outcome.HOLD,
        Reason.SUSPICIOUS,
        score=_score(total, policy),
        detail=detail,
        rule="hold_from",
    )


def with_sum(findings: Sequence[Finding], policy: Policy) -> tuple[Finding, ...]:
    """The findings, and the sum of their notes where it holds: so that whoever reads them sees why."""
    notes = weigh(findings, policy)
    if notes is None or notes.outcome is Outcome.PASS:
        return tuple(findings)
    return (*findings, notes)


def is_note(finding: Finding, policy: Policy) -> bool:
    """Whether the finding counts with its weight."""
    if finding.outcome is not Outcome.PASS or not finding.score or finding.check == NAME:
        return False
    return finding.check in NOTING or policy.of_check(finding.check).action == "note"


def _weight(note: Finding, policy: Policy) -> float:
    return policy.of_check(note.check).weight * (note.score or 0.0)


def _score(total: float, policy: Policy) -> float:
    """How much of what holds there is; 1 from there on."""
    return round(min(total / policy.hold_from, 1.0), 3)


def _detail(weights: Sequence[tuple[Finding, float]], total: float, hold_from: float) -> str:
    heaviest = sorted(weights, key=lambda each: -each[1])[:8]
    named = ", ".join(f"{note.check} {weight:.2f}" for note, weight in heaviest)
    return f"notes weigh {total:.2f}, {hold_from:.2f} is held: {named}"
