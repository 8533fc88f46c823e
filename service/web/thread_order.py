"""Puts a flat list of comments into the order of a conversation."""

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar


class Threaded(Protocol):
    """What a comment needs to be placed: its own id and that of the one it answers, if any."""

    @property
    def id(self) -> str: ...

    @property
    def parent_id(self) -> str | None: ...


C = TypeVar("C", bound=Threaded)


def thread_order(comments: Iterable[C], *, replies_reversed: bool = False) -> list[tuple[C, int]]:
    """Each comment with its depth, parents before their replies.

    Top-level comments keep the order given, and so do the replies to one comment, unless `replies_reversed`:
    a list that comes newest first is still read from question to answer. A reply whose parent is not in the
    list stands at depth 0, and nothing is ever dropped, whatever the parents say.
    """
    listed = list(comments)
    known = {comment.id for comment in listed}
    replies: dict[str, list[C]] = {}
    roots: list[C] = []
    for comment in listed:
        if comment.parent_id in known and comment.parent_id != comment.id:
            replies.setdefault(str(comment.parent_id), []).append(comment)
        else:
            roots.append(comment)
    if replies_reversed:
        for siblings in replies.values():
            siblings.reverse()
    return _placed(listed, roots, replies)


def _placed(listed: list[C], roots: list[C], replies: dict[str, list[C]]) -> list[tuple[C, int]]:
    placed = [pair for root in roots for pair in _walk(root, replies)]
    seen = {comment.id for comment, _ in placed}
    # A circle of parents has no root; it cannot be stored, but a page must not lose comments over it.
    return placed + [(comment, 0) for comment in listed if comment.id not in seen]


def _walk(root: C, replies: dict[str, list[C]]) -> Iterator[tuple[C, int]]:
    """Depth first without recursion: a hostile thread may be as deep as it is long."""
    stack = [(root, 0)]
    while stack:
        comment, depth = stack.pop()
        yield comment, depth
        stack.extend((reply, depth + 1) for reply in reversed(replies.get(comment.id, [])))
