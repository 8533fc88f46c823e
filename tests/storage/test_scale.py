"""The generator of big databases leaves one that the product could have left, and its schema as it was."""

import asyncpg
import pytest

from bench.filling import NotEmpty, Wanted, fill
from bench.recount import recount
from tests.factories import Paper

_SCHEMA = """
SELECT (SELECT array_agg(indexdef ORDER BY indexdef) FROM pg_indexes WHERE schemaname = 'public')
    || (SELECT array_agg(format('%s %s %s', conname, pg_get_constraintdef(oid), convalidated)
                         ORDER BY conrelid, conname)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace)
    || (SELECT array_agg(format('%s %s', tgenabled, pg_get_triggerdef(oid)) ORDER BY tgrelid, tgname)
        FROM pg_trigger WHERE NOT tgisinternal)
"""
SMALL = Wanted.of(2000)


async def test_what_is_made_keeps_every_count_and_every_shape_of_a_big_installation(
    owner: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    await fill(owner, SMALL)
    assert await recount(owner) == {}
    assert await owner.fetchval("SELECT count(*) FROM comment") == SMALL.comments
    assert (
        await owner.fetchval("SELECT max(n) FROM (SELECT count(*) AS n FROM comment GROUP BY page_id)") >= 100
    )
    statuses = {status for (status,) in await owner.fetch("SELECT DISTINCT status FROM comment")}
    assert statuses == {"pending", "published", "held", "rejected", "spam"}
    assert await owner.fetchval("SELECT max(cardinality(ancestors)) FROM comment") == 4
    assert await owner.fetchval("SELECT count(*) FROM event WHERE seq IS NULL") == 0


async def test_indexes_constraints_and_triggers_are_as_they_were(
    owner: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    before = await owner.fetchval(_SCHEMA)
    await fill(owner, SMALL)
    assert await owner.fetchval(_SCHEMA) == before


async def test_a_database_with_something_in_it_is_left_alone(
    owner: "asyncpg.Connection[asyncpg.Record]", paper: Paper
) -> None:
    comment_id = await paper.post()
    with pytest.raises(NotEmpty):
        await fill(owner, SMALL)
    assert (await paper.row(comment_id))["status"] == "pending"


@pytest.mark.parametrize(
    ("broken", "found"),
    [
        ("UPDATE page SET published_count = published_count + 1 WHERE id = 1", "numbers of a page"),
        ("UPDATE comment_count SET n = n + 1 WHERE status = 'held'", "numbers of a queue"),
        ("UPDATE event_order SET last_seq = last_seq - 1", "the order of events"),
    ],
)
async def test_a_count_that_is_wrong_is_found(
    owner: "asyncpg.Connection[asyncpg.Record]", broken: str, found: str
) -> None:
    await fill(owner, SMALL)
    await owner.execute(broken)
    assert list(await recount(owner)) == [found]
