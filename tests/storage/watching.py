"""Which tables a piece of work reads from end to end: what Postgres counts, and what it would do again.

Two looks, for each sees what the other does not. The counters of the transaction know what ran, also inside
of functions, triggers and checks of references. The plans of the statements know what did not run this time,
and where it stands.
"""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from tests.storage.plans import nodes

Mode = Literal["auto", "force_generic_plan"]
"""The first runs of a statement are planned for its values, the later ones perhaps for any."""

_COUNTERS = """
SELECT relname, pg_stat_get_xact_numscans(it.oid)::int AS through,
       (SELECT coalesce(sum(pg_stat_get_xact_tuples_returned(indexrelid)), 0)::int
        FROM pg_index WHERE indrelid = it.oid) AS entries
FROM pg_class AS it WHERE relname = ANY($1::text[]) AND relnamespace = 'public'::regnamespace
"""


@dataclass(slots=True)
class Seen:
    """Of each table: what read it from end to end, or would; how many entries of its indexes were read."""

    through: dict[str, str]
    entries: dict[str, int]


async def watch(
    held: Any, tables: Collection[str], work: Callable[[Any], Awaitable[object]], mode: Mode
) -> Seen:
    """What `work` reads of these tables; all is rolled back."""
    transaction = held.transaction()
    await transaction.start()
    try:
        await held.execute(f"SET LOCAL plan_cache_mode = {mode}")
        statements: list[Any] = []
        before = await _counters(held, tables)
        with held.query_logger(statements.append):
            await work(held)
        after = await _counters(held, tables)
        seen = Seen({}, {table: after[table][1] - before[table][1] for table in tables})
        seen.through = {table: "counted" for table in tables if after[table][0] > before[table][0]}
        for one in statements:
            seen.through |= dict.fromkeys(await _planned(held, one, tables, mode), one.query)
        return seen
    finally:
        await transaction.rollback()


async def _counters(held: Any, tables: Collection[str]) -> dict[str, tuple[int, int]]:
    rows = await held.fetch(_COUNTERS, list(tables))
    return {row["relname"]: (row["through"], row["entries"]) for row in rows}


async def _planned(held: Any, one: Any, tables: Collection[str], mode: Mode) -> set[str]:
    if not one.query.lstrip().upper().startswith(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")):
        return set()
    if mode == "auto":
        explained = await held.fetchval("EXPLAIN (FORMAT JSON) " + one.query, *one.args)
    else:
        explained = await _explain_for_any_values(held, one.query, len(one.args))
    steps = nodes(orjson.loads(explained)[0]["Plan"])
    return {step["Relation Name"] for step in steps if step["Node Type"] == "Seq Scan"} & set(tables)


async def _explain_for_any_values(held: Any, sql: str, values: int) -> str:
    await held.execute("PREPARE watched AS " + sql)
    given = f"({', '.join(['NULL'] * values)})" if values else ""
    explained: str = await held.fetchval("EXPLAIN (FORMAT JSON) EXECUTE watched" + given)
    await held.execute("DEALLOCATE watched")
    return explained
