"""Of where a reply came from a hash of the day and one word of a closed list are kept, and nothing else."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from structlog.testing import capture_logs

import service.web.arrivals
from tests.web.harness import MakeSite, StartWeb, WebProcess
from tests.web.sending import post, reply

IP = "203.0.113.77"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


@pytest.fixture
async def proxied(start_web: StartWeb, make_site: MakeSite) -> WebProcess:
    """A process that believes the proxy on this machine."""
    web = await start_web(trusted_proxies="127.0.0.1")
    await make_site("paper")
    return web


async def send(web: WebProcess, text: str, **headers: str) -> None:
    answer = await post(web.client, reply(comment=text), headers={"X-Forwarded-For": IP} | headers)
    assert answer.status == 202, answer.text


@pytest.mark.parametrize(
    ("header", "family"), [(FIREFOX, "firefox"), ("Mara's own browser 7.3", "other"), ("", "none")]
)
async def test_of_a_browser_its_family_is_kept(
    header: str, family: str, proxied: WebProcess, database: asyncpg.Connection
) -> None:
    await send(proxied, "Hello.", **{"User-Agent": header})
    assert await database.fetchval("SELECT user_agent FROM comment") == family


async def test_the_database_takes_no_other_word_for_a_browser(
    proxied: WebProcess, database: asyncpg.Connection
) -> None:
    await send(proxied, "Hello.")
    with pytest.raises(asyncpg.CheckViolationError):
        await database.execute("UPDATE comment SET user_agent = $1", FIREFOX)


async def test_one_network_has_one_hash_a_day_and_another_the_next_day(
    proxied: WebProcess, database: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Tomorrow(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime.now(tz) + timedelta(days=1)

    await send(proxied, "Today.")
    await send(proxied, "Today too.", **{"X-Forwarded-For": "203.0.113.9"})
    monkeypatch.setattr(service.web.arrivals, "datetime", Tomorrow)
    await send(proxied, "Tomorrow.")
    hashes = [row["network"] for row in await database.fetch("SELECT network FROM comment ORDER BY id")]
    assert {len(one) for one in hashes} == {16}
    assert hashes[0] == hashes[1] != hashes[2]
    assert datetime.now(UTC)  # the clock itself went on


async def test_no_raw_address_of_a_network_stands_anywhere(
    proxied: WebProcess, database: asyncpg.Connection
) -> None:
    with capture_logs() as logged:
        await send(proxied, "Hello.", **{"User-Agent": FIREFOX})
    packed = bytes(map(int, IP.split(".")))
    shapes = [IP, "203.0.113.", packed.hex(), base64.b64encode(IP.encode()).decode(), FIREFOX, "Gecko"]
    said = repr(logged)
    for (table,) in await database.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
        rows = await database.fetch(f'SELECT t::text FROM "{table}" AS t')  # noqa: S608
        said += "\n".join(row[0] for row in rows)
    assert [shape for shape in shapes if shape in said] == []
