"""What a query read: its plan as Postgres carried it out, and how many comments it looked at."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any, cast

import asyncpg
import orjson

from service.storage.pool import Connection

Plan = dict[str, Any]


class Explaining:
    """Stands for a connection: each `fetch` is explained instead of answered, and leaves nothing behind."""

    def __init__(self, held: Connection) -> None:
        self._held = held
        self.plans: list[Plan] = []

    async def fetch(self, sql: str, *values: Any) -> list[asyncpg.Record]:
        explained = "EXPLAIN (ANALYZE, FORMAT JSON) " + sql
        transaction = self._held.transaction()
        await transaction.start()
        try:
            self.plans.append(orjson.loads(await self._held.fetchval(explained, *values))[0]["Plan"])
        finally:
            await transaction.rollback()
        return []

    async def fetchrow(self, sql: str, *values: Any) -> None:
        await self.fetch(sql, *values)


async def explained(
    held: Connection, work: Callable[[Connection], Awaitable[object]], *, which: int = -1
) -> Plan:
    """The plan of one query of `work`, by default its last."""
    explaining = Explaining(held)
    await work(cast("Connection", explaining))
    return explaining.plans[which]


def nodes(plan: Plan) -> Iterator[Plan]:
    """Every step of a plan."""
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


def comments_read(plan: Plan) -> int:
    """How many rows of `comment` the longest of its scans looked at."""
    return max(
        rows_of(node) + node.get("Rows Removed by Filter", 0) * node["Actual Loops"]
        for node in nodes(plan)
        if node.get("Relation Name") == "comment" and "Scan" in node["Node Type"]
    )


def rows_sorted(plan: Plan) -> int:
    """How many rows the greatest sort of a plan took in."""
    return max((rows_of(node["Plans"][0]) for node in nodes(plan) if "Sort" in node["Node Type"]), default=0)


def rows_of(node: Plan) -> int:
    """How many rows a step gave; the plan has their mean over its loops."""
    return round(node["Actual Rows"] * node["Actual Loops"])
