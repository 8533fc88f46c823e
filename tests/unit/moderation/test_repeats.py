"""The same text again, by the same hand or by many."""

import pytest

from service.domain.finding import Outcome
from service.domain.reasons import Reason
from service.moderation.checks import repeats
from tests.unit.moderation.factories import ANY_POLICY, make_evidence

LONG = "x" * 20
SHORT = "x" * 19


@pytest.mark.parametrize(
    ("text", "by_author", "by_others", "outcome"),
    [
        (LONG, 0, 0, Outcome.PASS),
        (LONG, 1, 0, Outcome.HOLD),
        ("Yes", 1, 0, Outcome.HOLD),
        (LONG, 9, 0, Outcome.HOLD),
        (LONG, 0, 1, Outcome.PASS),
        (LONG, 0, 2, Outcome.HOLD),
        (LONG, 0, 4, Outcome.HOLD),
        (LONG, 0, 5, Outcome.SPAM),
        (LONG, 1, 5, Outcome.SPAM),
        (SHORT, 0, 500, Outcome.PASS),
        (SHORT, 1, 500, Outcome.HOLD),
        ("Thanks!", 0, 500, Outcome.PASS),
        ("Thanks!" + "\u200b" * 40 + " " * 40, 0, 500, Outcome.PASS),
        ("Спасибо вам большое!", 0, 5, Outcome.SPAM),
    ],
)
def test_repetition_is_held_and_spread_repetition_is_spam(
    text: str, by_author: int, by_others: int, outcome: Outcome
) -> None:
    evidence = make_evidence(text, repeats_by_author=by_author, repeats_by_others=by_others)
    finding = repeats.check(evidence, ANY_POLICY)
    assert (finding.check, finding.outcome) == ("repeats", outcome)
    assert finding.reason == (None if outcome is Outcome.PASS else Reason.DUPLICATE)


@pytest.mark.parametrize(
    ("by_author", "by_others", "detail"),
    [
        (1, 0, "the author sent the same text before"),
        (1, 2, "2 comments by others have the same text"),
    ],
)
def test_the_detail_counts_them(by_author: int, by_others: int, detail: str) -> None:
    evidence = make_evidence(LONG, repeats_by_author=by_author, repeats_by_others=by_others)
    assert repeats.check(evidence, ANY_POLICY).detail == detail
