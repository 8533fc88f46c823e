"""One site's flood does not make another site wait, and claiming stays as cheap as before."""

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from service.domain.policy import Policy
from service.storage import leases
from service.storage.leases import Leased
from service.storage.pool import Connection, Pool, connection
from tests.factories import make_site
from tests.paper_fixtures import Owner
from tests.storage.plans import comments_read, explained, nodes, rows_of, rows_sorted

MINUTE = timedelta(minutes=1)
BATCH = 20
DECIDED = 200_000


async def claim(worker: Pool, limit: int = BATCH) -> list[Leased]:
    async with connection(worker) as held:
        return await claim_over(held, limit)


async def claim_over(held: Connection, limit: int = BATCH) -> list[Leased]:
    return await leases.claim_due(held, uuid4(), limit=limit, lease=MINUTE)


async def site(owner: Owner, slug: str, pending: int, *, status: str = "pending", version: int = 1) -> int:
    """A site of the tests' own with that many comments, one a second until now."""
    site_id: int = (await make_site(owner, slug, Policy())).id
    await add(owner, site_id, pending, status=status, version=version)
    return site_id


async def add(owner: Owner, site_id: int, number: int, *, status: str, version: int) -> None:
    async with owner.transaction():
        await owner.execute("SET LOCAL session_replication_role = replica")  # no decision stands behind them
        await owner.execute(
            """
            INSERT INTO page (site_id, url, url_digest) VALUES ($1, '/', '\\x00') ON CONFLICT DO NOTHING
            """,
            site_id,
        )
        await owner.execute(
            """
            INSERT INTO comment
                (site_id, id, page_id, author, text, fingerprint, status, version, due_at)
            SELECT $1, gen_random_uuid(), (SELECT min(id) FROM page WHERE site_id = $1), 'A', 'text', '\\x00',
                   $3, $4, clock_timestamp() - n * interval '1 second'
            FROM generate_series(1, $2) AS n
            """,
            site_id,
            number,
            status,
            version,
        )


async def test_a_single_comment_behind_another_sites_thousand_is_in_the_next_batch(
    owner: Owner, worker: Pool
) -> None:
    flooded = await site(owner, "flooded", 1000)
    quiet = await site(owner, "quiet", 1)
    sites = [leased.site_id for leased in await claim(worker)]
    assert quiet in sites
    assert sites.count(flooded) == BATCH // 2
    assert {leased.site_id for leased in await claim(worker)} == {flooded}


async def test_each_site_gets_the_same_share_of_a_batch(owner: Owner, worker: Pool) -> None:
    ids = [await site(owner, f"paper-{n}", 100 * (n + 1)) for n in range(4)]
    assert Counter(leased.site_id for leased in await claim(worker)) == dict.fromkeys(ids, 5)


async def test_of_each_site_what_is_due_longest_comes_first(owner: Owner, worker: Pool) -> None:
    for slug in ("one", "two"):
        await site(owner, slug, 50)
    oldest = await owner.fetch(
        """
        SELECT id FROM (
            SELECT id, rank() OVER (PARTITION BY site_id ORDER BY due_at) AS place FROM comment
        ) AS placed WHERE place <= 10
        """
    )
    assert {leased.id for leased in await claim(worker)} == {row["id"] for row in oldest}


async def test_with_more_sites_than_a_batch_holds_every_site_has_its_turn(owner: Owner, worker: Pool) -> None:
    ids = {await site(owner, f"paper-{n}", 40) for n in range(12)}
    seen: set[int] = set()
    for _ in range(40):
        batch = await claim(worker, limit=5)
        assert len({leased.site_id for leased in batch}) == len(batch) == 5
        seen |= {leased.site_id for leased in batch}
    assert seen == ids


async def test_a_site_alone_gets_whole_batches_until_it_has_no_more(owner: Owner, worker: Pool) -> None:
    await site(owner, "alone", 2 * BATCH + 3)
    assert [len(await claim(worker)) for _ in range(4)] == [BATCH, BATCH, 3, 0]


async def test_claimers_beside_each_other_get_every_comment_of_every_site_once(
    owner: Owner, worker: Pool
) -> None:
    for number, pending in enumerate((200, 60, 7, 1)):
        await site(owner, f"paper-{number}", pending)

    async def drain() -> list[UUID]:
        got: list[UUID] = []
        while batch := await claim(worker, limit=7):
            assert len(batch) <= 7
            got += [leased.id for leased in batch]
        return got

    parts = await asyncio.gather(*(drain() for _ in range(8)))
    ids = [one for part in parts for one in part]
    assert len(ids) == len(set(ids)) == 268


async def test_a_worker_skips_what_another_is_taking(owner: Owner, worker: Pool) -> None:
    await site(owner, "one", BATCH)
    await site(owner, "two", BATCH)
    async with connection(worker) as held, connection(worker) as beside:
        transaction = held.transaction()
        await transaction.start()
        got = await claim_over(held)
        others = await asyncio.wait_for(claim_over(beside), 1)  # while the first one's rows are locked
        await transaction.commit()
    assert (len(got), len(others)) == (BATCH, BATCH)
    assert {one.id for one in got}.isdisjoint(one.id for one in others)


@pytest.fixture
async def years(owner: Owner) -> None:
    """A site with a flood, one with a single comment, two with none, beside years of what was decided."""
    await site(owner, "flooded", 5000)
    await site(owner, "quiet", 1)
    await site(owner, "empty", 0)
    busy = await site(owner, "busy", DECIDED, status="spam", version=2)
    await add(owner, busy, 10, status="pending", version=1)
    await owner.execute("VACUUM ANALYZE")


async def test_a_claim_reads_what_it_leases_and_one_comment_more_of_each_site(
    years: None, owner: Owner, worker: Pool
) -> None:
    await claim(worker)
    async with connection(worker) as held:
        plan = await explained(held, claim_over)
    scans = [node for node in nodes(plan) if node.get("Relation Name") == "comment"]
    assert "Seq Scan" not in {node["Node Type"] for node in scans}
    assert comments_read(plan) <= BATCH + 4
    assert rows_sorted(plan) <= 4  # sites, and no comments
    locked = sum(rows_of(node) for node in nodes(plan) if node["Node Type"] == "LockRows")
    assert locked == rows_of(plan) <= BATCH
