"""Docker Compose as an operator types it, for one project of this test's own, with an end to every wait."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

IMAGE = "replydesk-compose-test:local"
STARTED = time.monotonic()
LASTS_S = 460.0
"""The whole test must be over by then."""


class Failed(Exception):
    """Something is not as it must be; the message says what."""


def say(line: str) -> None:
    """One line of progress, with the seconds since the start."""
    sys.stderr.write(f"compose-test {time.monotonic() - STARTED:5.0f} s  {line}\n")
    sys.stderr.flush()


def must(condition: object, message: str) -> None:
    """Fail with `message` unless `condition` holds."""
    if not condition:
        raise Failed(message)


def wait_until(what: str, found: Callable[[], Any], *, seconds: float = 60.0) -> Any:
    """What `found` returns, as soon as that is true."""
    end = min(time.monotonic() + seconds, STARTED + LASTS_S)
    while True:
        result = found()
        if result:
            return result
        if time.monotonic() > end:
            raise Failed(f"waited in vain for: {what}")
        time.sleep(0.2)


class Compose:
    """The compose file of a clone; `settings` are what an operator would write into .env."""

    def __init__(self, folder: Path, project: str, settings: dict[str, str]) -> None:
        self.folder, self.project = folder, project
        kept = {name: value for name, value in os.environ.items() if not name.startswith("REPLYDESK_")}
        self.environment = kept | settings | {"REPLYDESK_IMAGE": IMAGE}

    def __call__(self, *words: str, expect: int | None = 0, seconds: float = 240.0) -> str:
        """Run `docker compose …`; its standard output."""
        return self._run(["docker", "compose", "-p", self.project, *words], expect, seconds).stdout

    def refusal(self, *words: str) -> str:
        """Run something that must fail; its last line on standard error."""
        done = self._run(["docker", "compose", "-p", self.project, *words], None, 60.0)
        must(done.returncode != 0, f"{words} should have failed")
        return (done.stderr.strip().splitlines() or [""])[-1]

    def operator(self, *words: str) -> str:
        """`replydesk …` as an operator runs it."""
        return self("run", "--rm", "-T", "replydesk", *words).strip()

    def state(self, service: str) -> tuple[str, str]:
        """When the service's container was started, and its health."""
        found = self("ps", "-a", "-q", service).strip()
        if not found:
            return "", "absent"
        form = "{{.State.StartedAt}} {{if .State.Running}}{{.State.Health.Status}}{{else}}down{{end}}"
        line = self._run(["docker", "inspect", "--format", form, found], 0, 20.0).stdout
        started, _, health = line.strip().partition(" ")
        return started, health

    def left_over(self) -> list[str]:
        """Containers, volumes and networks of this project that are still there."""
        label = f"label=com.docker.compose.project={self.project}"
        asked = (["ps", "-a", "-q"], ["volume", "ls", "-q"], ["network", "ls", "-q"])
        return [
            line
            for words in asked
            for line in self._run(["docker", *words, "--filter", label], 0, 20.0).stdout.split()
        ]

    def _run(
        self, command: list[str], expect: int | None, seconds: float
    ) -> subprocess.CompletedProcess[str]:
        # The way down is never cut short.
        left = seconds if "down" in command else min(seconds, STARTED + LASTS_S - time.monotonic())
        try:
            done = subprocess.run(
                command, cwd=self.folder, env=self.environment, capture_output=True, text=True,
                stdin=subprocess.DEVNULL, timeout=max(left, 1.0), check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise Failed(f"took longer than {left:.0f} s: {' '.join(command)}") from None
        if expect is not None and done.returncode != expect:
            last = "\n".join(done.stderr.splitlines()[-25:])
            raise Failed(f"exit code {done.returncode}: {' '.join(command)}\n{last}")
        return done
