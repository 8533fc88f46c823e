"""The configuration of Celery and Redis is what the trials asked for, and what the app really has."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from service.dispatch import TRANSPORT_OPTIONS, publisher
from service.embedded.layout import PROJECT
from service.settings import Settings
from workers.celery_settings import celery_settings

ENVIRON = {
    "DATABASE_URL": "postgresql://desk@127.0.0.1/x",
    "REDIS_URL": "redis://127.0.0.1:1",
    "REPLYDESK_WORKER_PROCESSES": "3",
    "REPLYDESK_DRAIN_S": "6",
    "REPLYDESK_SWEEP_S": "7",
}
EXPECTED = {
    "task_serializer": "json",
    "accept_content": ["json"],
    "task_ignore_result": True,
    "result_backend": None,
    "task_publish_retry": False,
    "worker_send_task_events": False,
    "task_send_sent_event": False,
    "task_default_queue": "replydesk",
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "task_acks_on_failure": True,
    "task_acks_on_timeout": True,
    "task_soft_time_limit": 20,
    "task_time_limit": 30,
    "visibility_timeout": 120,
    "result_backend_transport_options": {"visibility_timeout": 120},
    "broker_connection_retry": True,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "broker_channel_error_retry": True,
    "worker_consumer": "workers.consumer:TidyConsumer",
    "worker_pool": "workers.pool:TidyTaskPool",
    "broker_transport_options": {
        "visibility_timeout": 120,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 10.0,
        "socket_connect_timeout": 3.0,
        "socket_keepalive": True,
        "health_check_interval": 10,
    },
    "worker_cancel_long_running_tasks_on_connection_loss": True,
    "worker_prefetch_multiplier": 1,
    "worker_disable_prefetch": True,
    "worker_concurrency": 3,
    "worker_max_tasks_per_child": 10_000,
    "worker_max_memory_per_child": 400_000,
    "worker_soft_shutdown_timeout": 6.0,
    "worker_enable_soft_shutdown_on_idle": False,
    "worker_hijack_root_logger": False,
    "worker_redirect_stdouts": False,
    "beat_schedule": {
        "ring for what is due": {
            "task": "replydesk.check_due",
            "schedule": 7.0,
            "options": {"expires": 60},
        },
        "do the housekeeping": {"task": "replydesk.sweep", "schedule": 60.0, "options": {"expires": 60.0}},
    },
    "beat_max_loop_interval": 5.0,
}
"""Each of them was measured or read about; `workers/celery_settings.py` has the reasons."""

INSPECT = "import json; from workers.app import app; print(json.dumps({name: app.conf[name] for name in %r}))"


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    return celery_settings(Settings.read(ENVIRON))


def test_no_setting_changed_by_accident(made: dict[str, Any]) -> None:
    assert made == EXPECTED


def test_the_app_has_them() -> None:
    """Importing the app reads the settings of the process, so it is looked at in one of its own."""
    plain = {name: os.environ[name] for name in ("PATH", "TMPDIR")} | {"PYTHONPATH": str(PROJECT)}
    done = subprocess.run(
        [sys.executable, "-c", INSPECT % sorted(EXPECTED)],
        env=plain | ENVIRON,
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout) == EXPECTED


def test_a_message_is_given_to_another_long_after_its_task_was_ended(made: dict[str, Any]) -> None:
    visible = {
        made["visibility_timeout"],
        made["broker_transport_options"]["visibility_timeout"],
        made["result_backend_transport_options"]["visibility_timeout"],
        TRANSPORT_OPTIONS["visibility_timeout"],
    }
    assert len(visible) == 1, "the shortest of all would count"
    assert min(visible) > 2 * made["task_time_limit"] > 2 * made["task_soft_time_limit"]


def test_whoever_only_rings_gives_up_within_two_seconds_and_never_tries_again() -> None:
    with publisher("redis://127.0.0.1:1") as bell:
        options = bell.conf.broker_transport_options
        assert bell.conf.task_publish_retry is False
        assert bell.conf.broker_connection_timeout <= 2
    assert options["socket_timeout"] <= 2
    assert options["socket_connect_timeout"] <= 2
    assert (options["retry_on_timeout"], options["max_retries"]) == (False, 0)
