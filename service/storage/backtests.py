"""Backtests that were asked for, their state, and whose turn it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from service.domain.policy import Policy
from service.storage.pool import Connection
from service.storage.sites import read_document


@dataclass(frozen=True, slots=True)
class Backtest:
    """`report` is there once it is done, `failure` where it failed; `done` counts comments."""

    id: UUID
    wanted: int
    status: str
    done: int
    report: dict[str, Any] | None
    failure: str | None
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Claimed:
    """One to be done by whoever claimed it, until the lease ends."""

    site_id: int
    id: UUID
    candidate: Policy
    wanted: int


async def insert_backtest(
    connection: Connection, site_id: int, policy: Policy, *, wanted: int, moderator_id: int, most: int
) -> UUID | None:
    """Its id; null where the site has so many unfinished ones. The caller's transaction locks the site."""
    found: UUID | None = await connection.fetchval(
        """
        INSERT INTO backtest (site_id, document, wanted, moderator_id)
        SELECT $1, $2, $3, $4
        WHERE (SELECT count(*) FROM backtest WHERE site_id = $1 AND status IN ('queued', 'running')) < $5
        RETURNING id
        """,
        site_id,
        policy.model_dump_json(),
        wanted,
        moderator_id,
        most,
    )
    return found


async def find_backtest(connection: Connection, site_id: int, backtest_id: UUID) -> Backtest | None:
    """That one of that site."""
    row = await connection.fetchrow(
        """
        SELECT id, wanted, status, done, report, failure, asked_at FROM backtest
        WHERE site_id = $1 AND id = $2
        """,
        site_id,
        backtest_id,
    )
    if row is None:
        return None
    values = dict(row)
    values["report"] = orjson.loads(values["report"]) if values["report"] else None
    return Backtest(**values)


_OPEN = "status IN ('queued', 'running') AND (leased_until IS NULL OR leased_until < clock_timestamp())"
_IS_ANY_OPEN = f"SELECT EXISTS (SELECT FROM backtest WHERE {_OPEN})"  # noqa: S608
_GIVE_UP = f"""
UPDATE backtest SET status = 'failed', failure = 'begun too often' WHERE {_OPEN} AND attempts >= $1
"""  # noqa: S608
_CLAIM = f"""
UPDATE backtest AS it
SET status = 'running', attempts = attempts + 1, done = 0, leased_until = clock_timestamp() + $1
FROM (
    SELECT site_id, id FROM backtest WHERE {_OPEN} ORDER BY asked_at LIMIT 1 FOR UPDATE SKIP LOCKED
) AS oldest
WHERE it.site_id = oldest.site_id AND it.id = oldest.id
RETURNING it.site_id, it.id, it.document, it.wanted
"""  # noqa: S608


async def is_any_open(connection: Connection) -> bool:
    """Whether one waits for somebody to do it."""
    return bool(await connection.fetchval(_IS_ANY_OPEN))


async def claim_backtest(connection: Connection, *, lease: timedelta, most_attempts: int) -> Claimed | None:
    """The oldest that nobody is doing; one that was begun too often fails instead."""
    await connection.execute(_GIVE_UP, most_attempts)
    row = await connection.fetchrow(_CLAIM, lease)
    if row is None:
        return None
    return Claimed(
        row["site_id"], row["id"], read_document(row["site_id"], 0, row["document"]), row["wanted"]
    )


async def note_progress(connection: Connection, claimed: Claimed, done: int, lease: timedelta) -> None:
    """So many comments were read; the lease begins anew."""
    await connection.execute(
        """
        UPDATE backtest SET done = $3, leased_until = clock_timestamp() + $4
        WHERE site_id = $1 AND id = $2 AND status = 'running'
        """,
        claimed.site_id,
        claimed.id,
        done,
        lease,
    )


async def finish(connection: Connection, claimed: Claimed, report: dict[str, Any]) -> None:
    """It is done."""
    await connection.execute(
        "UPDATE backtest SET status = 'done', report = $3 WHERE site_id = $1 AND id = $2",
        claimed.site_id,
        claimed.id,
        orjson.dumps(report).decode(),
    )


async def fail(connection: Connection, claimed: Claimed, failure: str) -> None:
    """It came to nothing, and why."""
    await connection.execute(
        "UPDATE backtest SET status = 'failed', failure = $3 WHERE site_id = $1 AND id = $2",
        claimed.site_id,
        claimed.id,
        failure,
    )


async def delete_old(connection: Connection, kept: timedelta, *, limit: int) -> int:
    """Delete what was asked for longer ago than that; how many there were."""
    done = await connection.execute(
        """
        DELETE FROM backtest WHERE (site_id, id) IN (
            SELECT site_id, id FROM backtest WHERE asked_at < clock_timestamp() - $1::interval LIMIT $2)
        """,
        kept,
        limit,
    )
    return int(done.split()[1])
