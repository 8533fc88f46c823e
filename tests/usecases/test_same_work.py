"""The same statements run for an address that is known as for one that nobody has."""

from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from service.domain.email import EmailAddress
from service.storage import erasures
from service.storage.pool import Connection
from tests.factories import PAGE_URL, Paper, make_arrival, make_email, make_submission, make_vault

KNOWN, UNKNOWN = make_email("known"), make_email("nobody")
Work = Callable[[Connection, EmailAddress], Awaitable[object]]


async def statements(database_url: str, work: Work, email: EmailAddress) -> list[str]:
    """What one piece of work asks of the database, as the web process."""
    asked: list[str] = []
    held = await asyncpg.connect(database_url, server_settings={"role": "replydesk_web"})
    held.add_query_logger(lambda record: asked.append(" ".join(record.query.split())))
    async with held.transaction():
        await work(held, email)
    await held.close()
    return asked


@pytest.mark.parametrize("keys", [(11,), (12, 11)], ids=["one index key", "two index keys"])
async def test_a_submission_is_the_same_work_for_a_known_address(
    keys: tuple[int, ...], paper: Paper, database_url: str
) -> None:
    desk = type(paper.desk)(paper.web, make_vault(index=keys), paper.desk.signing)

    async def submit(held: Connection, email: EmailAddress) -> object:
        return await desk._accept(held, paper.site, make_submission(email=email), make_arrival())

    await paper.post(email=KNOWN, page_url=PAGE_URL)
    await paper.decide(await paper.post(email=KNOWN, page_url=PAGE_URL), "approve")
    known, unknown = [await statements(database_url, submit, email) for email in (KNOWN, UNKNOWN)]
    assert any("author_of_any" in one for one in known)
    assert known == unknown


async def test_an_erasure_is_the_same_work_for_a_known_address(paper: Paper, database_url: str) -> None:
    async def begin(held: Connection, email: EmailAddress) -> object:
        indexes = paper.desk.vault.indexes(email, paper.site.id)
        return await erasures.begin_erasure(held, paper.site.id, indexes)

    await paper.post(email=KNOWN)
    known, unknown = [await statements(database_url, begin, email) for email in (KNOWN, UNKNOWN)]
    assert known == unknown
    assert await paper.count("erasure") == 2
