"""Celery and its Redis transport, setting by setting, each with its reason.

One rule decides: Postgres holds the work, and a message is only a bell. It may be lost, doubled or late;
nothing may block for ever, and nothing personal may travel. Where Celery's own default is what is wanted it
stands here too, for a default may change.
"""

from typing import Any

from service.dispatch import CHECK_DUE, QUEUE, RING_EXPIRES_S, SWEEP, VISIBILITY_S
from service.settings import Settings
from workers.patrol import SWEEP_EVERY_S

SOFT_LIMIT_S = 20
HARD_LIMIT_S = 30
"""A task stops by itself well before; past this its process is ended, and its comment's attempt counts."""

MESSAGES: dict[str, Any] = {
    # JSON alone: pickle would run whatever somebody put into Redis.
    "task_serializer": "json",
    "accept_content": ["json"],
    # Nobody asks for results: no backend that could leak them or be trusted (CVE-2021-23727).
    "task_ignore_result": True,
    "result_backend": None,
    "task_default_queue": QUEUE,
    # A ring that cannot be sent is not sent: trying again would block the task that rings, and the scheduler
    # rings anyhow.
    "task_publish_retry": False,
    "worker_send_task_events": False,
    "task_send_sent_event": False,
}

DELIVERY: dict[str, Any] = {
    # A message is taken off when its task has ended, so that a killed worker's ring is rung again.
    "task_acks_late": True,
    # A pool process that was killed (out of memory) gives its message back. By itself that would hand a
    # deadly comment round for ever; it is safe because attempts are counted in Postgres.
    "task_reject_on_worker_lost": True,
    # A task that failed is not given back: what it left is due again by its lease.
    "task_acks_on_failure": True,
    "task_acks_on_timeout": True,
    # Redis gives a message that nobody took off to another worker after this time. It must lie well above the
    # hard limit, or tasks that still run are started twice; and Celery reads it in three places.
    "visibility_timeout": VISIBILITY_S,
    "result_backend_transport_options": {"visibility_timeout": VISIBILITY_S},
    "task_soft_time_limit": SOFT_LIMIT_S,
    "task_time_limit": HARD_LIMIT_S,
}

TRANSPORT: dict[str, Any] = {
    "visibility_timeout": VISIBILITY_S,
    # Look for messages of dead workers every 5 s; kombu's own 10 s times 10 makes it 100 s.
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    # Without these a worker on a silently dead connection hears nothing for ever.
    "socket_timeout": 10.0,
    "socket_connect_timeout": 3.0,
    "socket_keepalive": True,
    "health_check_interval": 10,
}

CONNECTION: dict[str, Any] = {
    # Redis comes and goes; a worker waits for it and checks meanwhile without rings (patrol.py).
    "broker_connection_retry": True,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    # A Redis that is full or read-only answers with an error and keeps the connection; without this it would
    # end the worker, and the patrol with it, at the next start of a connection.
    "broker_channel_error_retry": True,
    # And without this it would lose two sockets with each try (consumer.py).
    "worker_consumer": "workers.consumer:TidyConsumer",
    # Nor does a child that ends beside its connection end the worker (pool.py).
    "worker_pool": "workers.pool:TidyTaskPool",
    "broker_transport_options": TRANSPORT,
    # After a lost connection a running task's message is given to another: it need not go on here as well.
    "worker_cancel_long_running_tasks_on_connection_loss": True,
}

PROCESSES: dict[str, Any] = {
    # Fetch a message only when a process is free for it: what waits in a worker's memory is lost with it.
    "worker_prefetch_multiplier": 1,
    "worker_disable_prefetch": True,
    # Whatever leaks ends with its process. The second is in KiB and looks between tasks; `bounds.py` looks
    # while one runs.
    "worker_max_tasks_per_child": 10_000,
    "worker_max_memory_per_child": 400_000,
    "worker_enable_soft_shutdown_on_idle": False,
    # Our own log lines, which hold nothing of messages.
    "worker_hijack_root_logger": False,
    "worker_redirect_stdouts": False,
}


def celery_settings(settings: Settings) -> dict[str, Any]:
    """All of it, with what an operator sets."""
    return MESSAGES | DELIVERY | CONNECTION | PROCESSES | _set_by_operators(settings)


def _set_by_operators(settings: Settings) -> dict[str, Any]:
    return {
        "worker_concurrency": settings.worker_processes,
        # A stop waits so long for running tasks, which last 3 s, and then gives their messages back. It is
        # less than the 20 s that one might give a task, for ours hand on; stop_grace_period is above both.
        "worker_soft_shutdown_timeout": settings.drain_s,
        "beat_schedule": {
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
        "beat_max_loop_interval": min(settings.sweep_s, 5.0),
    }
