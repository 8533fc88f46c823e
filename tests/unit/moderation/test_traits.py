"""What queues are filtered and sorted by."""

import pytest

from service.domain.finding import Finding, Outcome
from service.moderation.language import read_language
from service.moderation.traits import traits_of


def test_the_risk_is_the_highest_score_and_an_objection_counts_without_one() -> None:
    passed = Finding("spam", 1, Outcome.PASS, score=0.31)
    held = Finding("links", 1, Outcome.HOLD)
    spam = Finding("honeypot", 1, Outcome.SPAM, score=0.2)
    assert traits_of([passed]).risk == 0.31
    assert traits_of([passed, held]).risk == 0.5
    assert traits_of([passed, held, spam]).risk == 0.9
    assert traits_of([Finding("links", 1, Outcome.PASS)]).risk is None


def test_whoever_did_not_pass_it_objected_once() -> None:
    findings = [Finding(name, 1, Outcome.HOLD) for name in ("links", "abuse", "links")]
    assert traits_of([*findings, Finding("spam", 1, Outcome.PASS)]).objections == ("links", "abuse")
    assert traits_of([Finding("spam", 1, Outcome.UNKNOWN)]).objections == ("spam",)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We have been there and it was not what they had said, so I would not go with them again.", "en"),
        (
            "Ich habe es nicht gesehen, aber wir haben auch nicht mit ihr davon gesprochen und sie war da.",
            "de",
        ),
        ("\u0395\u03af\u03bd\u03b1\u03b9 \u03ba\u03b1\u03bb\u03cc " * 5, "el"),
        ("\u042d\u0442\u043e \u043e\u0447\u0435\u043d\u044c " * 8, "cyrillic"),
        ("Nice.", None),
        ("Berlin Hamburg Paris Lyon Oslo Bergen Madrid Lissabon Warschau", None),
    ],
)
def test_a_language_is_named_only_where_it_is_clear(text: str, language: str | None) -> None:
    assert read_language(text).language == language
