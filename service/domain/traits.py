"""What the checks leave beside a comment, so that queues are filtered and sorted by it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Traits:
    """`risk` is 0..1, null where no finding says anything about it.

    `language` is a code such as `de`, or a script where several languages share it; null where that is not
    clear. `objections` are the checks that did not pass it, in the order of the findings.
    """

    risk: float | None = None
    language: str | None = None
    objections: tuple[str, ...] = ()
