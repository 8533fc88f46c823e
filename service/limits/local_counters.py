"""The same limits in one process's memory: what holds while Redis is away."""

import time
from collections.abc import Callable, Mapping

from service.limits.decision import Decision
from service.limits.limit import Limit

MAX_KEYS = 50_000


class LocalCounters:
    """GCRA over a dict: for each key the time (µs) at which its bucket is full again."""

    def __init__(self, *, max_keys: int = MAX_KEYS, clock_ns: Callable[[], int] = time.monotonic_ns) -> None:
        self._full_at: dict[str, int] = {}
        self._max_keys = max_keys
        self._clock_ns = clock_ns

    def __len__(self) -> int:
        return len(self._full_at)

    def take(self, limits: Mapping[str, Limit]) -> Decision:
        """Count one under every key, or none: the longest wait is the answer."""
        now = self._clock_ns() // 1000
        full_at = {
            key: max(min(self._full_at.get(key, now), now + limit.window_us), now) + limit.interval_us
            for key, limit in limits.items()
        }
        waits = {key: full_at[key] - now - limit.window_us for key, limit in limits.items()}
        longest = max(waits, key=waits.__getitem__, default=None)
        if longest is not None and waits[longest] > 0:
            return Decision.refused(longest, waits[longest])
        self._full_at.update(full_at)
        if len(self._full_at) > self._max_keys:
            self._make_room(now)
        return Decision()

    def _make_room(self, now: int) -> None:
        """Forget what is over; if too little, the tenth that used least too: floods stay known."""
        self._full_at = {key: at for key, at in self._full_at.items() if at > now}
        if len(self._full_at) > self._max_keys:
            by_use = sorted(self._full_at, key=self._full_at.__getitem__)
            for key in by_use[: len(by_use) - self._max_keys * 9 // 10]:
                del self._full_at[key]
