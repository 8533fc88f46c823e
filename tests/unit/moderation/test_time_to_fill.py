"""Nobody writes a reply in two seconds; nobody is blamed for an unknown time."""

import pytest

from service.domain.finding import Outcome
from service.domain.reasons import Reason
from service.moderation.checks import time_to_fill
from tests.unit.moderation.factories import ANY_POLICY, make_evidence


@pytest.mark.parametrize(
    ("seconds", "score", "detail"),
    [
        (-90.0, 1.0, "sent 0.0 s after the form was handed out"),
        (0.0, 1.0, "sent 0.0 s after the form was handed out"),
        (1.0, 0.5, "sent 1.0 s after the form was handed out"),
        (1.5, 0.25, "sent 1.5 s after the form was handed out"),
        (1.999, 0.0, "sent 2.0 s after the form was handed out"),
    ],
)
def test_what_was_sent_at_once_is_held_with_a_score(seconds: float, score: float, detail: str) -> None:
    finding = time_to_fill.check(make_evidence(seconds_to_fill=seconds), ANY_POLICY)
    assert (finding.check, finding.outcome, finding.reason) == (
        "time_to_fill",
        Outcome.HOLD,
        Reason.SUSPICIOUS,
    )
    assert finding.score == score
    assert finding.detail == detail


@pytest.mark.parametrize("seconds", [2.0, 40.0, 86_400.0, 10_000_000.0, None])
def test_a_usual_a_stale_and_an_unknown_time_pass(seconds: float | None) -> None:
    finding = time_to_fill.check(make_evidence(seconds_to_fill=seconds), ANY_POLICY)
    assert (finding.outcome, finding.reason, finding.score) == (Outcome.PASS, None, None)
