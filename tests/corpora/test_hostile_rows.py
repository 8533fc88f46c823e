"""Every hostile row goes in by JSON and by form; whatever is taken comes out inert, everywhere."""

import asyncio
import base64
import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from urllib.parse import quote

import asyncpg
import pytest
from aiohttp import ClientSession
from email_validator import EmailNotValidError, validate_email

from tests.corpora.hostile_rows import ALL, Row, active_content, needs_corpora, parts
from tests.corpora.renderings import Scene, all_are_inert
from tests.web.harness import ORIGIN, PAGE, CheckAll, MakeSite, MakeToken, StartWeb, WebProcess
from tests.web.sending import Answer, post, post_raw


@pytest.fixture
async def web(start_web: StartWeb) -> WebProcess:
    """A process without limits."""
    return await start_web(limit_page="off", limit_site="off")


pytestmark = [pytest.mark.corpora, needs_corpora, pytest.mark.timeout(600)]

EXPECTED = {202, 303, 400, 413, 415, 422}
TEXTS = (
    "blns",
    "xss_payloadbox",
    "xss_fuzzdb",
    "html_bleach",
    "html_dompurify",
    "html_nh3",
    "markdown_commonmark",
    "strings_fuzzdb",
    "unicode_confusables",
    "redos_regexploit",
)
ADDRESSES = ("url_wpt", "redirect_fuzzdb")
EMAILS = ("email_email_validator", "email_fuzzdb", "email_jsonschema")
SLOWEST_S = 2.0


def encodable(text: str) -> str:
    """What a browser's form can hold: no lone surrogates."""
    return text.encode("utf-8", "replace").decode()


async def each(rows: Iterable[Row], send: Callable[[int, Row], Awaitable[list[Answer]]]) -> Counter[int]:
    """Send for every row, a few at a time; how often each status came."""
    seen: Counter[int] = Counter()
    turns = asyncio.Semaphore(2)

    async def one(number: int, row: Row) -> None:
        async with turns:
            started = time.monotonic()
            for answer in await send(number, row):
                assert answer.status in EXPECTED, (row["id"], answer.status, answer.text[:300])
                seen[answer.status] += 1
                if answer.headers.get("Content-Type", "").startswith("text/html"):
                    assert active_content(answer.text) == [], row["id"]
            assert time.monotonic() - started < SLOWEST_S * 4, row["id"]

    async with asyncio.TaskGroup() as group:
        for number, row in enumerate(rows):
            group.create_task(one(number, row))
    return seen


def plain(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "page_url": PAGE, "author": "Mina", "email": f"r{number}@reader.example", "comment": f"Row {number}.",
    } | fields  # fmt: skip


@pytest.mark.parametrize("rows", parts(*TEXTS))
async def test_a_hostile_text_is_taken_or_refused_and_never_active(
    web: WebProcess, make_site: MakeSite, make_token: MakeToken, check_all: CheckAll,
    database: asyncpg.Connection, rows: list[Row],
) -> None:  # fmt: skip
    await make_site("paper", publish="auto")
    client = web.client
    receipts: list[str] = []

    async def send(number: int, row: Row) -> list[Answer]:
        text = row["input"]
        by_json = await post(client, plain(number, comment=text, author=text[:100]))
        answers = [by_json]
        if by_json.status != 202:
            answers.append(await post(client, plain(number, comment=text)))
        shown = encodable(text)
        everywhere = dict.fromkeys(("author", "website", "redirect_to", "page_title", "comment"), shown)
        answers.append(await post(client, plain(number, **everywhere), "form"))
        answers.append(await post(client, plain(number, comment=shown, redirect_to=shown), "form"))
        receipts.extend(one.json["receipt_url"] for one in answers if one.status == 202)
        return answers

    seen = await each(rows, send)
    assert seen[202] + seen[303] > len(rows) / 2
    stored = await database.fetchval("SELECT count(*) FROM comment")
    assert await check_all() == stored
    assert await database.fetchval("SELECT count(*) FROM comment WHERE status = 'pending'") == 0
    await signed_in(client, await make_token("moderator"))
    paths = [url.removeprefix(web.url) for url in receipts]
    scene = Scene(client, paths if ALL else paths[::5])
    await all_are_inert(scene)
    await publish_everything(database)
    await all_are_inert(scene)


async def signed_in(client: ClientSession, token: str) -> None:
    async with client.post("/dashboard/sign-in", data={"token": token}) as response:
        assert response.status == 200


