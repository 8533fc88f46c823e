"""How late this process itself gets the processor, which no service can be blamed for."""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field

EVERY_S = 0.05
REMEMBERED_S = 6.0  # longer than an answer may take


@dataclass
class Lag:
    """Sleeps for a moment, again and again, and notes how much too late it wakes."""

    worst_s: float = 0.0
    _lately: deque[tuple[float, float]] = field(default_factory=deque)

    async def watch(self) -> None:
        """Until it is cancelled."""
        while True:
            began = time.monotonic()
            await asyncio.sleep(EVERY_S)
            self._note(time.monotonic(), time.monotonic() - began - EVERY_S)

    def lately(self) -> float:
        """The sum of what was lost in the last seconds, from the first tenth of a second of each loss on."""
        horizon = time.monotonic() - REMEMBERED_S
        while self._lately and self._lately[0][0] < horizon:
            self._lately.popleft()
        return sum(late for _, late in self._lately)

    def _note(self, now: float, late: float) -> None:
        self.worst_s = max(self.worst_s, late)
        if late > 0.1:
            self._lately.append((now, late - 0.1))
