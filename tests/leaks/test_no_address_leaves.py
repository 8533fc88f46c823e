"""What was typed as an email stands nowhere afterwards: in no answer, log, queue, figure or table."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import orjson
import pytest
from aiohttp import ClientSession, CookieJar

from service.embedded.postgres import Postgres
from tests.equipment.line import line_to
from tests.leaks.conftest import StartProcess
from tests.leaks.markers import MARKERS, leaks
from tests.leaks.outside import SUBMIT, Outside, comment_of
from tests.leaks.places import is_ready, log_leaks, queue_leaks, run_command, table_leaks, until
from tests.web.harness import MakeSite, MakeToken, random_key

API = "/api/v1/moderation"


@pytest.mark.timeout(180)
async def test_no_address_leaves(  # noqa: PLR0917
    database: asyncpg.Connection, database_url: str, redis_url: str, embedded_postgres: Postgres, port: int,
    start_process: StartProcess, make_site: MakeSite, make_token: MakeToken, keys: dict[str, str],
) -> None:  # fmt: skip
    name = database_url.rpartition("/")[2].partition("?")[0]
    await database.execute(f'ALTER DATABASE "{name}" SET log_min_duration_statement = 0')
    await make_site("paper", publish="auto", new_pages_per_hour=10_000)
    token = await make_token("admin")
    log_from = embedded_postgres.log.stat().st_size
    found: list[str] = []
    async with line_to(database_url) as line:
        logs = [
            start_process(
                "web",
                DATABASE_URL=line.url,
                REPLYDESK_LIMIT_NETWORK="off",
                REPLYDESK_LIMIT_PAGE="9/60",
                REPLYDESK_LIMIT_REPORTS="off",
            )
        ]
        base = f"http://127.0.0.1:{port}"
        async with ClientSession(base, cookie_jar=CookieJar(unsafe=True)) as client:
            outside = Outside(client)
            await until(lambda: is_ready(client))
            for name in MARKERS:
                await submit_in_every_way(outside, name)
                await put_it_where_it_does_not_belong(outside, name, port)
            await break_the_database(outside, database)
            found += queue_leaks(redis_url)
            logs.append(
                start_process("worker", DATABASE_URL=database_url, REPLYDESK_CHECK_DEADLINE_S="0.00001")
            )
            await until(lambda: is_checked(database))
            await moderate(outside, token)
            await notify(outside, database)
            await read_everything(outside)
            found += await change_keys_and_erase(outside, token, keys | {"DATABASE_URL": database_url})
            await line.cut()
            for name in MARKERS:
                for kind in ("json", "form", "multipart"):
                    status, _ = await outside.submit(kind, comment_of(name, 90))
                    assert status == 503
        assert {200, 202, 303, 400, 401, 404, 409, 413, 415, 422, 429, 500, 503} <= set(outside.statuses)
        found += [leak for place, heard in outside.heard for leak in leaks(place, heard)]
    found += queue_leaks(redis_url)
    found += [leak for log in logs for leak in log_leaks(log)]
    postgres_log = embedded_postgres.log.read_bytes()[log_from:]
    assert b"INSERT INTO comment_email" in postgres_log  # it is as talkative as it was told to be
    found += leaks("the log of Postgres", postgres_log)
    found += await table_leaks(database)
    assert found == []


async def is_checked(database: asyncpg.Connection) -> bool:
    return not await database.fetchval("SELECT count(*) FROM comment WHERE status = 'pending'")


async def notify(outside: Outside, database: asyncpg.Connection) -> None:
    """Notices of illegal content ask for an address too."""
    comment_id = await database.fetchval("SELECT min(id::text) FROM comment WHERE status = 'published'")
    path, typed = f"{SUBMIT}/{comment_id}/notices", {"Content-Type": "application/json"}
    for name, address in MARKERS.items():
        good = {"explanation": "A threat.", "name": f"Author {name}", "email": address, "good_faith": True}
        status, body = await outside.ask("POST", path, data=orjson.dumps(good), headers=typed)
        assert status == 202, body
        await outside.ask("GET", urlsplit(orjson.loads(body)["notice_url"]).path)
        for wrong in ({"explanation": ""}, {"name": "a\x01"}, {"good_faith": False}, {"email": [address]}):
            status, _ = await outside.ask("POST", path, data=orjson.dumps(good | wrong), headers=typed)
            assert status == 422


async def submit_in_every_way(outside: Outside, name: str) -> None:
    address = MARKERS[name]
    for number, kind in enumerate(("json", "form", "multipart")):
        fields = comment_of(name, number)
        assert (await outside.submit(kind, fields))[0] in {202, 303}
        assert (await outside.submit(kind, fields))[0] in {202, 303}  # a double click
        wrong: list[dict[str, Any]] = [
            {"author": ""},
            {"author": "a\x01"},
            {"comment": "c" * 5001},
            {"page_url": "https://fen.example/"},
            {"website": "ftp://x"},
            {"parent_id": "01890000-0000-7000-8000-000000000000"},
            {"page_title": "\x02"},
            {"submission_key": "ü"},
        ]
        for changes in wrong:
            assert (await outside.submit(kind, fields | changes))[0] == 422
        for email in (address + "\x00", address + address, " " + address, f"<{address}>", f'"{address}'):
            assert (await outside.submit(kind, fields | {"email": email}))[0] == 422
        headers = {"Origin": "https://evil.example"}
        assert (await outside.submit(kind, fields, headers=headers))[0] == 403
    for number in range(12):  # the tenth on one page within a minute is too fast
        page = {"page_url": f"https://paper.example/{name}/fast", "comment": f"Fast {number}."}
        status, _ = await outside.submit(
            ("json", "form", "multipart")[number % 3], comment_of(name, 0, **page)
        )
    assert status == 429
    key = {"Idempotency-Key": f"key {name}"}
    assert (await outside.submit("json", comment_of(name, 3), headers=key))[0] == 202
    assert (await outside.submit("json", comment_of(name, 4), headers=key))[0] == 422
    await asyncio.gather(*(outside.submit("json", comment_of(name, 5, submission_key="k")) for _ in range(5)))


async def put_it_where_it_does_not_belong(outside: Outside, name: str, port: int) -> None:
    address = MARKERS[name]
    good = comment_of(name, 10)
    weird: list[Any] = [[address], {"a": address}, {address: 1}, [[address] * 3]]
    for value in weird:
        for field in ("email", "author", "comment", "website", "page_url", "parent_id", "form_token"):
            assert (await outside.submit("json", good | {field: value}))[0] == 422
    refused = {
        "page_url": f"mailto:{address}", "website": f"mailto:{address}", "parent_id": address,
        "author": f"{address}\x00", "page_title": f"{address}\x00", "comment": f"{address}\x00",
    }  # fmt: skip
    for field, value in refused.items():
        assert (await outside.submit("json", good | {field: value}))[0] == 422
    ignored = {
        "redirect_to": address,
        "form_token": "t",
        "subject_line": address,
        "unknown": address,
        address: "x",
    }
    for kind in ("json", "form"):
        assert (await outside.submit(kind, comment_of(name, 11) | ignored))[0] in {202, 303}
    await send_broken_bodies(outside, address)
    await ask_with_it(outside, address, port)


async def send_broken_bodies(outside: Outside, address: str) -> None:
    bodies = [
        (f'{{"email": "{address}", "email": "{address}"}}', "application/json"),
        (f'{{"email": "{address}"', "application/json"),
        (f'"{address}"', "application/json"),
        (f"email={address}&x=%zz", "application/x-www-form-urlencoded"),
        (f"email={address}&x=%ff", "application/x-www-form-urlencoded"),
        (f"--b\r\n{address}", "multipart/form-data; boundary=b"),
        (f"--b\r\n{address}", f"multipart/form-data; boundary={address.encode('ascii', 'ignore').decode()}"),
        (address, "text/plain"),
        (address, f"text/{address.encode('ascii', 'ignore').decode()}"),
        (address * 4000, "application/json"),
        (f"email={address}&comment=" + "c" * 90_000, "application/x-www-form-urlencoded"),
    ]
    for body, content_type in bodies:
        for accept in ("application/json", "text/html"):
            headers = {"Content-Type": content_type, "Accept": accept}
            status, _ = await outside.ask("POST", SUBMIT, data=body.encode(), headers=headers)
            assert status in {400, 413, 415}


async def ask_with_it(outside: Outside, address: str, port: int) -> None:
    asked = [
        (SUBMIT, {"email": address}),
        ("/sites/paper/thread", {"Email": address}),
        (SUBMIT, {"cursor": address}),
        (SUBMIT, {"page_url": address}),
        (SUBMIT, {"limit": address}),
        (SUBMIT, {"sort": address}),
        ("/dashboard", {"notice": address}),
        ("/dashboard", {"status": address}),
        ("/dashboard", {"cursor": address}),
        ("/sites/paper/thread", {"reply_to": address, "page_url": "https://paper.example/"}),
    ]
    for path, params in asked:
        await outside.ask("GET", path, params=params)
    for path in (
        f"/receipts/{address}",
        f"/api/v1/receipts/{address}",
        f"/sites/{address}/thread",
        f"/{address}",
        f"{API}/comments/{address}",
        f"/static/{address}",
    ):
        await outside.ask("GET", path.replace("%", "%25"))
    await outside.ask("POST", "/dashboard/sign-in", data={"name": "Ruth", "password": address})
    if address.isascii():
        for header in (
            "Authorization",
            "User-Agent",
            "X-Forwarded-For",
            "Cookie",
            "Origin",
            "Accept-Encoding",
            "If-None-Match",
            "X-Request-ID",
            "Accept",
            "Sec-Fetch-Site",
        ):
            await outside.ask("GET", f"{API}/comments", headers={header: address})
            await outside.ask(
                "POST", "/dashboard/sign-in", data={"token": address}, headers={header: address}
            )
    raw = address.encode()
    for request in (
        b"POST " + SUBMIT.encode() + b" HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b'Content-Length: 500\r\n\r\n{"email": "' + raw,
        b"GET /" + raw + b"\x01 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"FETCH " + raw + b"\r\n\r\n",
    ):
        await outside.raw(port, request)


TROUBLE = [
    ("ALTER TABLE comment ADD CONSTRAINT trouble CHECK (author = '') NOT VALID",
     "ALTER TABLE comment DROP CONSTRAINT trouble"),
    ("ALTER TABLE comment_email ADD CONSTRAINT trouble CHECK (key_id < 0) NOT VALID",
     "ALTER TABLE comment_email DROP CONSTRAINT trouble"),
    ("ALTER TABLE author_identity ADD CONSTRAINT trouble CHECK (author_id < 0) NOT VALID",
     "ALTER TABLE author_identity DROP CONSTRAINT trouble"),
    ("REVOKE INSERT ON comment_email FROM replydesk_web", "GRANT INSERT ON comment_email TO replydesk_web"),
    ("ALTER TABLE comment RENAME COLUMN author TO gone", "ALTER TABLE comment RENAME COLUMN gone TO author"),
    ("CREATE UNIQUE INDEX trouble ON submission_key (site_id)", "DROP INDEX trouble"),
]  # fmt: skip


async def break_the_database(outside: Outside, database: asyncpg.Connection) -> None:
    """Errors that quote the row they are about, each for a new author."""
    for number, (breaks, mends) in enumerate(TROUBLE, 20):
        if "UNIQUE" in breaks:
            await database.execute(
                "DELETE FROM submission_key WHERE submitted_at >"
                " (SELECT min(submitted_at) FROM submission_key)"
            )
        await database.execute(breaks)
        try:
            for name, address in MARKERS.items():
                tagged = f"n{number}.{address}" if name != "long" else address
                for kind in ("json", "form"):
                    status, _ = await outside.submit(kind, comment_of(name, number, email=tagged))
                    assert status in {500, 503} or (name == "long" and "identity" in breaks), breaks
        finally:
            await database.execute(mends)


async def moderate(outside: Outside, token: str) -> None:
    bearer = {"Authorization": f"Bearer {token}"}
    _, listed = await outside.ask("GET", f"{API}/comments?limit=200", headers=bearer)
    comments = orjson.loads(listed)["comments"]
    assert "check_failed" in {one["reason"] for one in comments}  # all but the quickest checks were stopped
    await outside.ask("POST", f"{API}/claims", json={"limit": 3}, headers=bearer)
    for one, action in zip(comments, ("approve", "reject", "spam", "hold") * 60, strict=False):
        body = {"action": action, "version": one["version"], "reason": "other"}
        path = f"{API}/comments/{one['id']}"
        await outside.ask("POST", f"{path}/decision", json=body, headers=bearer)
        if action == "spam":
            await outside.ask("POST", f"{path}/undo", headers=bearer)
            await outside.ask("POST", f"{path}/decision", json=body, headers=bearer)
            await outside.ask("GET", path, headers=bearer)
    entries = [{"id": one["id"], "action": "approve", "version": 1} for one in comments]
    await outside.ask("POST", f"{API}/decisions", json={"decisions": entries[:200]}, headers=bearer)
    for path in ("comments?status=published", "comments?status=rejected", "summary", "reasons?site=paper"):
        await outside.ask("GET", f"{API}/{path}", headers=bearer)
    await outside.ask("POST", "/dashboard/sign-in", data={"token": token})
    for status in ("held", "pending", "published", "rejected", "spam"):
        await outside.ask("GET", f"/dashboard?status={status}")
    await outside.ask("POST", "/dashboard/decide", data={"id": "x"})


async def read_everything(outside: Outside) -> None:
    locations = [place for place, heard in outside.heard if place.startswith("POST") and " 303" in place]
    assert locations
    receipts = {
        line.partition(b"/receipts/")[2].partition(b'"')[0].partition(b"?")[0].strip().decode()
        for _, heard in outside.heard
        for line in heard.splitlines()
        if b"/receipts/" in line and (b"Location:" in line or b"receipt_url" in line)
    }
    assert len(receipts) > 20
    for receipt in sorted(receipts)[:60]:
        await outside.ask("GET", f"/receipts/{receipt}")
        await outside.ask("GET", f"/api/v1/receipts/{receipt}")
    for name in MARKERS:
        for number in range(6):
            params = {"page_url": f"https://paper.example/{name}/{number}"}
            for path in (SUBMIT, "/api/v1/sites/paper/counts", "/sites/paper/thread"):
                await outside.ask("GET", path, params=params)
    for path in (
        "/metrics",
        "/readyz",
        "/healthz",
        "/openapi.json",
        "/docs",
        "/api/v1/sites/paper/form-token",
    ):
        await outside.ask("GET", path)


async def change_keys_and_erase(outside: Outside, token: str, settings: dict[str, str]) -> list[str]:
    """What the commands about personal data print, and what an admin is answered."""
    changed = {
        name: f"2:{random_key().partition(':')[2]},{settings[name]}"
        for name in ("REPLYDESK_EMAIL_KEYS", "REPLYDESK_INDEX_KEYS")
    }
    first, second, third, *_ = MARKERS.values()
    calls: list[tuple[tuple[str, ...], str]] = [
        (("keys", "status"), ""),
        (("keys", "rotate"), ""),
        (("erase",), first),
        (("erase",), first + " " + second),
        (("erase",), f"<{second}>"),
        (("erase", "--reapply"), second),
        (("erase", "--ledger"), ""),
    ]
    found = []
    for words, typed in calls:
        done = await asyncio.to_thread(run_command, words, typed, settings | changed)
        assert done.stdout + done.stderr
        found += leaks(f"replydesk {' '.join(words)}", done.stdout + done.stderr)
    bearer = {"Authorization": f"Bearer {token}"}
    for body in ({"email": third}, {"email": third, "site": "paper"}, {"email": third * 2}, {"emai": third}):
        await outside.ask("POST", f"{API}/erasures", json=body, headers=bearer)
    assert {202, 422} <= set(outside.statuses[-4:])
    return found
