"""Where something could stand that should stand nowhere: logs, Redis, tables, what a command prints."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
from aiohttp import ClientSession
from redis import Redis

from service.embedded.layout import PROJECT
from tests.leaks.markers import leaks

Search = Callable[[str, bytes], list[str]]
"""`leaks`, or a search for something else: the place and what stands there; what was found."""


async def until(is_so: Callable[[], Awaitable[Any]], seconds: float = 30) -> None:
    began = time.monotonic()
    while not await is_so():
        assert time.monotonic() - began < seconds, "it did not come about in time"
        await asyncio.sleep(0.05)


async def is_ready(client: ClientSession) -> bool:
    try:
        async with client.get("/readyz") as response:
            return response.status == 200
    except OSError:
        return False


def log_leaks(log: Path, search: Search = leaks) -> list[str]:
    written = log.read_bytes()
    assert b'"event"' in written
    return search(f"the log {log.name}", written)


def queue_leaks(redis_url: str, search: Search = leaks) -> list[str]:
    """Everything that Redis holds, the queue of the workers among it."""
    found: list[str] = []
    with Redis.from_url(redis_url) as redis:
        keys = list(redis.scan_iter())
        assert any(b"replydesk" in key for key in keys)
        for key in keys:
            kind = redis.type(key)
            if kind == b"none":
                continue  # it has just expired
            values: Any = {
                b"string": redis.get, b"set": redis.smembers, b"hash": redis.hgetall,
                b"list": lambda key: redis.lrange(key, 0, -1), b"zset": lambda key: redis.zrange(key, 0, -1),
            }[kind](key)  # fmt: skip
            found += search(f"Redis {key!r}", key + repr(values).encode())
    return found


def run_command(
    words: tuple[str, ...], typed: str, settings: dict[str, str]
) -> "subprocess.CompletedProcess[bytes]":
    """A command of an operator, whose output is looked at."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("REPLYDESK_")}
    return subprocess.run(
        [sys.executable, "-m", "service.cli", *words],
        input=typed.encode(), env=env | {"REDIS_URL": "redis://127.0.0.1:1/0"} | settings, cwd=PROJECT,
        capture_output=True, check=False, timeout=60,
    )  # fmt: skip


async def table_leaks(database: asyncpg.Connection, search: Search = leaks) -> list[str]:
    """Every row of every table; of the sealed addresses their bytes."""
    found: list[str] = []
    tables = await database.fetch(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    assert {"comment", "comment_email", "author_identity", "submission_key"} <= {
        row["relname"] for row in tables
    }
    for (table,) in tables:
        for row in await database.fetch(f'SELECT t::text AS text FROM "{table}" AS t'):  # noqa: S608
            found += search(f"table {table}", row["text"].encode())
    for row in await database.fetch("SELECT sealed FROM comment_email"):
        found += search("sealed bytes", row["sealed"])
    for table in ("author_identity", "submission_key"):
        for row in await database.fetch(f'SELECT * FROM "{table}"'):  # noqa: S608
            for value in row.values():
                found += search(f"bytes of {table}", value) if isinstance(value, bytes) else []
    return found
