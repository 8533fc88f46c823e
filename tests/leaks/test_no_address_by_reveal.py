"""A revealed address stands on the operator's standard output, and nowhere else afterwards."""

import asyncio
import subprocess

import asyncpg
import orjson
import pytest
from aiohttp import ClientSession, CookieJar

from service.embedded.postgres import Postgres
from service.storage import moderators, passwords
from tests.leaks.conftest import StartProcess
from tests.leaks.markers import MARKERS, leaks, shapes
from tests.leaks.outside import Outside, comment_of
from tests.leaks.places import is_ready, log_leaks, queue_leaks, run_command, table_leaks, until
from tests.web.harness import MakeSite, MakeToken

Settings = dict[str, str]
API = "/api/v1/moderation"
REASON = "File 31 Js 4711/26, Bamberg"


@pytest.mark.timeout(180)
async def test_a_revealed_address_is_on_standard_output_and_nowhere_else(  # noqa: PLR0917
    database: asyncpg.Connection, database_url: str, redis_url: str, embedded_postgres: Postgres, port: int,
    start_process: StartProcess, make_site: MakeSite, make_token: MakeToken, keys: Settings,
) -> None:  # fmt: skip
    name = database_url.rpartition("/")[2].partition("?")[0]
    await database.execute(f'ALTER DATABASE "{name}" SET log_min_duration_statement = 0')
    site = await make_site("paper", new_pages_per_hour=10_000)
    ruth = await moderators.ensure_moderator(database, "Ruth")
    await passwords.set_access(database, ruth, "admin", [site.id])
    log_from = embedded_postgres.log.stat().st_size
    log = start_process("web", DATABASE_URL=database_url, REPLYDESK_LIMIT_NETWORK="off")
    settings = keys | {
        "DATABASE_URL": database_url, "REDIS_URL": redis_url, "REPLYDESK_LOG_LEVEL": "DEBUG",
    }  # fmt: skip
    async with ClientSession(f"http://127.0.0.1:{port}", cookie_jar=CookieJar(unsafe=True)) as client:
        outside = Outside(client)
        await until(lambda: is_ready(client))
        ids = {name: await submitted(outside, name) for name in MARKERS}
        found = await reveal_all(ids, settings)
        token = await make_token("admin", name="Ada")
        for path in ("audit", "audit?action=address", *(f"comments/{one}" for one in ids.values())):
            answer = await outside.ask("GET", f"{API}/{path}", headers={"Authorization": f"Bearer {token}"})
            assert answer[0] == 200, path
        assert (await outside.ask("GET", "/metrics"))[0] == 200
    found += [leak for place, heard in outside.heard for leak in leaks(place, heard)]
    found += queue_leaks(redis_url) + log_leaks(log) + await table_leaks(database)
    postgres_log = embedded_postgres.log.read_bytes()[log_from:]
    assert b"INSERT INTO audit_entry" in postgres_log  # it is as talkative as it was told to be
    found += leaks("the log of Postgres", postgres_log)
    assert found == []
    kept = await database.fetch("SELECT details FROM audit_entry WHERE action = 'address.revealed'")
    told = [orjson.loads(row["details"]) for row in kept]
    assert told == [{"kind": "threat", "reason": REASON}] * len(MARKERS)


async def submitted(outside: Outside, name: str) -> str:
    status, body = await outside.submit("json", comment_of(name, 1))
    assert status == 202
    return str(orjson.loads(body)["id"])


async def reveal_all(ids: dict[str, str], settings: Settings) -> list[str]:
    """Each address is shown once, alone on standard output; what else the commands say."""
    switched = await asyncio.to_thread(
        run_command, ("site", "update", "paper", "--reveal", "on"), "", settings
    )
    assert switched.returncode == 0
    found = []
    for name, comment_id in ids.items():
        done = await reveal(comment_id, settings)
        assert done.returncode == 0, done.stderr
        [line] = done.stdout.splitlines()
        assert line.lower() in shapes(MARKERS[name])
        found += leaks("standard error", done.stderr)
        for wrong in ({"by": "Nobody"}, {"reason": MARKERS[name]}, {"site": "none"}, {"keys": "1:x"}):
            refused = await reveal(comment_id, settings, **wrong)
            assert refused.returncode != 0
            found += leaks(f"what is refused for {wrong}", refused.stdout + refused.stderr)
    return found


async def reveal(
    comment_id: str, settings: Settings, *, by: str = "Ruth", reason: str = REASON, site: str = "paper",
    keys: str = "",
) -> "subprocess.CompletedProcess[bytes]":  # fmt: skip
    words = ("reveal", comment_id, "--site", site, "--by", by, "--kind", "threat", "--reason", reason)
    changed = settings | ({"REPLYDESK_EMAIL_KEYS": keys} if keys else {})
    return await asyncio.to_thread(run_command, words, "", changed)
