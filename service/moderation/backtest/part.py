"""One part of a backtest, in a process of its own: rows in, counts out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import orjson

from service.domain.finding import Finding
from service.domain.past import PastRow
from service.domain.policy import Policy
from service.moderation.backtest.replay import Past, Replayer
from service.moderation.backtest.tally import Tally, people_said
from service.moderation.evidence import Evidence
from service.moderation.finding_document import from_document
from service.moderation.learning.thresholds import Thresholds
from service.moderation.pipeline import CHECKS, Check


@dataclass(frozen=True, slots=True)
class Comparison:
    """The two policies that are held against each other; plain text, so that it travels between processes.

    Each with the thresholds that the models have under it; None leaves what they said.
    """

    live: str
    candidate: str
    live_thresholds: Thresholds | None = None
    candidate_thresholds: Thresholds | None = None


def compare(
    comparison: Comparison,
    versions: Mapping[int, str],
    rows: Sequence[PastRow],
    make_evidence: Callable[[PastRow], Evidence] | None = None,
    checks: Sequence[Check] = CHECKS,
) -> Tally:
    """Judge each row by both; `versions` are the documents of the policies that they were checked under."""
    known_by = {version: Policy.read_stored(document) for version, document in versions.items()}
    live, candidate = (
        Replayer(Policy.read_stored(document), known_by, checks=checks, thresholds=thresholds)
        for document, thresholds in (
            (comparison.live, comparison.live_thresholds),
            (comparison.candidate, comparison.candidate_thresholds),
        )
    )
    tally = Tally()
    for row in rows:
        _count(tally, row, live, candidate, (make_evidence or evidence_of)(row))
    return tally


def _count(tally: Tally, row: PastRow, live: Replayer, candidate: Replayer, evidence: Evidence) -> None:
    past = Past(evidence, row.policy_version, findings_of(row))
    today, other = live.replay(past), candidate.replay(past)
    tally.count(row.id, today.verdict, other.verdict, people_said(row.people))
    tally.reused += other.reused
    tally.run += other.run
    tally.otherwise_then += today.verdict.status != row.status
    tally.missing.update(other.missing)


def evidence_of(row: PastRow) -> Evidence:
    """What is still known of it."""
    return Evidence(
        text=row.text,
        author=row.author,
        website=row.website,
        honeypot_filled=row.honeypot_filled,
        seconds_to_fill=row.seconds_to_fill,
        user_agent=row.user_agent,
    )


def findings_of(row: PastRow) -> dict[str, Finding]:
    """By check; one of code that knew other words is as if it were not there."""
    found = {}
    for stored in orjson.loads(row.findings):
        try:
            finding = from_document(stored)
        except (KeyError, TypeError, ValueError):
            continue
        found[finding.check] = finding
    return found
