"""Every answer of a run: how long it took, whether its status is allowed, and what it said."""

import hashlib
import re
from dataclasses import dataclass, field

from tests.faults.lag import Lag

LIMIT_S = 5.0
"""I7: every request is answered within this time, not counting what the one who measures lost meanwhile."""

# The one place where an address may stand: the form handed back to the one who typed it, in that answer.
_OWN_FIELD = re.compile(rb'(<input id="reply-email" name="email" type="email")[^>]*')


@dataclass
class Answers:
    """What came back. A broken connection is an answer too: it is allowed where the web process was hurt."""

    faults: list[str] = field(default_factory=list)
    worst_s: float = 0.0
    times: dict[str, list[float]] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    heard: list[bytes] = field(default_factory=list)
    lag: Lag = field(default_factory=Lag)
    _known: set[bytes] = field(default_factory=set)

    def took(self, what: str, seconds: float) -> None:
        """Note the time of one answer."""
        self.worst_s = max(self.worst_s, seconds)
        self.times.setdefault(what, []).append(seconds)
        if seconds > LIMIT_S + self.lag.lately():
            self.faults.append(f"I7: {what} was answered after {seconds:.1f} s")

    def status(self, what: str, status: int, headers: dict[str, str]) -> None:
        """Note the status of one answer: 2xx, 3xx, 4xx, or 503 and 429 with Retry-After."""
        word = f"{what} {status}"
        self.statuses[word] = self.statuses.get(word, 0) + 1
        if status >= 500 and status != 503:
            self.faults.append(f"I7: {what} was answered {status}")
        if status in {429, 503} and "retry-after" not in headers:
            self.faults.append(f"I7: {what} was answered {status} without Retry-After")

    def broke(self, what: str, why: str, *, allowed: bool) -> None:
        """Note a request that got no answer."""
        word = f"{what} broken"
        self.statuses[word] = self.statuses.get(word, 0) + 1
        if not allowed:
            self.faults.append(f"I7: {what} got no answer ({why})")

    def said(self, headers: dict[str, str], body: bytes, *, own_form: bool = False) -> None:
        """Keep the words of an answer, each once, for the search for addresses."""
        text = _OWN_FIELD.sub(rb"\1", body) if own_form else body
        whole = "\n".join(f"{name}: {value}" for name, value in headers.items()).encode() + b"\n\n" + text
        digest = hashlib.sha256(text).digest()
        if digest not in self._known:
            self._known.add(digest)
            self.heard.append(whole)

    def quantile(self, what: str, share: float) -> float:
        """The time within which this share of those answers came; 0 where there were none."""
        times = sorted(self.times.get(what, []))
        return times[min(len(times) - 1, int(len(times) * share))] if times else 0.0
