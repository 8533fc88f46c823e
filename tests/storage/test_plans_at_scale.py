"""No question that is asked all day reads a big table from end to end, whatever its values."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import pytest

from bench.filling import Wanted, fill
from tests.databases import TEMPLATE, Databases
from tests.storage.hot_queries import HOT, Big
from tests.storage.watching import Mode, watch

COMMENTS = 20_000
AS_IF = 100
"""So many times more rows are in the statistics, as if there were two million comments.

With fewer, or without this, the tables beside the comments have a page or two, and reading those is right.
With both, what read a table through was the same as with two million real ones, but for generic plans of
`expire_addresses`, `expire_appeals`, `lock_sealed_otherwise` and `list_unindexed`. Asked ten times and more,
these stayed fast: Postgres found such a plan dearer than one for the values and did not take it.
`expire_reports` read all reports there, for they were few.
"""

BIG_TABLES = (
    "comment", "comment_email", "decision", "event", "page", "author", "author_identity", "submission_key",
    "text_sketch", "hourly_figure", "earlier_text", "report", "sample", "appeal", "mail_recipient",
    "reader_mail",
)  # fmt: skip

READ_THROUGH: dict[tuple[str, str], str] = {}
"""What may be read from end to end, by the question's name and the table, and why. Nothing needs to, today.

Not asked here, for an operator waits for it and it is about everything: `list_email_keys`, `list_index_keys`
and `recount_comments`.
"""

MUCH = 1300
"""Entries of a table's indexes. A page of a queue reads 50 comments and up to a thousand of their authors';
the busiest site holds 1400, so whatever reads and sorts those reads more.
"""

READ_MUCH = {
    r"queue .* by words": "a common word is in many comments, which its index gives in no order",
    r"queue .* by check": "a check objects to many comments of a site, which its index gives in no order",
    r"queue .* by (section|page)": "what is held on a page, or on some, is sorted: a part of a queue",
    r"queue risk by (reason|language)": "what is held for one reason, or in one language, is sorted by risk",
    r"queue (oldest|newest) by (least|most) score": "in the order of time, other scores are passed by",
    r"an hour|figures of a week": "decisions are told apart, and at this size one range has all",
    r"labels": "a generic plan looks for the latest sample backwards, through all that wait",
    r"authors without an index": "an operator changes keys: a batch of all authors, with their comments",
}
"""What reads more, by the question's name, and why."""


@pytest.fixture(scope="module")
def big_url(databases: Databases) -> Iterator[str]:
    """A database that is filled once; whoever asks it something leaves nothing."""
    url = databases.make(TEMPLATE)
    asyncio.run(_fill(url))
    yield url
    databases.drop(url)


async def _fill(url: str) -> None:
    owner = await asyncpg.connect(url)
    try:
        await _fill_by(owner)
    finally:
        await owner.close()


async def _fill_by(owner: Any) -> None:
    await fill(owner, Wanted.of(COMMENTS))
    await owner.execute(
        "INSERT INTO earlier_text (site_id, comment_id, version, text)"
        " SELECT site_id, id, version - 1, 'As it was.' FROM comment WHERE version > 1 LIMIT 200"
    )
    await owner.execute("ANALYZE earlier_text")
    await owner.execute(
        "UPDATE pg_class SET reltuples = reltuples * $1 WHERE relname = ANY($2::text[]) AND relkind = 'r'",
        AS_IF,
        list(BIG_TABLES),
    )


@pytest.fixture
async def held(big_url: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(big_url)
    yield connection
    await connection.close()


@pytest.mark.parametrize("mode", ["auto", "force_generic_plan"])
@pytest.mark.parametrize("name", HOT)
async def test_nothing_reads_a_big_table_from_end_to_end(held: Any, name: str, mode: Mode) -> None:
    big = await Big.look(held)
    seen = await watch(held, BIG_TABLES, lambda own: HOT[name](own, big), mode)
    assert {table: sql for table, sql in seen.through.items() if (name, table) not in READ_THROUGH} == {}


@pytest.mark.parametrize("mode", ["auto", "force_generic_plan"])
@pytest.mark.parametrize("name", [name for name in HOT if not re.fullmatch("|".join(READ_MUCH), name)])
async def test_nothing_reads_much_for_a_moderator_of_the_busiest_site(
    held: Any, name: str, mode: Mode
) -> None:
    big = (await Big.look(held)).of_one_site()
    seen = await watch(held, BIG_TABLES, lambda own: HOT[name](own, big), mode)
    assert {table: entries for table, entries in seen.entries.items() if entries > MUCH} == {}


@pytest.mark.parametrize("pattern", READ_MUCH)
def test_what_may_read_much_is_asked(pattern: str) -> None:
    assert any(re.fullmatch(pattern, name) for name in HOT)
