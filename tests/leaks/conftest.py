"""Real processes with logs of their own, at the most talkative level."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.embedded.layout import PROJECT
from service.embedded.ports import free_port
from tests.web.conftest import (  # noqa: F401
    _started,
    database,
    make_site,
    make_token,
)
from tests.web.harness import random_key

StartProcess = Callable[..., Path]


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def keys() -> dict[str, str]:
    """The settings of the keys that the web process has."""
    return {f"REPLYDESK_{name}_KEYS": random_key() for name in ("EMAIL", "INDEX", "SIGNING")}


@pytest.fixture
def start_process(tmp_path: Path, redis_url: str, port: int, keys: dict[str, str]) -> Iterator[StartProcess]:
    """`start_process("web", DATABASE_URL=…)`: runs a process of the product; the path of its log."""
    running: list[subprocess.Popen[bytes]] = []
    commands = {
        "web": [sys.executable, "-m", "service"],
        "worker": [sys.executable, "-m", "celery", "-A", "workers.app", "worker", "-l", "DEBUG", "-c", "1"],
    }

    def start(name: str, **settings: str) -> Path:
        env = {key: value for key, value in os.environ.items() if not key.startswith("REPLYDESK_")}
        env |= {
            "REDIS_URL": redis_url,
            "REPLYDESK_PORT": str(port),
            "REPLYDESK_LOG_LEVEL": "DEBUG",
        } | settings
        env |= keys if name == "web" else {}
        log = tmp_path / f"{name}.log"
        with log.open("wb") as output:
            running.append(
                subprocess.Popen(
                    commands[name], cwd=PROJECT, env=env, stdout=output, stderr=output, start_new_session=True
                )
            )
        return log

    yield start
    for process in running:
        process.send_signal(signal.SIGTERM)
    for process in running:
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)