async def publish_everything(database: asyncpg.Connection) -> None:
    """What the checks refused is published too: rendering must not rest on them."""
    async with database.transaction():
        await database.execute(
            """
            INSERT INTO decision
                (site_id, comment_id, version, from_status, status, source, action, moderator_id)
            SELECT site_id, id, version + 1, status, 'published', 'moderator', 'approve',
                   (SELECT min(id) FROM moderator)
            FROM comment WHERE status <> 'published'
            """
        )
        await database.execute(
            "UPDATE comment SET status = 'published', version = version + 1, published_at = now()"
            " WHERE status <> 'published'"
        )
        await database.execute(
            "UPDATE page SET revision = revision + 1, published_count ="
            " (SELECT count(*) FROM comment WHERE comment.page_id = page.id)"
        )


@pytest.mark.parametrize("rows", parts(*ADDRESSES))
async def test_a_hostile_address_leads_nowhere(
    web: WebProcess,
    make_site: MakeSite,
    database: asyncpg.Connection,
    check_all: CheckAll,
    make_token: MakeToken,
    rows: list[Row],
) -> None:
    await make_site("paper", publish="auto", max_links=100)
    client = web.client

    async def send(number: int, row: Row) -> list[Answer]:
        address = row["input"]
        as_website = await post(client, plain(number, website=address))
        if as_website.status == 202 and address.strip() and row.get("protocol"):
            assert row["protocol"] in {"http:", "https:"}, row["id"]
            assert not row["username"], row["id"]
        as_target = await post(
            client, plain(number, redirect_to=encodable(address), comment=f"T {number}."), "form"
        )
        target = as_target.headers["Location"]
        assert target.startswith((web.url + "/receipts/", ORIGIN + "/")), row["id"]
        as_page = await post(client, plain(number, page_url=address))
        assert as_page.status == 422, row["id"]
        as_form = await post(
            client, plain(number, page_url=encodable(address), website=encodable(address)), "form"
        )
        as_referer = await post(client, plain(number, page_url=""), "form", headers=referer(address))
        assert as_referer.status == 422, row["id"]
        return [as_website, as_target, as_page, as_form, as_referer]

    await each(rows, send)
    await check_all()
    await signed_in(client, await make_token("moderator"))
    await publish_everything(database)
    await all_are_inert(Scene(client))


def referer(address: str) -> dict[str, str]:
    """The address as a header: what a header cannot hold, a browser would have escaped."""
    return {"Referer": quote(address, safe="".join(map(chr, range(0x21, 0x7F))), errors="replace")}


def verdict_of(row: Row) -> bool:
    try:
        validate_email(row["input"], check_deliverability=False)
    except (EmailNotValidError, UnicodeError):
        return False
    return len(row["input"].encode("utf-8", "surrogatepass")) <= 254


@pytest.mark.parametrize("rows", parts(*EMAILS))
async def test_an_address_is_judged_as_email_validator_judges_it(
    web: WebProcess, make_site: MakeSite, rows: list[Row]
) -> None:
    await make_site("paper")
    client = web.client

    async def send(number: int, row: Row) -> list[Answer]:
        typed = json.loads(row["input"]) if row.get("nonstring") else row["input"]
        valid = not row.get("nonstring") and row["email_validator_2_4_0"]
        by_json = await post(client, plain(number, email=typed))
        assert by_json.status == (202 if valid else 422), row["id"]
        if not valid:
            assert set(by_json.faults) == {"email"}, row["id"]
            assert str(row["input"]) not in by_json.text or len(row["input"]) < 6
        if row.get("nonstring"):
            return [by_json]
        assert verdict_of(row) == valid, row["id"]
        by_form = await post(client, plain(number, email=encodable(typed)), "form")
        assert by_form.status == (303 if valid else 422), row["id"]
        return [by_json, by_form]

    await each(rows, send)


@pytest.mark.parametrize("rows", parts("json_jsontestsuite"))
async def test_a_hostile_json_body_is_refused(web: WebProcess, make_site: MakeSite, rows: list[Row]) -> None:
    await make_site("paper")

    async def send(_: int, row: Row) -> list[Answer]:
        raw = base64.b64decode(row["input_b64"])
        bare = await post_raw(web.client, raw, "application/json")
        inside = b'{"page_url": "x", "extra": %s}' % raw
        return [bare, await post_raw(web.client, inside, "application/json")]

    seen = await each(rows, send)
    assert set(seen) <= {400, 413, 422}
