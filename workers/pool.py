"""Celery's pool of processes, which outlives a child that ended while a connection to Redis did."""

from typing import Any

import celery.concurrency.prefork

_TaskPool: Any = celery.concurrency.prefork.TaskPool  # its type stub does not know what is used here


class TidyPool(_TaskPool.Pool):  # type: ignore[misc]
    """Repairs a habit of Celery 5.7 that `make faults` found.

    With each new connection every child is watched anew. One that has ended and is not collected yet has
    nothing left to watch: the ValueError ends the worker.
    """

    def _track_child_process(self, proc: Any, hub: Any) -> None:
        """Watch a child; one that was seen to end is replaced in the next round of `maintain_pool` (5 s)."""
        seen_to_end = getattr(proc, "_sentinel_poll", False) is None
        if not seen_to_end:
            super()._track_child_process(proc, hub)


class TidyTaskPool(_TaskPool):  # type: ignore[misc]
    """What `worker_pool` names."""

    Pool = TidyPool
