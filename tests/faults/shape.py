"""What a system of a run consists of: how many of each process, with which settings, on what ground."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Shape:
    """Faults of the same shape share one system; a fault that needs another gets one of its own.

    `settings` go to every process of the product, `postgres` to the server, `worker_app` is what
    `celery -A` names, `small_disk_mb` puts Postgres's data on a tmpfs of that size, and with
    `fake_clock` Postgres lives by a clock that the fault can move.
    """

    webs: int = 2
    workers: int = 1
    schedulers: int = 1
    settings: Mapping[str, str] = field(default_factory=dict)
    postgres: Mapping[str, str] = field(default_factory=dict)
    worker_app: str = "workers.app"
    small_disk_mb: int | None = None
    fake_clock: bool = False
