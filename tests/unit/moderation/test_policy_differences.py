"""What changed between two policies is told in time, however long their lists are."""

import pytest

from service.domain.policy import Policy
from service.domain.policy_parts import WordList
from service.moderation.policy_document import differences
from tests.cpu_time import least_cpu_seconds


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (("a", "b"), ("b", "c", "d"), ["held_words: 2 more, 1 fewer"]),
        (("a", "b"), ("b", "a"), ["held_words: in another order"]),
        (("a",), ("a",), []),
    ],
)
def test_of_a_list_it_is_told_how_much_is_new_and_gone(
    before: tuple[str, ...], after: tuple[str, ...], told: list[str]
) -> None:
    assert differences(Policy(held_words=before), Policy(held_words=after)) == told


def test_a_word_list_that_changed_is_another_one() -> None:
    old = WordList(name="rude", words=("a", "b"))
    new = WordList(name="rude", words=("a", "c"))
    assert differences(Policy(word_lists=(old,)), Policy(word_lists=(new,))) == [
        "word_lists: 1 more, 1 fewer"
    ]


def test_long_lists_that_have_nothing_in_common_take_no_long_time() -> None:
    """A page of versions compares up to a hundred pairs, in the process that serves readers."""
    before, after = (tuple(f"{mark}-{at}" for at in range(5000)) for mark in ("old", "new"))
    old = Policy(blocked_words=before, held_words=before, trusted_domains=before, blocked_domains=before)
    new = Policy(blocked_words=after, held_words=after, trusted_domains=after, blocked_domains=after)
    assert len(differences(old, new)) == 4
    assert least_cpu_seconds(lambda: differences(old, new), 0.7) < 0.7
