"""A token bucket: so many requests a second on average, so many at once at most."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class TokenBucket:
    """Full at first; `rate` tokens a second come in until there are `burst`.

    Attributes:
        clock: seconds that never go back.
    """

    rate: float
    burst: int
    clock: Callable[[], float] = time.monotonic
    _tokens: float = field(init=False)
    _seen: float = field(init=False)

    def __post_init__(self) -> None:
        if self.rate <= 0 or self.burst < 1:
            raise ValueError("a bucket needs a rate above zero and room for one token")
        self._tokens = float(self.burst)
        self._seen = self.clock()

    def take(self) -> bool:
        """Whether there was a token; it is gone then."""
        now = self.clock()
        self._tokens = min(self.burst, self._tokens + max(0.0, now - self._seen) * self.rate)
        self._seen = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    @property
    def next_in_s(self) -> float:
        """In how many seconds there is a token again, where nobody else takes it."""
        return max(0.0, 1 - self._tokens) / self.rate
