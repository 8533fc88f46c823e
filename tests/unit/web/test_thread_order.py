"""A flat list becomes a conversation."""

from dataclasses import dataclass

import pytest

from service.web.thread_order import thread_order


@dataclass(frozen=True)
class Item:
    id: str
    parent_id: str | None = None


def items(words: str) -> list[Item]:
    """`"a b>a"`: a, and b which answers a."""
    return [Item(word.partition(">")[0], word.partition(">")[2] or None) for word in words.split()]


def shown(words: str, *, replies_reversed: bool = False) -> str:
    ordered = thread_order(items(words), replies_reversed=replies_reversed)
    return " ".join(f"{item.id}{depth}" for item, depth in ordered)


@pytest.mark.parametrize(
    ("flat", "ordered"),
    [
        ("", ""),
        ("a b c", "a0 b0 c0"),
        ("a b c>a d>b e>a", "a0 c1 e1 b0 d1"),
        ("a b>a c>b d>c", "a0 b1 c2 d3"),
        ("b>a a", "a0 b1"),
        ("b>gone c>b", "b0 c1"),
        ("a>a", "a0"),
        ("a>b b>a c", "c0 a0 b0"),
    ],
)
def test_replies_follow_what_they_answer(flat: str, ordered: str) -> None:
    assert shown(flat) == ordered


def test_a_list_that_comes_newest_first_is_still_read_from_question_to_answer() -> None:
    assert shown("d c>a b>a a", replies_reversed=True) == "d0 a0 b1 c1"


def test_a_thread_as_deep_as_it_is_long_does_not_exhaust_the_stack() -> None:
    chain = [Item("0"), *(Item(str(n), str(n - 1)) for n in range(1, 5000))]
    assert [depth for _, depth in thread_order(chain)] == list(range(5000))
