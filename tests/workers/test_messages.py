"""What travels through Redis: the name of a task, and nothing about anybody."""

import base64
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from service.dispatch import CHECK_DUE, QUEUE, SWEEP, Doorbell, publisher
from service.embedded.layout import PROJECT
from tests.factories import until

# Importing the worker's app reads the settings of the process, so it is looked at in one of its own.
INSPECT = """
import inspect, json
import billiard.pool
from celery.signals import worker_process_init
from workers.app import app
app.loader.import_default_modules()
own = {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}
worker_process_init.send(None)
from billiard.pool import GUARANTEE_MESSAGE_CONSUMPTION_RETRY_LIMIT as times
from billiard.pool import GUARANTEE_MESSAGE_CONSUMPTION_RETRY_INTERVAL as seconds
print(json.dumps({
    "a child waits": times * seconds,
    "tasks": {name: {"coroutine": inspect.iscoroutinefunction(task.run),
                     "parameters": list(inspect.signature(task.run).parameters),
                     "acks_late": task.acks_late, "reject": task.reject_on_worker_lost,
                     "ignore_result": task.ignore_result, "soft": task.soft_time_limit}
              for name, task in own.items()},
    "schedule": {entry["task"]: [entry.get("args"), entry.get("kwargs"), entry["schedule"],
                                 entry["options"]["expires"]]
                 for entry in app.conf.beat_schedule.values()},
    "accept": list(app.conf.accept_content), "queue": app.conf.task_default_queue,
    "backend": str(app.conf.result_backend), "timeout": app.conf.broker_transport_options["socket_timeout"],
}))
"""


@pytest.fixture(scope="module")
def app() -> dict[str, Any]:
    """What the worker's app is made of."""
    done = subprocess.run(
        [sys.executable, "-c", INSPECT],
        env={
            "PATH": os.environ["PATH"],
            "TMPDIR": os.environ["TMPDIR"],
            "PYTHONPATH": str(PROJECT),
            "DATABASE_URL": "postgresql://desk@127.0.0.1/x",
            "REDIS_URL": "redis://127.0.0.1:1",
            "REPLYDESK_SWEEP_S": "7",
        },
        capture_output=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def messages(redis_url: str) -> list[dict[str, Any]]:
    """The raw messages that wait, with their bodies decoded."""
    with Redis.from_url(redis_url) as client:
        raw = client.lrange(QUEUE, 0, -1)
    assert isinstance(raw, list)
    found = [json.loads(one) for one in raw]
    return [one | {"body": json.loads(base64.b64decode(one["body"]))} for one in found]


def test_tasks_are_plain_functions_without_arguments(app: dict[str, Any]) -> None:
    """Celery would call a coroutine function, drop the coroutine and report success."""
    assert set(app["tasks"]) == {CHECK_DUE, SWEEP}
    for task in app["tasks"].values():
        assert task["coroutine"] is False
        assert task["parameters"] == []
        assert (task["acks_late"], task["reject"], task["ignore_result"]) == (True, True, True)


def test_the_scheduler_rings_without_arguments_and_its_rings_grow_old(app: dict[str, Any]) -> None:
    assert app["schedule"] == {CHECK_DUE: [None, None, 7.0, 60], SWEEP: [None, None, 60.0, 60.0]}


def test_the_app_takes_json_alone_keeps_no_results_and_never_waits_for_ever(app: dict[str, Any]) -> None:
    assert (app["accept"], app["queue"], app["backend"]) == (["json"], QUEUE, "None")
    assert 0 < app["timeout"] <= 10


def test_a_child_that_ends_does_not_wait_half_a_minute_for_a_parent_that_is_ending_too(
    app: dict[str, Any],
) -> None:
    assert app["a child waits"] <= 1


def test_a_message_carries_nothing_but_the_name_of_its_task(redis_url: str) -> None:
    with publisher(redis_url) as bell:
        bell.send_task(CHECK_DUE, queue=QUEUE, ignore_result=True)
    (message,) = messages(redis_url)
    args, kwargs, _embed = message["body"]
    assert (args, kwargs) == ([], {})
    headers = message["headers"]
    assert (headers["task"], headers["argsrepr"], headers["kwargsrepr"]) == (CHECK_DUE, "()", "{}")
    assert headers["origin"].startswith("gen")


async def test_a_ring_of_the_web_process_is_one_message_that_grows_old(redis_url: str) -> None:
    async with Doorbell(redis_url) as bell:
        bell.ring()
        await until(lambda: arrived(redis_url))
    (message,) = messages(redis_url)
    assert message["headers"]["task"] == CHECK_DUE
    assert message["headers"]["expires"] is not None


async def test_many_rings_close_together_are_few_messages(redis_url: str) -> None:
    async with Doorbell(redis_url) as bell:
        for _ in range(1000):
            bell.ring()
        await until(lambda: arrived(redis_url))
    assert len(messages(redis_url)) <= 2


async def arrived(redis_url: str) -> bool:
    return bool(messages(redis_url))


@pytest.mark.parametrize("words", [("worker",), ("beat", "--schedule", "schedule", "--pidfile", "")])
def test_a_full_disk_behind_the_output_does_not_keep_it_from_working(
    words: tuple[str, ...], redis_url: str, database_url: str, tmp_path: Path
) -> None:
    """Nor a closed pipe. Both ring at once, the worker when it listens, the scheduler when it begins."""
    with open("/dev/full", "w") as full, Redis.from_url(redis_url) as client:  # noqa: PTH123
        client.config_resetstat()
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "workers.app", *words],
            cwd=tmp_path,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(PROJECT),
                "DATABASE_URL": database_url,
                "REDIS_URL": redis_url,
                "REPLYDESK_SWEEP_S": "0.2",
            },
            stdout=full,
            stderr=full,
        )
        try:
            until = time.monotonic() + 40
            while not client.info("commandstats").get("cmdstat_lpush"):  # type: ignore[union-attr]
                assert process.poll() is None
                assert time.monotonic() < until
                time.sleep(0.05)
        finally:
            process.kill()
            process.wait(10)


def test_a_worker_with_wrong_settings_says_why_in_clear_lines_and_ends(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "celery", "-A", "workers.app", "worker"],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "REPLYDESK_WHAT": "1", "REPLYDESK_LEASE_S": "x"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    said = done.stderr.strip().splitlines()
    assert "Traceback" not in done.stderr
    assert said == [
        "replydesk: REPLYDESK_WHAT: there is no such setting",
        "replydesk: DATABASE_URL is missing",
        "replydesk: REDIS_URL is missing",
        f"replydesk: {next(line for line in said if 'LEASE' in line).removeprefix('replydesk: ')}",
    ]
