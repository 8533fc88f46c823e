"""Fills a database in one transaction: sites, pages, threads and people as a big installation has them."""

import hashlib
import os
import random
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from uuid import UUID

from bench.bulk_load import Connection, bulk_load
from bench.made_beside import make_beside
from bench.made_findings import made_findings
from bench.made_rows import AUTHOR_COLUMNS, COMMENT_COLUMNS, PAGE_COLUMNS, Press, in_pieces
from bench.made_threads import Shape, Threads, plan_threads
from bench.made_words import Writer
from migrations.runner import pending_migrations
from service.domain.email import EmailAddress
from service.domain.policy import Policy
from service.keyring import Keyring
from service.storage import moderators, sites
from service.storage.hourly_figures import keep_hours
from service.vault import Vault

MODERATORS = 20
WHOLE_YEARS = 24 * 366 * 5
"""Hours; more than any comment is old."""

TABLES = (
    "page", "author", "author_identity", "comment", "comment_email", "decision", "event", "submission_key",
    "text_sketch", "report", "sample", "appeal", "mail_recipient", "reader_mail",
)  # fmt: skip


class NotEmpty(Exception):
    """The database has something in it already, or is not migrated."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; `largest` is the number of comments on the busiest page."""

    comments: int
    sites: int
    pages: int
    held: int
    largest: int
    seed: int

    @classmethod
    def of(cls, comments: int, seed: int = 1) -> "Wanted":
        """The usual shape of so many comments."""
        pages = max(20, comments // 20)
        return cls(comments, max(2, min(200, pages // 10)), pages, comments // 10, comments // 20, seed)


async def fill(connection: Connection, wanted: Wanted, *, say: bool = False) -> None:
    """Make everything as the owner of the tables, then vacuum and analyse.

    Raises:
        NotEmpty: nothing was done.
    """
    if await pending_migrations(connection):
        raise NotEmpty("the database is not migrated")
    if await connection.fetchval("SELECT EXISTS (SELECT FROM site) OR EXISTS (SELECT FROM moderator)"):
        raise NotEmpty("the database is not empty")
    chance = random.Random(wanted.seed)
    now_us = time.time_ns() // 1000
    with _told("the shape", say=say):
        threads = plan_threads(
            Shape(wanted.sites, wanted.pages, wanted.comments, wanted.held, wanted.largest, now_us), chance
        )
    async with _patient(connection), bulk_load(connection, TABLES, told=lambda what: _told(what, say=say)):
        await _load(connection, wanted, threads, chance, now_us, say=say)
    with _told("figures by the hour", say=say):
        while await keep_hours(connection, WHOLE_YEARS):
            pass
    with _told("vacuum and analyse", say=say):
        await connection.execute("VACUUM (FREEZE, ANALYZE)", timeout=36_000)


async def _load(
    connection: Connection, wanted: Wanted, threads: Threads, chance: random.Random, now_us: int, *, say: bool
) -> None:
    site_ids = [await _make_site(connection, number) for number in range(1, wanted.sites + 1)]
    people = [
        await moderators.ensure_moderator(connection, f"Moderator {n}") for n in range(1, MODERATORS + 1)
    ]
    await connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    writer = Writer(chance)
    press = Press(threads, site_ids, made_findings(chance, writer), writer, chance, now_us)
    await _copy(connection, "page", PAGE_COLUMNS, press.pages())
    await _copy(connection, "author", AUTHOR_COLUMNS, press.authors())
    with _told("comments", say=say):
        await _copy(connection, "comment", COMMENT_COLUMNS, press.comments())
    with _told("what stands beside them", say=say):
        await make_beside(connection, press.said, people, _sealed())


async def _make_site(connection: Connection, number: int) -> int:
    slug = f"site-{number}"
    site_id = await sites.insert_site(
        connection, slug=slug, name=f"Site {number}", post_url=None, policy=Policy()
    )
    await sites.replace_origins(connection, site_id, [f"https://{slug}.example"])
    return site_id


async def _copy(connection: Connection, table: str, columns: Sequence[str], lines: Iterator[str]) -> None:
    await connection.copy_to_table(table, source=in_pieces(lines), columns=columns, timeout=36_000)
    if table != "comment":
        numbered = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"  # noqa: S608
        await connection.execute(numbered)


def _sealed() -> list[bytes]:
    """Addresses as the product's vault seals them, under keys that are forgotten at once."""
    keys = Keyring({1: os.urandom(32)})
    vault = Vault(keys, Keyring({11: hashlib.sha256(b"of nobody").digest()}))
    return [
        vault.seal(EmailAddress.parse(f"reader{n:05}@mail.example"), 1, UUID(int=n)).sealed for n in range(50)
    ]


@asynccontextmanager
async def _patient(connection: Connection) -> AsyncIterator[None]:
    """Statements may take hours meanwhile, whatever the database's own limits are."""
    await connection.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
    try:
        yield
    finally:
        await connection.execute("RESET statement_timeout; RESET idle_in_transaction_session_timeout")


@contextmanager
def _told(what: str, *, say: bool) -> Iterator[None]:
    """Print how long it took, where `say`."""
    started = time.monotonic()
    yield
    if say:
        print(f"{time.monotonic() - started:7.1f} s  {what}", flush=True)
