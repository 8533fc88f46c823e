"""A Redis that would throw rings away is refused at the start; one that is away is not."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from service.cli.secrets import ACCESS_LIST
from service.embedded.layout import PROJECT
from service.embedded.redis import Redis as EmbeddedRedis
from service.eviction import RedisEvicts, refuse_evicting_redis
from tests.web.harness import random_key

EVICTING = ("allkeys-lru", "allkeys-lfu", "allkeys-random", "volatile-lru", "volatile-ttl")
PROGRAMS = {
    "web": ("service",),
    "worker": ("celery", "-A", "workers.app", "worker", "--without-gossip", "--without-mingle"),
    "scheduler": ("celery", "-A", "workers.app", "beat", "--pidfile", "", "--schedule", "schedule"),
}


@pytest.fixture
def evicting(redis_url: str) -> Iterator[str]:
    with Redis.from_url(redis_url) as client:
        client.config_set("maxmemory-policy", "allkeys-lru")
        try:
            yield redis_url
        finally:
            client.config_set("maxmemory-policy", "noeviction")


def run(program: str, redis_url: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    keys = {f"REPLYDESK_{name}_KEYS": random_key() for name in ("EMAIL", "INDEX", "SIGNING")}
    environ = {"DATABASE_URL": "postgresql://desk@127.0.0.1:1/x", "REDIS_URL": redis_url, **keys}
    return subprocess.run(
        [sys.executable, "-m", *PROGRAMS[program]],
        cwd=folder,
        env=environ | {"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("program", PROGRAMS)
def test_no_process_starts_on_a_redis_that_evicts_and_it_says_why_in_one_line(
    program: str, evicting: str, tmp_path: Path
) -> None:
    done = run(program, evicting, tmp_path)
    assert done.returncode not in {0, None}
    said = [line for line in done.stderr.splitlines() if line.startswith("replydesk: ")]
    assert said == ["replydesk: REDIS_URL: Redis has maxmemory-policy allkeys-lru, and it must be noeviction"]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("policy", EVICTING)
def test_every_way_to_evict_is_refused(redis_url: str, policy: str, evicting: str) -> None:
    with Redis.from_url(redis_url) as client:
        client.config_set("maxmemory-policy", policy)
    with pytest.raises(RedisEvicts, match=policy):
        refuse_evicting_redis(redis_url)


def test_the_embedded_redis_is_taken_as_it_is(redis_url: str) -> None:
    refuse_evicting_redis(redis_url)


def test_a_redis_that_is_away_is_no_reason_to_refuse(unused_tcp_port: int) -> None:
    refuse_evicting_redis(f"redis://127.0.0.1:{unused_tcp_port}/0")


def test_the_access_list_of_the_compose_file_lets_it_ask(
    redis_url: str, embedded_redis: EmbeddedRedis, evicting: str
) -> None:
    """A user who may not ask would be taken at its word."""
    rights = next(line for line in ACCESS_LIST.splitlines() if line.startswith("user replydesk ")).split()[4:]
    with Redis.from_url(redis_url) as client:
        client.execute_command("ACL", "SETUSER", "asks", "on", ">unguessable", *rights)
        try:
            url = f"redis://asks:unguessable@127.0.0.1:{embedded_redis.port}/0"
            with pytest.raises(RedisEvicts):
                refuse_evicting_redis(url)
        finally:
            client.execute_command("ACL", "DELUSER", "asks")
