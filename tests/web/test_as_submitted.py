"""A web process keeps where a reply came from where the site has Akismet on, and nowhere else."""

from typing import Any

import asyncpg
import pytest
from structlog.testing import capture_logs

from service.domain.as_submitted import AsSubmitted, SealedSubmission
from service.keyring import Keyring
from service.vault import SubmittedVault
from tests.web.harness import MakeSite, StartWeb, WebProcess, random_key
from tests.web.sending import post, reply

KEYS = random_key()
HEADERS = {
    "X-Forwarded-For": "203.0.113.77",
    "User-Agent": "Mozilla/5.0 (Canary) Firefox/128.0",
    "Referer": "https://paper.example/mill?page=2",
}
ON = {"akismet": {"on": True}}


async def send(start_web: StartWeb, make_site: MakeSite, services: Any, **settings: Any) -> WebProcess:
    web = await start_web(trusted_proxies="127.0.0.1", **settings)
    await make_site("paper", services=services)
    with capture_logs() as logged:
        answer = await post(web.client, reply(comment="Hello."), headers=HEADERS)
    assert answer.status == 202, answer.text
    assert not [line for line in logged if "203.0.113" in repr(line) or "Canary" in repr(line)]
    return web


async def test_with_akismet_on_it_is_kept_sealed(
    start_web: StartWeb, make_site: MakeSite, database: asyncpg.Connection
) -> None:
    await send(start_web, make_site, ON, submitted_keys=KEYS)
    (row,) = await database.fetch("SELECT * FROM comment_as_submitted")
    vault = SubmittedVault(Keyring.parse(KEYS))
    opened = vault.open(SealedSubmission(row["key_id"], row["sealed"]), row["site_id"], row["comment_id"])
    assert opened == AsSubmitted(HEADERS["X-Forwarded-For"], HEADERS["User-Agent"], HEADERS["Referer"])
    for (table,) in await database.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
        for line in await database.fetch(f'SELECT t::text FROM "{table}" AS t'):  # noqa: S608
            assert "203.0.113" not in line[0]
            assert "Canary" not in line[0]


@pytest.mark.parametrize(
    ("services", "keys"),
    [({}, KEYS), ({"akismet": {"on": False}}, KEYS), ({"webhook": {"on": True}}, KEYS), (ON, "")],
    ids=["nothing on", "switched off", "another one on", "no key"],
)
async def test_without_it_or_without_a_key_nothing_is_kept(
    services: Any, keys: str, start_web: StartWeb, make_site: MakeSite, database: asyncpg.Connection
) -> None:
    await send(start_web, make_site, services, submitted_keys=keys)
    assert await database.fetchval("SELECT count(*) FROM comment") == 1
    assert await database.fetchval("SELECT count(*) FROM comment_as_submitted") == 0
