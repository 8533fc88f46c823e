"""One limit: so many in so many seconds."""

import re
from dataclasses import dataclass
from typing import Self

_WRITTEN = re.compile(r"([1-9][0-9]{0,5})/([1-9][0-9]{0,4})")


@dataclass(frozen=True, slots=True)
class Limit:
    """`count` at once, then one more every `seconds / count`: a bucket that refills evenly."""

    count: int
    seconds: int

    @property
    def window_us(self) -> int:
        """The time that a full bucket stands for, in microseconds."""
        return self.seconds * 1_000_000

    @property
    def interval_us(self) -> int:
        """The time after which one more is allowed, in microseconds."""
        return self.window_us // self.count

    def halved(self) -> Self:
        """The same limit at half the rate, never more: half of one a minute is one in two minutes."""
        if self.count == 1:
            return type(self)(1, self.seconds * 2)
        return type(self)(self.count // 2, self.seconds)


def parse_limit(written: str) -> Limit | None:
    """Read `30/60` (count, up to 999,999, and seconds, up to 99,999) or `off`, which gives null.

    Raises:
        ValueError: anything else.
    """
    if written.strip().lower() == "off":
        return None
    match = _WRITTEN.fullmatch(written.strip())
    if not match:
        raise ValueError("a limit is written count/seconds, like 30/60, or off")
    return Limit(int(match[1]), int(match[2]))
