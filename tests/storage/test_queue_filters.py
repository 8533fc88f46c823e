"""Each filter of the queue finds few among many without a look at the many."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.domain.policy import Policy
from service.storage import queue
from service.storage.pages import url_digest
from service.storage.pool import Connection, Pool, connection
from service.storage.queue_filters import Place, QueueFilter, QueueSort
from service.storage.threads import Position
from tests.factories import make_site
from tests.paper_fixtures import Owner
from tests.storage.plans import comments_read, explained, nodes

MANY, FEW, LIMIT = 12_000, 20, 10
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
RARE_PAGE = "https://paper.example/sport/final"
EDGE = NOON - timedelta(minutes=MANY - FEW // 2)


async def fill(owner: Owner, site_id: int) -> None:
    """Many comments that are held, of which the few oldest differ in all."""
    async with owner.transaction():
        await owner.execute("SET LOCAL session_replication_role = replica")  # no decision stands behind them
        insert_page = "INSERT INTO page (site_id, url, url_digest) VALUES ($1, $2, $3) RETURNING id"
        urls = [f"https://paper.example/news/{n}" for n in range(40)] + [RARE_PAGE]
        page_ids = [await owner.fetchval(insert_page, site_id, url, url_digest(url)) for url in urls]
        insert_author = "INSERT INTO author (site_id, key) VALUES ($1, $2) RETURNING id"
        author_id = await owner.fetchval(insert_author, site_id, "rare-key")
        await owner.execute(
            """
            INSERT INTO comment (site_id, id, page_id, author_id, author, text, fingerprint, status, version,
                                 reason, submitted_at, risk, language, objections)
            SELECT $1, gen_random_uuid(),
                   ($2::bigint[])[CASE WHEN rare THEN 41 ELSE 1 + n % 40 END],
                   CASE WHEN rare THEN $3::bigint END, 'A',
                   repeat('word ', 20) || CASE WHEN rare THEN 'lighthouse' ELSE 'ferry' END, '\\x00',
                   'held', 2,
                   CASE WHEN rare THEN 'hate' ELSE 'links' END, $4::timestamptz - n * interval '1 minute',
                   CASE WHEN rare THEN 0.95 ELSE 0.4 + (n % 10) * 0.01 END,
                   CASE WHEN rare THEN 'fr' ELSE 'en' END,
                   ARRAY[CASE WHEN rare THEN 'abuse' ELSE 'links' END]
            FROM (SELECT n, n > $5 - $6 AS rare FROM generate_series(1, $5) AS n) AS row
            """,
            site_id,
            page_ids,
            author_id,
            NOON,
            MANY,
            FEW,
        )


@pytest.fixture
async def site_id(owner: Owner) -> int:
    made = (await make_site(owner, "paper", Policy())).id
    await fill(owner, made)
    await owner.execute("VACUUM ANALYZE")
    return made


FILTERS: dict[str, dict[str, Any]] = {
    "page": {"page_url": RARE_PAGE},
    "section": {"section": "https://paper.example/sport/"},
    "reason": {"reason": "hate"},
    "check": {"check": "abuse"},
    "least score": {"min_score": 0.9},
    "band of scores": {"min_score": 0.9, "max_score": 0.99},
    "language": {"language": "fr"},
    "age": {"submitted_before": EDGE},
    "author": {"author_key": "rare-key"},
    "words": {"words": "lighthouse"},
}


async def listed(held: Connection, site_id: int, sort: QueueSort, **asked: Any) -> list[queue.QueuedComment]:
    only = QueueFilter(**asked)
    return await queue.list_queue(
        held, [site_id], status="held", sort=sort, limit=LIMIT, after=None, only=only
    )


async def test_each_filter_uses_an_index_and_finds_only_what_fits(site_id: int, web: Pool) -> None:
    async with connection(web) as held:
        for name, asked in FILTERS.items():
            found = await listed(held, site_id, "newest", **asked)
            assert len(found) == LIMIT, name
            assert {one.reason for one in found} == {"hate"}, name
            plan = await explained(held, lambda one, asked=asked: listed(one, site_id, "newest", **asked))  # type: ignore[misc]
            scans = [node for node in nodes(plan) if node.get("Relation Name") == "comment"]
            assert "Seq Scan" not in {node["Node Type"] for node in scans}, name
            assert comments_read(plan) <= 2 * FEW, name


async def test_every_sort_reads_little_more_than_it_shows(site_id: int, web: Pool) -> None:
    after = Place(Position(NOON - timedelta(hours=20), queue.UUID(int=0)), 0.45)
    sorts: list[QueueSort] = ["oldest", "newest", "risk"]
    async with connection(web) as held:
        for sort in sorts:
            for place in (None, after):
                plan = await explained(
                    held,
                    lambda one, sort=sort, place=place: queue.list_queue(  # type: ignore[misc]
                        one, [site_id], status="held", sort=sort, limit=LIMIT, after=place
                    ),
                )
                assert comments_read(plan) <= 2 * LIMIT, sort


async def test_the_riskiest_come_first_and_what_is_not_known_last_without_a_jump(
    site_id: int, owner: Owner, web: Pool
) -> None:
    await owner.execute("UPDATE comment SET risk = NULL WHERE reason = 'links'")
    expected = await owner.fetch(
        "SELECT id FROM comment ORDER BY risk DESC NULLS LAST, submitted_at, id LIMIT 40"
    )
    found: list[queue.QueuedComment] = []
    async with connection(web) as held:
        for _ in range(4):
            last = found[-1] if found else None
            risk = -1.0 if last is None or last.risk is None else last.risk
            place = Place(Position(last.submitted_at, last.id), risk) if last else None
            found += await queue.list_queue(
                held, [site_id], status="held", sort="risk", limit=LIMIT, after=place
            )
    assert [one.id for one in found] == [row["id"] for row in expected]
