"""Holds the ledger of a replay against what is stored, and says it in figures."""

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from service.cli.replay_client import Ledger, Target
from service.storage.replays import Replayed


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome; `lost`, `doubled`, `altered` and `undecided` are to be 0."""

    rows: int
    answers: dict[str, int]
    accepted: int
    refused: dict[str, int]
    lost: int
    doubled: int
    altered: int
    undecided: int
    decisions: dict[str, dict[str, int]]
    answer_ms: dict[str, float]
    decision_s: dict[str, float]
    drain_s: float

    @property
    def is_clean(self) -> bool:
        """Nothing lost, doubled, altered or stuck."""
        return not (self.lost or self.doubled or self.altered or self.undecided)

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def report(ledger: Ledger, target: Target, stored: Sequence[Replayed], *, drain_s: float) -> Report:
    """Compare what was acknowledged with what is there.

    A comment that is stored without its answer having arrived is no fault: its outcome was unknown, and the
    retry under the same key found it.
    """
    times = Counter(comment.author for comment in stored)
    by_author = {comment.author: comment for comment in stored}
    accepted = {target.author(ledger.sent[number]): ledger.sent[number] for number in ledger.accepted}
    decisions: dict[str, Counter[str]] = {}
    for author, row in accepted.items():
        if author in by_author:
            decisions.setdefault(by_author[author].status, Counter())[f"label {row.label}"] += 1
    return Report(
        rows=len(ledger.sent),
        answers=dict(ledger.answers),
        accepted=len(accepted),
        refused=dict(Counter(str(status) for status in ledger.refused.values())),
        lost=sum(author not in by_author for author in accepted),
        doubled=sum(count > 1 for count in times.values()),
        altered=sum(
            by_author[author].text != stored_form(row.text)
            for author, row in accepted.items()
            if author in by_author
        ),
        undecided=sum(comment.status == "pending" for comment in stored) + len(ledger.unanswered),
        decisions={status: dict(counts) for status, counts in sorted(decisions.items())},
        answer_ms=_spread([seconds * 1000 for seconds in ledger.seconds]),
        decision_s=_spread([comment.seconds for comment in stored if comment.seconds is not None]),
        drain_s=round(drain_s, 2),
    )


def stored_form(text: str) -> str:
    """The text as contract has it: line ends LF, trimmed, nothing else."""
    return text.replace("\r\n", "\n").strip()


def _spread(values: list[float]) -> dict[str, float]:
    if not values:
        return {}
    ordered = sorted(values)
    p99 = ordered[min(len(ordered) - 1, round(len(ordered) * 0.99))]
    figures = {"median": statistics.median(ordered), "p99": p99, "max": ordered[-1]}
    return {name: round(value, 3) for name, value in figures.items()}
