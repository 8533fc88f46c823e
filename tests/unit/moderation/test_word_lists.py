"""Word lists: whole words in any dress, each list with its action, its language and its exceptions."""

from typing import Any

import pytest

from service.domain.finding import Outcome
from service.domain.policy import Policy
from service.domain.policy_parts import WordList
from service.moderation.checks import blocked_words, word_lists
from tests.cpu_time import least_cpu_seconds
from tests.unit.moderation.factories import ANY_POLICY, make_evidence, marked


def check(text: str, *lists: dict[str, Any], **evidence: Any) -> Any:
    named = tuple(WordList.model_validate({"name": f"list {at}"} | each) for at, each in enumerate(lists))
    return word_lists.check(make_evidence(text, **evidence), Policy(word_lists=named))


RUDE = {"words": ["nitwit", "stuffed shirt"], "action": "reject", "exceptions": ["nitwit brothers"]}
ADS = {"words": ["casino"], "action": "spam"}
SOFT = {"words": ["mill"]}


@pytest.mark.parametrize(
    ("text", "outcome", "hits", "rule"),
    [
        ("You nitwit!", Outcome.REJECT, ["nitwit"], "word_lists.0.words.0"),
        ("You n1tw1t, you", Outcome.REJECT, ["n1tw1t"], "word_lists.0.words.0"),
        ("You STUFFED  shirt", Outcome.REJECT, ["STUFFED  shirt"], "word_lists.0.words.1"),
        ("The mill", Outcome.HOLD, ["mill"], "word_lists.2.words.0"),
        ("A nitwit in a casino", Outcome.SPAM, ["casino"], "word_lists.1.words.0"),
        ("The Nitwit Brothers play tonight", Outcome.PASS, [], ""),
        ("The Nitwit Brothers, what a nitwit", Outcome.REJECT, ["nitwit"], "word_lists.0.words.0"),
        ("Nitwits and nitwitted millers", Outcome.PASS, [], ""),
        ('He called me "a nitwit".', Outcome.HOLD, ["nitwit"], "word_lists.0.words.0"),
        (
            'He called me "a nitwit". You nitwit.',
            Outcome.REJECT,
            ["nitwit", "nitwit"],
            "word_lists.0.words.0",
        ),
        ("> come to the casino\nNo.", Outcome.HOLD, ["casino"], "word_lists.1.words.0"),
    ],
)
def test_the_strictest_list_decides(text: str, outcome: Outcome, hits: list[str], rule: str) -> None:
    finding = check(text, RUDE, ADS, SOFT)
    assert (finding.outcome, marked(finding, text), finding.rule) == (outcome, hits, rule)


def test_a_list_of_a_language_is_for_texts_that_may_be_in_it() -> None:
    german = "Das ist ein dick aufgetragenes Lob, und ich finde nicht, dass es auch noch richtig ist."
    listed = {"words": ["dick"], "language": "en"}
    assert check(german, listed).outcome is Outcome.PASS
    assert check(german, listed | {"language": "de"}).outcome is Outcome.HOLD
    assert check(german, listed | {"language": None}).outcome is Outcome.HOLD
    assert check("Dick!", listed).outcome is Outcome.HOLD


def test_name_and_website_are_looked_at_too() -> None:
    assert check("Hello", ADS, author="Casino King").outcome is Outcome.SPAM
    assert check("Hello", ADS, website="https://casino.example/").outcome is Outcome.SPAM
    assert check('"casino"', ADS, author="Casino King").outcome is Outcome.SPAM


def test_the_detail_names_the_lists_and_quotes_nothing() -> None:
    finding = check('"nitwit" casino casino', RUDE, ADS)
    assert finding.detail == "listed words: 1 of “list 0” in quotations, 2 of “list 1”"


def test_without_lists_nothing_is_found() -> None:
    assert word_lists.check(make_evidence("nitwit"), ANY_POLICY).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("text", "author", "outcome"),
    [
        ("You nitwit", "Ada", Outcome.REJECT),
        ('"nitwit" is no argument', "Ada", Outcome.HOLD),
        ("> you nitwit\nThat is no argument.", "Ada", Outcome.HOLD),
        ('"nitwit" is no argument, nitwit', "Ada", Outcome.REJECT),
        ('"nitwit" is no argument, n*twit', "Ada", Outcome.HOLD),
        ('"nitwit" is no argument', "Nitwit", Outcome.REJECT),
    ],
)
def test_a_blocked_word_in_quotations_alone_goes_to_a_person(
    text: str, author: str, outcome: Outcome
) -> None:
    finding = blocked_words.check(make_evidence(text, author=author), Policy(blocked_words=("nitwit",)))
    assert finding.outcome is outcome
    assert finding.rule == "blocked_words.0"


def test_many_hits_beside_many_exceptions_take_no_long_time() -> None:
    listed = WordList(name="one", words=("a",), exceptions=("a b",))
    evidence = make_evidence("a b " * 15_000)
    policy = Policy(word_lists=(listed,))
    assert word_lists.check(evidence, policy).outcome is Outcome.PASS
    assert least_cpu_seconds(lambda: word_lists.check(evidence, policy), 2.0) < 2.0
