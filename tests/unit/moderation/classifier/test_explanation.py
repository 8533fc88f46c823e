"""Reasons are real: what is removed from a text is gone from them, and their spans lie on what they name."""

import pytest

from service.moderation.checks import abuse, spam
from service.moderation.classifier.model import Score, load_model
from service.moderation.learning.site_models import SiteModels
from service.moderation.learning.thresholds import NEVER_ALONE
from service.moderation.text.seen import see
from tests.unit.moderation.factories import ANY_POLICY, make_evidence, marked

BEFORE = "The bridge is closed again, said the mayor. "
CASES = [
    ("abuse", "You are a stupid idiot.", "calls somebody stupid or mad", {"stupid", "idiot"}),
    ("abuse", "Du bist ein Vollidiot!", "calls somebody stupid or mad", {"Vollidiot"}),
    ("abuse", "Fuck off, you bastard.", "swears", {"Fuck", "bastard"}),
    ("spam", "Please subscribe to my channel.", "asks for followers or likes", {"subscribe"}),
    (
        "spam",
        "Buy cheap replica watches.",
        "offers goods or services",
        {"Buy", "cheap", "replica", "watches"},
    ),
]


def _score(task: str, text: str) -> Score:
    return load_model(task).score(see(text))  # type: ignore[arg-type]


def _shown(score: Score, words: str, text: str) -> set[str]:
    reasons = [reason for reason in score.top if reason.words.startswith(words)]
    return {text[span.start : span.end] for reason in reasons for span in reason.spans}


@pytest.mark.parametrize(("task", "bad", "words", "shown"), CASES)
def test_a_reason_names_what_was_seen_and_points_at_it(
    task: str, bad: str, words: str, shown: set[str]
) -> None:
    score = _score(task, BEFORE + bad)
    assert any(reason.words.startswith(words) for reason in score.top), score.top
    assert _shown(score, words, BEFORE + bad) & shown
    reasons = [reason for reason in score.top if reason.words.startswith(words)]
    assert all(span.start >= len(BEFORE) for reason in reasons for span in reason.spans)


def test_a_word_without_a_listed_meaning_is_pointed_at_where_it_weighs() -> None:
    text = BEFORE + "Hey guys, have a look at the new remix of this song."
    reasons = [reason for reason in _score("spam", text).top if reason.words.startswith("words that")]
    shown = {text[span.start : span.end] for reason in reasons for span in reason.spans}
    assert shown & {"guys", "remix"}
    assert not shown & {"the", "at", "is", "of"}


@pytest.mark.parametrize("task", ["spam", "abuse"])
@pytest.mark.parametrize("text", ["A calm harbour, well described.", "You idiot", "Buy cheap watches now"])
def test_what_is_absent_is_no_reason(task: str, text: str) -> None:
    words = " ".join(reason.words for reason in _score(task, text).top)
    for absent in ("question marks", "exclamation marks", "digits", "lines", "no address", "length"):
        assert absent not in words


@pytest.mark.parametrize(("task", "bad", "words", "_shown_words"), CASES)
def test_a_reason_is_gone_with_what_it_named(task: str, bad: str, words: str, _shown_words: set[str]) -> None:
    score = _score(task, BEFORE)
    assert not any(reason.words.startswith(words) for reason in score.top)
    assert score.probability < _score(task, BEFORE + bad).probability


def test_two_texts_have_different_reasons() -> None:
    reasons = {tuple(reason.words for reason in _score(task, bad).top) for task, bad, _, _ in CASES}
    assert len(reasons) >= 4


@pytest.mark.parametrize(("task", "bad", "_words", "_shown_words"), CASES)
def test_what_weighed_most_comes_first_and_taking_it_out_lowers_the_score(
    task: str, bad: str, _words: str, _shown_words: set[str]
) -> None:
    text = BEFORE + bad
    score = _score(task, text)
    weights = [reason.weight for reason in score.top]
    assert weights == sorted(weights, reverse=True)
    rest = list(text)
    for span in next(reason.spans for reason in score.top if reason.spans):
        rest[span.start : span.end] = " " * (span.end - span.start)
    assert _score(task, "".join(rest)).probability < score.probability


@pytest.mark.parametrize("check", [spam, abuse])
def test_the_detail_never_quotes_the_comment(check: object) -> None:
    text = "Xylqzv you idiot, subscribe to http://qwzx.example or call +49 170 5551234, stupid moron"
    models = SiteModels(thresholds=NEVER_ALONE)
    finding = check.check(make_evidence(text, site_models=models), ANY_POLICY)  # type: ignore[attr-defined]
    told = finding.detail.casefold()
    assert not any(word in told for word in ("xylqzv", "idiot", "moron", "qwzx", "555"))
    assert finding.spans
    assert all(marked(finding, text))
