"""How many clients may be connected, and who has to go when there are too many.

A connection that waits for a request costs a file descriptor and nothing else: where the room is full, the
one that has waited longest is closed for the new one, so that idle connections, however many, keep nobody
out. Where everybody is being answered, the new one is refused.
"""

import resource
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from service.web.client_ip import Network, is_from, network_of

RESERVED_FILES = 96
"""Descriptors that clients do not get: pools, Redis, files, and what is accepted but not yet counted."""

ACCEPTED_AT_ONCE = 16
"""How many waiting clients the event loop takes in one turn; they are counted in the next one."""

LEAST_FILES = RESERVED_FILES + 16
"""With fewer descriptors a web process does not start."""


class Guest(Protocol):
    """A connection, as far as it matters here."""

    def send_away(self) -> None:
        """Close now, whatever is left to send."""
        ...


def files_allowed() -> int:
    """How many descriptors this process may have, asked anew each time: it can be changed as we run."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return soft if soft != resource.RLIM_INFINITY else 1_048_576


def allow_more_files(wanted: int) -> int:
    """Raise our own limit of open files towards what is wanted, as far as the system lets us; the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return files_allowed()


@dataclass(slots=True)
class OpenConnections:
    """The connections of one process; `most` is the operator's wish, the limit of open files may allow fewer.

    One network (a /24 or a /64) may have half of them, unless it is a proxy that speaks for many.
    """

    most: int
    proxies: Sequence[Network] = ()
    files: Callable[[], int] = files_allowed
    refused: int = 0
    _network_of: dict[Guest, str | None] = field(default_factory=dict)
    _per_network: Counter[str] = field(default_factory=Counter)
    _idle: dict[Guest, None] = field(default_factory=dict)  # in the order in which they began to wait

    def __len__(self) -> int:
        return len(self._network_of)

    @property
    def room(self) -> int:
        """How many there may be now."""
        return max(1, min(self.most, self.files() - RESERVED_FILES))

    def admit(self, guest: Guest, peer: str | None) -> bool:
        """Take a new connection in, at the cost of an idle one where there is no room; false: refuse it."""
        network = self._network(peer)
        if network is not None and self._per_network[network] >= max(1, self.room // 2):
            has_place = self._send_idlest_away(network)
        else:
            has_place = len(self) < self.room or self._send_idlest_away(None)
        if not has_place:
            self.refused += 1
            return False
        self._network_of[guest] = network
        if network is not None:
            self._per_network[network] += 1
        self._idle[guest] = None
        return True

    def is_busy(self, guest: Guest) -> None:
        """It has sent a request and stays until that is answered."""
        self._idle.pop(guest, None)

    def is_idle(self, guest: Guest) -> None:
        """It waits again; the last to go."""
        if guest in self._network_of:
            self._idle.pop(guest, None)
            self._idle[guest] = None

    def leave(self, guest: Guest) -> None:
        """It is closed."""
        self._idle.pop(guest, None)
        network = self._network_of.pop(guest, None)
        if network is not None:
            self._per_network[network] -= 1
            if not self._per_network[network]:
                del self._per_network[network]

    def _network(self, peer: str | None) -> str | None:
        """Whose share it takes; null for our proxies and for a Unix socket."""
        return None if peer is None or is_from(peer, self.proxies) else network_of(peer)

    def _send_idlest_away(self, network: str | None) -> bool:
        """Close the longest waiting connection, of that network or of all; false where none waits."""
        for guest in self._idle:
            if network is None or self._network_of[guest] == network:
                self.leave(guest)
                guest.send_away()
                return True
        return False
