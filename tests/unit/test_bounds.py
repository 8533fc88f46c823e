"""A process that runs checks keeps to its memory, dumps no core and lets others go first."""

import os
import resource
import subprocess
import sys

import pytest

from service.embedded.layout import PROJECT
from workers.bounds import MIB, NICENESS

BEFORE = "import os, resource\nfrom workers.bounds import confine\n"
AFTER = "print(*map(resource.getrlimit, (resource.RLIMIT_DATA, resource.RLIMIT_CORE)), os.nice(0))"


def confined(code: str) -> str:
    """What a process of its own prints."""
    done = subprocess.run(
        [sys.executable, "-c", BEFORE + code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_an_allocation_beyond_the_bound_is_an_error_of_the_one_who_asked() -> None:
    asked = "confine(256)\ntry:\n    bytes(300 << 20)\nexcept MemoryError:\n    print('refused')\n"
    assert confined(asked + "print(len(bytes(64 << 20)))").split() == ["refused", str(64 << 20)]


def test_no_core_is_dumped_and_others_go_first() -> None:
    nice = max(NICENESS, os.getpriority(os.PRIO_PROCESS, 0))
    assert confined(f"confine(256)\n{AFTER}") == f"({256 * MIB}, {256 * MIB}) (0, 0) {nice}"


def test_a_stricter_bound_of_somebody_else_stays() -> None:
    nice = min(19, max(NICENESS, os.getpriority(os.PRIO_PROCESS, 0)) + 9)
    stricter = (
        f"resource.setrlimit(resource.RLIMIT_DATA, ({200 * MIB}, {220 * MIB}))\n"
        f"os.setpriority(os.PRIO_PROCESS, 0, {nice})\n"
    )
    assert confined(f"{stricter}confine(512)\n{AFTER}") == f"({200 * MIB}, {220 * MIB}) (0, 0) {nice}"


def test_the_usual_process_is_far_below_the_usual_bound() -> None:
    from service.settings import Settings

    bound = Settings.model_fields["worker_memory_mb"].default
    used = confined(
        "import re, workers.runtime, celery\n"
        "print(re.search(r'VmData:\\s+(\\d+)', open('/proc/self/status').read())[1])"
    )
    if resource.getrlimit(resource.RLIMIT_DATA)[1] != resource.RLIM_INFINITY:
        pytest.skip("bounded already")
    assert int(used) / 1024 < bound / 4
