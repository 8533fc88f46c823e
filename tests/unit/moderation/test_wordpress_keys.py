"""A list of WordPress: each entry is taken over or left out, and it is said why."""

from typing import Any

import pytest

from service.domain.finding import Outcome
from service.domain.policy import Policy
from service.domain.policy_parts import WordList
from service.moderation.wordpress_keys import Fate, read_keys
from service.moderation.wordpress_policy import NoRoom, with_keys

PUBLISHED = ("The specialist cheapened the analysis.", "We cheaply sold xanax, said the doctor.")


@pytest.mark.parametrize(
    ("entry", "fate"),
    [
        ("cialis", Fate.WORD),
        ("buy now", Fate.WORD),
        ("казино", Fate.WORD),
        ("赌场", Fate.WORD),
        ("$$$cash", Fate.WORD),
        ("casino.com", Fate.DOMAIN),
        ("https://www.casino.co.uk/", Fate.DOMAIN),
        ("casino.com/play", Fate.WORD),
        ("192.0.2.7", Fate.NETWORK),
        ("192.0.2.", Fate.NETWORK),
        ("192.0", Fate.NETWORK),
        ("2001:db8::1", Fate.NETWORK),
        ("2001:db8::/32", Fate.NETWORK),
        ("me@casino.com", Fate.ADDRESS),
        ("@casino.com", Fate.ADDRESS),
        ("Mozilla/4.0", Fate.CLIENT),
        ("libwww-perl", Fate.CLIENT),
        ("curl/7", Fate.CLIENT),
        ("curl", Fate.WORD),
        (".casino.", Fate.FRAGMENT),
        ("/go.php?", Fate.FRAGMENT),
        ("-shop-", Fate.FRAGMENT),
        ("ab", Fate.SHORT),
        ("--a", Fate.SHORT),
        ("x" * 101, Fate.LONG),
        ("xanax", Fate.ORDINARY),
    ],
)
def test_an_entry_has_a_fate(entry: str, fate: Fate) -> None:
    [found] = read_keys([entry + "\n"], PUBLISHED)
    assert found.fate is fate


def test_a_domain_is_taken_without_its_dress() -> None:
    assert [entry.text for entry in read_keys(["https://www.Casino.com/"])] == ["casino.com"]
    [as_word] = read_keys(["casino.com"], domains=False)
    assert as_word.fate is Fate.WORD


def test_what_hits_innocent_words_in_wordpress_says_which() -> None:
    found = {entry.text: entry.inside for entry in read_keys(["cialis", "cheap", "ass", "zebra"], PUBLISHED)}
    assert found["cialis"] == ("commercialism", "racialism", "socialism")
    assert found["cheap"] == ("cheapened", "cheaply")
    assert len(found["ass"]) == 3
    assert found["zebra"] == ()


def test_what_hits_published_comments_is_left_out_unless_it_is_wanted() -> None:
    [left] = read_keys(["xanax"], PUBLISHED)
    assert (left.fate, left.hits) == (Fate.ORDINARY, 1)
    [kept] = read_keys(["xanax"], PUBLISHED, keep_ordinary=True)
    assert (kept.fate, kept.hits) == (Fate.WORD, 1)


def test_empty_lines_and_second_ones_are_nothing_new() -> None:
    entries = read_keys(["\ufeffcialis", "", "  ", "CIALIS", "ciális"])
    assert [entry.fate for entry in entries] == [Fate.WORD, Fate.TWICE, Fate.TWICE]


def test_a_policy_keeps_its_own_and_replaces_what_was_imported_before() -> None:
    own = WordList(name="own", words=("nitwit",))
    policy = Policy(word_lists=(own,), blocked_domains=("pills.example",))
    first = with_keys(policy, read_keys(["cialis", "casino.com"]), "disallowed_keys")
    assert [listed.name for listed in first.word_lists] == ["own", "WordPress disallowed_keys"]
    assert first.word_lists[1].action is Outcome.REJECT
    assert first.blocked_domains == ("pills.example", "casino.com")
    second = with_keys(first, read_keys(["viagra"]), "disallowed_keys")
    assert [listed.words for listed in second.word_lists] == [("nitwit",), ("viagra",)]
    held = with_keys(second, read_keys(["loan"]), "moderation_keys")
    assert [listed.action for listed in held.word_lists] == [Outcome.HOLD, Outcome.REJECT, Outcome.HOLD]


def test_long_lists_are_parted_and_too_many_are_refused() -> None:
    entries = read_keys([f"word{at}x" for at in range(5001)])
    lists = with_keys(Policy(), entries, "disallowed_keys").word_lists
    assert [(listed.name, len(listed.words)) for listed in lists] == [
        ("WordPress disallowed_keys", 5000),
        ("WordPress disallowed_keys 2", 1),
    ]
    full: Any = tuple(WordList(name=f"own {at}", words=("a",)) for at in range(50))
    with pytest.raises(NoRoom):
        with_keys(Policy(word_lists=full), entries, "disallowed_keys")
