"""The web process refuses a Python that would serve less safely, and leaves no image of its memory."""

import os
import subprocess
import sys

import pytest

from service.embedded.layout import PROJECT

KEY = "1:MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY="
WORKING = {
    "DATABASE_URL": "postgresql://127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1",
    **{f"REPLYDESK_{name}_KEYS": KEY for name in ("EMAIL", "INDEX", "SIGNING")},
}


def start(*options: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """`python … -m service` to its end, which comes at once."""
    return subprocess.run(
        [sys.executable, *options, "-m", "service"],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], **WORKING, **environment},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize(
    ("options", "environment", "named"),
    [
        (["-O"], {}, "-O"),
        ([], {"PYTHONOPTIMIZE": "1"}, "PYTHONOPTIMIZE"),
        ([], {"AIOHTTP_NO_EXTENSIONS": "1"}, "AIOHTTP_NO_EXTENSIONS"),
    ],
)
def test_an_interpreter_that_serves_less_safely_is_refused_in_one_line(
    options: list[str], environment: dict[str, str], named: str
) -> None:
    ended = start(*options, **environment)
    assert ended.returncode == 1
    assert named in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


LIMIT_OF_A_CHILD = """
import subprocess, sys
from service.processes import no_core_dumps
no_core_dumps()
child = "import resource as r; print(r.getrlimit(r.RLIMIT_CORE))"
print(subprocess.check_output([sys.executable, "-c", child]))
"""


def test_a_crash_leaves_no_image_of_the_memory_of_a_process_or_its_children() -> None:
    environment = {"PATH": os.environ["PATH"]}
    said = subprocess.check_output([sys.executable, "-c", LIMIT_OF_A_CHILD], cwd=PROJECT, env=environment)
    assert b"(0, 0)" in said
