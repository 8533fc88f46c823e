"""The moderators' lists stay quick however much waits: they read what they show, and little more."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from service.domain.policy import Policy
from service.storage import queue
from service.storage.figures import list_site_figures
from service.storage.moderators import ensure_moderator
from service.storage.pool import Connection, Pool, connection
from service.storage.queue import QueuedComment
from service.storage.threads import Position, Sort
from tests.factories import make_site
from tests.paper_fixtures import Owner
from tests.storage.plans import comments_read, explained, nodes, rows_of, rows_sorted

HELD = 3000
LIMIT = 10
SITES = 3
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


async def fill(owner: Owner, site_id: int, number: int) -> None:
    """That many held comments, each by another author, one in each minute until noon."""
    async with owner.transaction():
        await owner.execute("SET LOCAL session_replication_role = replica")  # no decision stands behind them
        page_id = await owner.fetchval(
            "INSERT INTO page (site_id, url, url_digest) VALUES ($1, '/', '\\x00') RETURNING id",
            site_id,
        )
        first_author_id = await owner.fetchval(
            """
            WITH made AS (
                INSERT INTO author (site_id, key) SELECT $1, n::text FROM generate_series(1, $2) AS n
                RETURNING id
            )
            SELECT min(id) FROM made
            """,
            site_id,
            number,
        )
        await owner.execute(
            """
            INSERT INTO comment (site_id, id, page_id, author_id, author, text, fingerprint, status, version,
                                 submitted_at)
            SELECT $1, gen_random_uuid(), $2, $3 + n - 1, 'A', repeat('word ', 80), '\\x00', 'held', 2,
                   $4::timestamptz - n * interval '1 minute'
            FROM generate_series(1, $5) AS n
            """,
            site_id,
            page_id,
            first_author_id,
            NOON,
            number,
        )


@pytest.fixture
async def site_ids(owner: Owner) -> list[int]:
    """Three sites on each of which thousands wait."""
    ids = [(await make_site(owner, f"paper-{number}", Policy())).id for number in range(SITES)]
    for site_id in ids:
        await fill(owner, site_id, HELD)
    await owner.execute("VACUUM ANALYZE")
    return ids


async def list_held(
    held: Connection, site_ids: Sequence[int], *, sort: Sort = "oldest", after: Position | None = None
) -> list[QueuedComment]:
    return await queue.list_queue(held, site_ids, status="held", sort=sort, limit=LIMIT, after=after)


async def claim(held: Connection, site_ids: Sequence[int], moderator_id: int) -> list[UUID]:
    return await queue.claim_held(held, site_ids, moderator_id, limit=LIMIT, seconds=300)


@pytest.mark.parametrize("sort", ["oldest", "newest"])
@pytest.mark.parametrize("after", [None, Position(NOON - timedelta(hours=25), UUID(int=0))])
async def test_a_list_reads_no_more_comments_of_a_site_than_it_shows(
    sort: Sort, after: Position | None, site_ids: list[int], web: Pool
) -> None:
    async with connection(web) as held:
        plan = await explained(held, lambda one: list_held(one, site_ids, sort=sort, after=after))
    assert plan["Actual Rows"] == LIMIT
    assert rows_sorted(plan) <= SITES * LIMIT
    scans = [node for node in nodes(plan) if node.get("Relation Name") == "comment"]
    assert "Seq Scan" not in {node["Node Type"] for node in scans}
    assert comments_read(plan) <= SITES * LIMIT


async def test_the_record_of_an_author_is_read_once_and_from_the_latest_thousand(
    site_ids: list[int], owner: Owner, web: Pool
) -> None:
    only = "SELECT min(id) FROM author WHERE site_id = $1"
    await owner.execute(f"UPDATE comment SET author_id = ({only}) WHERE site_id = $1", site_ids[0])  # noqa: S608
    async with connection(web) as held:
        plan = await explained(held, lambda one: list_held(one, site_ids[:1]))
        [oldest, *_] = await list_held(held, site_ids[:1], sort="oldest")
        [newest, *_] = await list_held(held, site_ids[:1], sort="newest")
    [record] = [node for node in nodes(plan) if node.get("Subplan Name") == "CTE record"]
    assert record["Actual Rows"] == 1
    assert (oldest.author_history["held"], newest.author_history["held"]) == (1000, 999)


async def test_a_list_over_several_sites_is_in_order_and_goes_on_where_it_ended(
    site_ids: list[int], owner: Owner, web: Pool
) -> None:
    expected = await owner.fetch("SELECT id FROM comment ORDER BY submitted_at, id LIMIT $1", 3 * LIMIT)
    found: list[QueuedComment] = []
    async with connection(web) as held:
        for _ in range(3):
            after = Position(found[-1].submitted_at, found[-1].id) if found else None
            found += await list_held(held, [*site_ids, *site_ids], after=after)
    assert [one.id for one in found] == [row["id"] for row in expected]


async def test_a_claim_reads_and_locks_no_more_than_it_leases(
    site_ids: list[int], owner: Owner, web: Pool
) -> None:
    moderator_id = await ensure_moderator(owner, "Mina")
    async with connection(web) as held:
        plan = await explained(held, lambda one: claim(one, site_ids, moderator_id))
    assert comments_read(plan) <= SITES * LIMIT
    assert rows_sorted(plan) <= SITES * LIMIT
    assert sum(rows_of(node) for node in nodes(plan) if node["Node Type"] == "LockRows") == LIMIT


async def test_claims_over_several_sites_get_what_they_ask_for_oldest_first(
    site_ids: list[int], owner: Owner, web: Pool
) -> None:
    oldest = "SELECT id FROM comment ORDER BY submitted_at, id LIMIT $1"
    expected = [row["id"] for row in await owner.fetch(oldest, 2 * LIMIT)]
    mina, noor = [await ensure_moderator(owner, name) for name in ("Mina", "Noor")]
    async with connection(web) as held, connection(web) as beside:
        transaction = held.transaction()
        await transaction.start()
        got = await claim(held, site_ids, mina)
        others = await claim(beside, site_ids, noor)  # while the first one's rows are locked
        await transaction.commit()
    assert (len(got), len(others)) == (LIMIT, LIMIT)
    assert got == expected[:LIMIT]
    assert set(others).isdisjoint(got)
    assert await owner.fetchval("SELECT count(*) FROM comment WHERE claimed_by IS NOT NULL") == 2 * LIMIT


async def test_counts_are_exact_and_read_no_comment_but_the_oldest(
    site_ids: list[int], owner: Owner, web: Pool
) -> None:
    async with owner.transaction():
        await owner.execute("SET LOCAL session_replication_role = replica")
        await owner.execute("UPDATE comment SET status = 'spam', version = 3 WHERE site_id = $1", site_ids[1])
    await owner.execute("SELECT recount_comments()")
    await owner.execute("VACUUM ANALYZE")
    async with connection(web) as held:
        first, second, third = await list_site_figures(held, site_ids)
        plan = await explained(held, lambda one: list_site_figures(one, site_ids))
    assert (first.counts["held"], first.counts["spam"]) == (HELD, 0)
    assert (second.counts["held"], second.counts["spam"]) == (0, HELD)
    assert (third.counts["held"], third.counts["published"]) == (HELD, 0)
    assert second.oldest_held is None
    assert first.oldest_held is not None
    assert first.oldest_held.at == NOON - timedelta(minutes=HELD)
    assert comments_read(plan) <= 2 * SITES
