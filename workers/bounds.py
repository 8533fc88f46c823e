"""What a process that runs checks may take of its machine: so much memory, and the processor after others."""

import contextlib
import os
import resource

NICENESS = 2
"""Readers and senders come first. Not by far: on a busy machine a backlog must go on shrinking too."""

MIB = 1024 * 1024


def confine(memory_mb: int) -> None:
    """Bound this process, after its fork and before its first check; children of its own inherit it.

    Beyond `memory_mb` MiB of data an allocation fails with `MemoryError`, in the check that asked for it,
    before the kernel kills some process of its choice. RLIMIT_DATA counts what is private and writable
    (setrlimit(2)): mapped files, such as a model's, and what is only reserved are free.
    A crash leaves no core dump, which would hold what people wrote.
    """
    _lower(resource.RLIMIT_DATA, memory_mb * MIB)
    _lower(resource.RLIMIT_CORE, 0)
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, max(NICENESS, os.getpriority(os.PRIO_PROCESS, 0)))


def _lower(kind: int, to: int) -> None:
    """Never raises a limit that somebody else set."""
    soft, hard = (to if was == resource.RLIM_INFINITY else min(to, was) for was in resource.getrlimit(kind))
    resource.setrlimit(kind, (soft, hard))
