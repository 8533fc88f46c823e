"""`celery -A workers.heartbeat …`: the Celery app, and a file that is touched while its process is at work.

A container's health check looks at the file's age, which costs next to nothing. The worker touches it every
two seconds from its event loop while it is connected to Redis, the scheduler whenever a ring reached Redis.
"""

from pathlib import Path
from tempfile import gettempdir
from typing import Any

from celery.signals import after_task_publish, beat_init, heartbeat_sent

from workers.app import app

__all__ = ["ALIVE", "app"]

ALIVE = Path(gettempdir()) / "replydesk-alive"


@heartbeat_sent.connect
def _mark(**_: Any) -> None:
    ALIVE.touch()


@beat_init.connect
def _mark_rings(**_: Any) -> None:
    # In the scheduler alone: the worker's own rings say nothing about its event loop.
    after_task_publish.connect(_mark)
