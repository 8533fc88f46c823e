"""The file that says that a worker or a scheduler is at work."""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


def is_touched_by(signals: str, folder: Path) -> bool:
    """Whether these signals of Celery leave the file; in a process of its own, as they are global."""
    program = f"import workers.heartbeat\nfrom celery.signals import *\n{signals}"
    environment = {
        "DATABASE_URL": "postgresql://nowhere/none",
        "REDIS_URL": "redis://nowhere/0",
        "TMPDIR": str(folder),
    }
    command = [sys.executable, "-W", "ignore", "-c", program]
    subprocess.run(command, cwd=PROJECT, env=environment, check=True)
    return (folder / "replydesk-alive").exists()


@pytest.mark.parametrize(
    ("signals", "touched"),
    [
        ("", False),
        ("heartbeat_sent.send(sender=None)", True),
        ("beat_init.send(sender=None)", False),
        ("beat_init.send(sender=None); after_task_publish.send(sender=None)", True),
        ("after_task_publish.send(sender=None)", False),
    ],
)
def test_a_worker_marks_its_heartbeats_and_a_scheduler_its_rings(
    tmp_path: Path, signals: str, touched: bool
) -> None:
    assert is_touched_by(signals, tmp_path) is touched
