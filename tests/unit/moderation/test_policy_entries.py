"""What a policy lists must be able to match something, and no whole top-level domain by mistake."""

from typing import Any

import pytest

from service.moderation.policy_document import InvalidPolicy, read_policy


def faults_of(document: dict[str, Any]) -> dict[str, str]:
    """The details by field; none where the document is a policy."""
    try:
        read_policy(document)
    except InvalidPolicy as error:
        return {fault.field: fault.detail for fault in error.faults}
    return {}


@pytest.mark.parametrize(
    ("field", "entry", "said"),
    [
        ("blocked_domains", "not a domain", '"not a domain" is no domain.'),
        ("blocked_domains", "***", '"***" is no domain.'),
        ("blocked_domains", "...", "is no domain"),
        ("blocked_domains", "a..example", "is no domain"),
        ("blocked_domains", "-a-.example", "is no domain"),
        ("blocked_domains", "*.casino.example", "without the star"),
        ("blocked_domains", "com", "write .com if every link there is meant"),
        ("blocked_domains", "co.uk", "write .co.uk if"),
        ("blocked_domains", "https://www.app", "write .app if"),
        ("trusted_domains", "com", "links there cannot all be trusted"),
        ("trusted_domains", ".com", "links there cannot all be trusted"),
        ("trusted_domains", "xn--p1ai", "links there cannot all be trusted"),
        ("languages", "xx", "xx is no language of ISO 639."),
        ("languages", "deu", "deu is written de here."),
        ("blocked_words", "\u200b", "it can never match"),
        ("held_words", "  ", "it can never match"),
        ("reserved_names", "!!!", "no name is like it"),
    ],
)
def test_what_can_never_match_is_refused_by_its_place(field: str, entry: str, said: str) -> None:
    good = {"languages": "en"}.get(field, "news.example")
    faults = faults_of({field: [good, entry]})
    assert list(faults) == [f"{field}.1"]
    assert said in faults[f"{field}.1"]


@pytest.mark.parametrize(
    ("field", "entries"),
    [
        ("blocked_domains", [".zip", ".co.uk", ".рф", "casino.example", "www.bets.example", "192.0.2.7"]),
        ("blocked_domains", ["https://spam.example/buy?x=1", "xn--mnchen-3ya.example", "münchen.example"]),
        ("blocked_domains", ["github.io", "пример.рф", "i❤.example", "a_b.example", "bit.ly"]),
        ("trusted_domains", ["intranet", "paper.co.uk", "gov.paper.example"]),
        ("languages", ["en", "nb", "lb", "ckb", "yue", "me"]),
        ("blocked_words", ["---", "!!!", "卐", "🍆", "C++", "न", "ไทย"]),
        ("reserved_names", ["Editor", "编辑", "Редакция", "24"]),
    ],
)
def test_what_can_match_is_taken(field: str, entries: list[str]) -> None:
    assert faults_of({field: entries}) == {}


def test_lists_of_words_are_looked_at_too() -> None:
    listed = {"name": "rude", "language": "zz", "words": ["rude", "\u2060"], "exceptions": ["\ufeff"]}
    fields = ["word_lists.0.language", "word_lists.0.words.1", "word_lists.0.exceptions.0"]
    assert list(faults_of({"word_lists": [listed]})) == fields


def test_an_action_that_there_is_not_is_told_in_the_words_of_the_policy() -> None:
    said = faults_of({"word_lists": [{"name": "rude", "action": "publish", "words": ["rude"]}]})
    assert "'hold'" in said["word_lists.0.action"]
    assert "<" not in said["word_lists.0.action"]
