"""A circuit breaker (M. Nygard, Release It!): who fails again and again is left alone for a while."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class CircuitBreaker:
    """Opens after so many failures in a row; then lets one probe through after each rest.

    Attributes:
        failures: in a row, that open it.
        rest_s: the first rest in seconds; each failed probe doubles it, up to `longest_rest_s`.
        clock: seconds that never go back.
        jitter: 0..1; a rest is up to half longer by it, so that many processes do not probe at once.
    """

    failures: int = 5
    rest_s: float = 10.0
    longest_rest_s: float = 300.0
    clock: Callable[[], float] = time.monotonic
    jitter: Callable[[], float] = random.random
    _failed: int = field(default=0, init=False)
    _closed_until: float = field(default=0.0, init=False)

    @property
    def is_open(self) -> bool:
        """Whether the service is being left alone, probes aside."""
        return self._failed >= self.failures

    @property
    def is_resting(self) -> bool:
        """Whether it is open and nobody may even probe."""
        return self.is_open and self.clock() < self._closed_until

    def may_ask(self) -> bool:
        """Whether to ask now; a true answer while it is open is the probe, and the next one comes later."""
        if not self.is_open:
            return True
        if self.is_resting:
            return False
        self._rest()  # nobody else probes meanwhile, and a probe that is never reported is not the last one
        return True

    def succeeded(self) -> None:
        """It answered: closed again."""
        self._failed = 0

    def failed(self) -> None:
        """It did not."""
        self._failed += 1
        if self.is_open:
            self._rest()

    def wait(self, seconds: float | None) -> None:
        """It asked to be left alone, for so long where it said so: open from now on, with one probe after."""
        self._failed = max(self._failed + 1, self.failures)
        self._rest()
        if seconds is not None:
            self._closed_until = self.clock() + max(self.rest_s, min(seconds, self.longest_rest_s))

    def _rest(self) -> None:
        rest_s = self.rest_s * 2 ** min(self._failed - self.failures, 30)
        self._closed_until = self.clock() + min(rest_s, self.longest_rest_s) * (1 + self.jitter() / 2)
