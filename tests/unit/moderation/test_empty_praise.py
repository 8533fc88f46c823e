"""Praise that fits everywhere is an advertisement where a link goes with it, and kind where none does."""

from typing import Any

import pytest

from service.domain.finding import Outcome
from service.domain.reasons import Reason
from service.moderation.checks import empty_praise
from service.moderation.checks.empty_praise import is_empty_praise
from tests.unit.moderation.factories import ANY_POLICY, make_evidence


@pytest.mark.parametrize(
    "text",
    [
        "Great post!",
        "Nice article",
        "Thanks for sharing this information, keep up the good work!!!",
        "I really like your blog. Very informative.",
        "Super Artikel, danke!",
        "Sehr interessant dieser Beitrag, danke",
        "Merci pour cet article très intéressant",
        "Excelente artículo, gracias por compartir",
        "Ótimo artigo, parabéns!",
        "Ottimo articolo, complimenti",
        "Отличная статья, спасибо",
        "Great site https://a.example/",
    ],
)
def test_it_is_known_in_several_languages(text: str) -> None:
    assert is_empty_praise(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thanks!",
        "Hello",
        "Great post about the mill; my grandfather worked there.",
        "Nice article, but the second photograph shows the other mill.",
        "A calm harbour, well described.",
        "Good morning",
        "I love this town",
        "Danke",
        "great " * 30 + "post",
    ],
)
def test_a_word_about_the_matter_makes_it_a_comment(text: str) -> None:
    assert not is_empty_praise(text)


@pytest.mark.parametrize(
    ("text", "fields", "outcome", "score"),
    [
        ("Nice article", {}, Outcome.PASS, 0.15),
        ("Nice article", {"website": "https://a.com/"}, Outcome.HOLD, 0.7),
        ("Nice article a.com", {}, Outcome.HOLD, 0.7),
        ("Nice article", {"author": "a.com"}, Outcome.HOLD, 0.7),
        ("The mill was sold in 1987.", {"website": "https://a.com/"}, Outcome.PASS, None),
    ],
)
def test_a_link_makes_it_an_advertisement(
    text: str, fields: dict[str, Any], outcome: Outcome, score: float | None
) -> None:
    finding = empty_praise.check(make_evidence(text, **fields), ANY_POLICY)
    assert (finding.outcome, finding.score) == (outcome, score)
    assert finding.reason is (Reason.SPAM if outcome is Outcome.HOLD else None)
