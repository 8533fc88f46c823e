"""The Celery app: how messages travel, how processes begin and end, what the scheduler rings for."""

import sys
from typing import Any

import billiard.pool
import structlog
from celery import Celery
from celery.signals import (
    beat_init,
    setup_logging,
    worker_init,
    worker_process_init,
    worker_process_shutdown,
    worker_ready,
    worker_shutting_down,
)
from celery.worker.state import total_count

from service.dispatch import CHECK_DUE, QUEUE, RING_EXPIRES_S, SWEEP
from service.logs import configure_logs
from service.processes import die_with_parent, no_core_dumps
from service.settings import Settings, SettingsError, ignored_names
from workers.bounds import confine
from workers.patrol import SWEEP_EVERY_S, Patrol
from workers.runtime import Runtime

log = structlog.get_logger(__name__)

SOFT_LIMIT_S = 20
HARD_LIMIT_S = 30
"""A task stops by itself well before; past this its process is ended, and its comment's attempt counts."""


def _settings() -> Settings:
    try:
        return Settings.read()
    except SettingsError as error:
        sys.exit("\n".join(f"replydesk: {line}" for line in error.lines))


no_core_dumps()
settings = _settings()
app = Celery("replydesk", broker=settings.redis_url.get_secret_value(), include=["workers.tasks"])
app.conf.update(
    # Messages: JSON without arguments, no results; Postgres holds the work.
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    task_default_queue=QUEUE,
    # A lost worker gives its message back. That is safe only because attempts are counted in Postgres.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_soft_time_limit=SOFT_LIMIT_S,
    task_time_limit=HARD_LIMIT_S,
    # Fetch a message only when a process is free for it.
    worker_prefetch_multiplier=1,
    worker_disable_prefetch=True,
    worker_concurrency=settings.worker_processes,
    worker_max_tasks_per_child=10_000,
    worker_max_memory_per_child=400_000,  # KiB
    # The end: a bounded warm shutdown, then messages go back.
    worker_soft_shutdown_timeout=settings.drain_s,
    worker_enable_soft_shutdown_on_idle=False,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    worker_send_task_events=False,
    # Redis comes and goes: reconnect for ever, and never wait on a dead connection.
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "visibility_timeout": 120,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 10.0,
        "socket_connect_timeout": 3.0,
        "socket_keepalive": True,
        "health_check_interval": 10,
    },
    beat_schedule={
        # The guarantee behind the doorbell: whatever is due is rung for, whoever lost the first ring.
        "ring for what is due": {
            "task": CHECK_DUE,
            "schedule": settings.sweep_s,
            "options": {"expires": RING_EXPIRES_S},
        },
        # Whoever comes first does it, and the patrol of each worker comes by itself.
        "do the housekeeping": {
            "task": SWEEP,
            "schedule": SWEEP_EVERY_S,
            "options": {"expires": SWEEP_EVERY_S},
        },
    },
    beat_max_loop_interval=min(settings.sweep_s, 5.0),
)

runtime = Runtime(settings)
patrol = Patrol(settings, lambda: sum(total_count.values()), limit_s=HARD_LIMIT_S)


@setup_logging.connect
def _logs(**_: Any) -> None:
    configure_logs(settings.log_level)
    for name in ignored_names():
        log.warning("setting ignored: it comes from Kubernetes", name=name)


@worker_process_init.connect
def _begin(**_: Any) -> None:
    die_with_parent()
    confine(settings.worker_memory_mb)
    # A child that ends waits half a minute for its parent to read its results, though the parent may be
    # ending too. Ours have no results; a message whose end nobody heard of is given back, which is harmless.
    billiard.pool.GUARANTEE_MESSAGE_CONSUMPTION_RETRY_LIMIT = 10  # times 0.1 s


@worker_process_shutdown.connect
def _end(**_: Any) -> None:
    runtime.close()


@worker_init.connect
def _watch(**_: Any) -> None:
    patrol.start()


@worker_shutting_down.connect
def _watch_no_more(**_: Any) -> None:
    patrol.end()


@worker_ready.connect
def _ring_at_start(**_: Any) -> None:
    app.send_task(CHECK_DUE, expires=RING_EXPIRES_S)


@beat_init.connect
def _scheduler_logs(**_: Any) -> None:
    configure_logs(settings.log_level)
