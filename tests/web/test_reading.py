"""Readers get what is published, all of it, in order, and nothing else."""

import asyncio
import gzip
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest
from aiohttp import ClientSession

from tests.web.harness import ORIGIN, PAGE, CheckAll, MakeSite, MakeToken, Submit, WebProcess
from tests.web.sending import Answer, get, post, reply

COMMENTS = "/api/v1/sites/paper/comments"
COUNTS = "/api/v1/sites/paper/counts"
THREAD = "/sites/paper/thread"


async def read(client: ClientSession, **params: Any) -> Answer:
    return await get(client, COMMENTS, {"page_url": PAGE} | params)


@pytest.fixture
async def decide(client: ClientSession, make_token: MakeToken) -> Callable[..., Any]:
    bearer = {"Authorization": f"Bearer {await make_token('moderator')}"}

    async def send(comment_id: str, action: str, version: int = 1, reason: str | None = None) -> Any:
        body = {"action": action, "version": version, "reason": reason}
        url = f"/api/v1/moderation/comments/{comment_id}/decision"
        async with client.post(url, json=body, headers=bearer) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    return send


@pytest.fixture
async def ten(make_site: MakeSite, submit: Submit, check_all: CheckAll) -> list[str]:
    """The ids of ten published comments, oldest first."""
    await make_site("paper", publish="auto")
    ids = [(await submit(comment=f"Number {n}."))["id"] for n in range(10)]
    await check_all()
    return ids


async def test_a_thread_is_a_flat_list_of_what_is_published(client: ClientSession, ten: list[str]) -> None:
    answer = await read(client)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    assert set(answer.json) == {"page", "comments", "next_cursor"}
    assert answer.json["page"] == {"url": PAGE, "title": None, "open": True, "count": 10}
    assert [one["id"] for one in answer.json["comments"]] == ten
    assert answer.json["next_cursor"] is None
    first = answer.json["comments"][0]
    assert set(first) == {
        "id", "parent_id", "author", "website", "text", "html", "published_at", "edited_at", "staff",
        "picked",
    }  # fmt: skip
    assert (first["author"], first["text"], first["edited_at"]) == ("Mina", "Number 0.", None)


async def test_the_order_can_be_turned_round(client: ClientSession, ten: list[str]) -> None:
    assert [one["id"] for one in (await read(client, sort="newest")).json["comments"]] == ten[::-1]
    assert (await read(client, sort="oldest")).body == (await read(client)).body


async def test_the_default_is_fifty_and_the_most_is_two_hundred(
    client: ClientSession, ten: list[str], database: asyncpg.Connection
) -> None:
    await multiply(database, 210)
    assert len((await read(client)).json["comments"]) == 50
    assert len((await read(client, limit=200)).json["comments"]) == 200
    assert len((await read(client, limit=1)).json["comments"]) == 1
    assert (await read(client, limit=1)).json["page"]["count"] == 220


BAD = [
    {"limit": value} for value in ("0", "201", "-1", "", "1.0", "ten", "１", "1e2", "00000001", "9" * 5000)
]
BAD += [{"sort": value} for value in ("", "Oldest", "best", "oldest,newest")]
BAD += [{"cursor": value} for value in ("", "x", "AAAA", "ü", "A" * 32 + "=", "\x00", "////", "A" * 5000)]
BAD += [
    {"page_url": value}
    for value in ("", "ferry", "javascript:1", "https://", "https://a b", "\x00", "ftp://x.y")
]


async def test_a_bad_value_is_refused_by_name(client: ClientSession, make_site: MakeSite) -> None:
    await make_site("paper")
    for params in BAD:
        answer = await read(client, **params)
        assert answer.status == 422, params
        assert answer.is_problem("invalid-query")
        assert set(answer.faults) == set(params)
        page = await get(client, THREAD, {"page_url": PAGE} | params)
        assert (page.status, page.headers["Content-Type"]) == (422, "text/html; charset=utf-8")


async def test_the_page_must_be_named(client: ClientSession, make_site: MakeSite) -> None:
    await make_site("paper")
    for path in (COMMENTS, COUNTS):
        answer = await get(client, path)
        assert (answer.status, answer.faults) == (422, {"page_url": "required"})


async def test_an_unknown_page_is_an_empty_one_and_an_unknown_site_is_not_found(
    client: ClientSession, make_site: MakeSite
) -> None:
    await make_site("paper")
    answer = await read(client)
    assert answer.json == {
        "page": {"url": PAGE, "title": None, "open": True, "count": 0}, "comments": [], "next_cursor": None,
    }  # fmt: skip
    for path in ("comments", "counts"):
        missing = await get(client, f"/api/v1/sites/nowhere/{path}", {"page_url": PAGE})
        assert (missing.status, missing.is_problem("site-not-found")) == (404, True)


async def multiply(database: asyncpg.Connection, times: int) -> None:
    """Publish many copies of the oldest comment, quickly, with their decisions; many share a moment."""
    await database.execute(
        """
        WITH model AS (SELECT * FROM comment ORDER BY submitted_at LIMIT 1),
        made AS (SELECT gen_random_uuid() AS id, n,
                        clock_timestamp() + (n / 7) * interval '1 ms' AS at FROM generate_series(1, $1) AS n),
        decided AS (
            INSERT INTO decision (site_id, comment_id, version, from_status, status, source, action,
                                  policy_version)
            SELECT site_id, made.id, 2, 'pending', 'published', 'checks', 'publish', 1 FROM model, made)
        INSERT INTO comment (site_id, id, page_id, author_id, author, text, fingerprint, status, version,
                             submitted_at, published_at)
        SELECT site_id, made.id, page_id, author_id, author, 'Copy ' || n, fingerprint, 'published', 2, at, at
        FROM model, made
        """,
        times,
    )
    await database.execute(
        "UPDATE page SET published_count = published_count + $1, revision = revision + 1", times
    )


@pytest.mark.parametrize("sort", ["oldest", "newest"])
@pytest.mark.parametrize("limit", [7, 200])
async def test_a_walk_over_five_hundred_skips_and_repeats_none_while_new_ones_arrive(
    client: ClientSession, ten: list[str], database: asyncpg.Connection, submit: Submit, check_all: CheckAll,
    sort: str, limit: int,
) -> None:  # fmt: skip
    await multiply(database, 490)
    there = {str(row["id"]) for row in await database.fetch("SELECT id FROM comment")}
    seen: list[str] = []
    cursor: dict[str, str] = {}
    arrived: set[str] = set()
    while True:
        part = (await read(client, sort=sort, limit=limit, **cursor)).json
        assert len(part["comments"]) <= limit
        seen += [one["id"] for one in part["comments"]]
        if len(arrived) < 3 and part["next_cursor"]:
            arrived.add((await submit(comment=f"Late {len(seen)}."))["id"])
            await check_all()
        if part["next_cursor"] is None:
            break
        cursor = {"cursor": part["next_cursor"]}
    assert len(seen) == len(set(seen))
    assert there <= set(seen) <= there | arrived
    if sort == "oldest":
        assert arrived <= set(seen)
    order = [
        str(row["id"])
        for row in await database.fetch("SELECT id FROM comment ORDER BY submitted_at, id")
        if str(row["id"]) in set(seen)
    ]
    assert seen == (order if sort == "oldest" else order[::-1])


async def test_a_parent_that_is_gone_keeps_its_place_and_nothing_else(
    client: ClientSession, ten: list[str], submit: Submit, check_all: CheckAll, decide: Callable[..., Any]
) -> None:
    child = (await submit(comment="A reply.", parent_id=ten[3]))["id"]
    await check_all()
    await decide(ten[3], "reject", 2, "abusive")
    answer = (await read(client)).json
    listed = {one["id"]: one for one in answer["comments"]}
    assert listed[ten[3]] == {"id": ten[3], "parent_id": None, "removed": True}
    assert (listed[child]["parent_id"], listed[child]["text"]) == (ten[3], "A reply.")
    assert answer["page"]["count"] == 10
    page = await get(client, THREAD, {"page_url": PAGE})
    assert ("removed" in page.text, "Number 3." in page.text) == (True, False)
    await decide(child, "spam", 2)
    assert ten[3] not in {one["id"] for one in (await read(client)).json["comments"]}


async def test_a_reply_deeper_than_the_site_allows_hangs_on_the_last_allowed_one(
    client: ClientSession, make_site: MakeSite, submit: Submit, check_all: CheckAll
) -> None:
    await make_site("paper", publish="auto", depth=3)
    chain: list[str] = []
    for level in range(5):
        parent = {"parent_id": chain[-1]} if chain else {}
        chain.append((await submit(comment=f"Level {level}.", **parent))["id"])
        await check_all()
    parents = {one["id"]: one["parent_id"] for one in (await read(client)).json["comments"]}
    assert [parents[one] for one in chain] == [None, chain[0], chain[1], chain[1], chain[1]]


async def test_only_a_published_comment_of_the_same_page_can_be_replied_to(
    client: ClientSession, ten: list[str], submit: Submit, make_site: MakeSite
) -> None:
    pending = (await submit(comment="Not yet."))["id"]
    await make_site("gazette")
    for fields, site in [
        ({"parent_id": pending}, "paper"),
        ({"parent_id": ten[0], "page_url": ORIGIN + "/other"}, "paper"),
        ({"parent_id": ten[0]}, "gazette"),
        ({"parent_id": "01890000-0000-7000-8000-000000000000"}, "paper"),
        ({"parent_id": "17"}, "paper"),
    ]:
        answer = await post(client, reply(comment="A reply.", **fields), site=site)
        assert (answer.status, answer.faults) == (422, {"parent_id": "not_found"})
    assert (await post(client, reply(comment="A reply.", comment_parent=ten[0]), "form")).status == 303


STATUSES = [("approve", True), ("reject", False), ("spam", False), ("hold", False), (None, False)]


@pytest.mark.parametrize(("action", "visible"), STATUSES)
async def test_only_what_is_published_is_ever_visible(
    client: ClientSession, make_site: MakeSite, submit: Submit, decide: Callable[..., Any],
    action: str | None, visible: bool,
) -> None:  # fmt: skip
    await make_site("paper")
    accepted = await submit(comment="Xylophone.", author="Zebedee")
    if action:
        await decide(accepted["id"], action, 1, "abusive" if action == "reject" else None)
    asked = [
        (COMMENTS, {}),
        (THREAD, {}),
        (THREAD, {"fragment": "1"}),
        (THREAD, {"reply_to": accepted["id"]}),
    ]
    for path, params in asked:
        answer = await get(client, path, {"page_url": PAGE} | params)
        assert answer.status == 200
        assert ("Xylophone" in answer.text, "Zebedee" in answer.text) == (visible, visible)
    counted = await get(client, COUNTS, {"page_url": PAGE})
    assert counted.json["counts"] == {PAGE: int(visible)}


async def test_a_decision_is_visible_to_the_next_reader(
    client: ClientSession, ten: list[str], decide: Callable[..., Any]
) -> None:
    tags = [(await read(client)).headers["ETag"]]
    for version, action in enumerate(("spam", "approve", "hold", "approve"), start=2):
        await decide(ten[0], action, version)
        answer = await read(client, sort="oldest")
        assert (ten[0] in {one["id"] for one in answer.json["comments"]}) == (action == "approve")
        tags.append(answer.headers["ETag"])
    assert len(set(tags)) == 5


CACHED = [(COMMENTS, {}), (COUNTS, {}), (THREAD, {}), (THREAD, {"fragment": "1"})]


@pytest.mark.parametrize(("path", "params"), CACHED)
async def test_what_can_be_kept_is_told_from_what_has_changed(
    client: ClientSession, ten: list[str], decide: Callable[..., Any], path: str, params: dict[str, str]
) -> None:
    asked = {"page_url": PAGE} | params
    plain = await get(client, path, asked, **{"Accept-Encoding": "identity"})
    packed = await get(client, path, asked, **{"Accept-Encoding": "gzip"})
    assert plain.status == packed.status == 200
    assert plain.body == packed.body
    assert plain.headers["ETag"] != packed.headers["ETag"]
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=1"
        assert "Set-Cookie" not in answer.headers
    for coding, answer in (("identity", plain), ("gzip", packed)):
        tag = answer.headers["ETag"]
        for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            kept = await get(client, path, asked, **{"Accept-Encoding": coding, "If-None-Match": given})
            assert (kept.status, kept.body, kept.headers["ETag"]) == (304, b"", tag)
            assert "Accept-Encoding" in kept.headers["Vary"]
            assert kept.headers["Cache-Control"] == "public, max-age=0, s-maxage=1"
        crossed = await get(
            client,
            path,
            asked,
            **{"Accept-Encoding": "identity" if coding == "gzip" else "gzip", "If-None-Match": tag},
        )
        assert crossed.status == 200
    await decide(ten[0], "spam", 2)
    changed = await get(client, path, asked, **{"If-None-Match": plain.headers["ETag"]})
    assert changed.status == 200


@pytest.mark.parametrize("path", [COMMENTS, COUNTS, THREAD])
async def test_any_page_may_read_an_error_too(client: ClientSession, make_site: MakeSite, path: str) -> None:
    await make_site("paper")
    asked = [(path, {}), (path, {"page_url": PAGE, "email": "x"})]
    asked.append((path.replace("paper", "nowhere"), {"page_url": PAGE}))
    answers = [await get(client, *one, Origin="https://anyone.example") for one in asked]
    assert [answer.status for answer in answers] == [422, 422, 404]
    assert {answer.headers.get("Access-Control-Allow-Origin") for answer in answers} == {"*"}


@pytest.mark.parametrize("path", ["/receipts/x", "/api/v1/moderation/comments"])
async def test_no_page_may_read_an_error_about_what_is_private(client: ClientSession, path: str) -> None:
    answer = await get(client, path, Origin="https://anyone.example")
    assert answer.status in {401, 404}
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("path", [COMMENTS, COUNTS])
async def test_any_page_may_read_without_credentials(
    client: ClientSession, ten: list[str], path: str
) -> None:
    for origin in ("https://anyone.example", "null", ORIGIN):
        answer = await get(client, path, {"page_url": PAGE}, Origin=origin)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers


async def test_a_long_answer_is_packed_on_the_way(web_app: WebProcess, ten: list[str]) -> None:
    async with ClientSession(web_app.url, auto_decompress=False) as bare:
        answer = await get(bare, COMMENTS, {"page_url": PAGE}, **{"Accept-Encoding": "gzip, br"})
        assert answer.headers["Content-Encoding"] == "gzip"
        assert b"Number 9." in gzip.decompress(answer.body)
        refused = await get(bare, COMMENTS, {"page_url": PAGE}, **{"Accept-Encoding": "gzip;q=0"})
        assert "Content-Encoding" not in refused.headers


async def test_counts_are_told_under_the_keys_that_were_asked_for(
    client: ClientSession, ten: list[str]
) -> None:
    asked = [
        PAGE,
        PAGE + "#x",
        "HTTPS://Paper.Example/ferry?utm_source=a",
        ORIGIN + "/none",
        "https://fen.example/",
    ]
    answer = await get(client, COUNTS, [("page_url", one) for one in asked])
    assert answer.json == {"counts": dict(zip(asked, (10, 10, 10, 0, 0), strict=True))}


async def test_a_hundred_pages_are_counted_at_once_and_not_one_more(
    client: ClientSession, ten: list[str]
) -> None:
    pages = [("page_url", f"{ORIGIN}/2026/11/22/a-rather-long-headline-about-the-ferry-{n}/?a={'x' * 150}")
             for n in range(99)] + [("page_url", PAGE)]  # fmt: skip
    answer = await get(client, COUNTS, pages)
    assert (answer.status, len(answer.json["counts"]), answer.json["counts"][PAGE]) == (200, 100, 10)
    beyond = await get(client, COUNTS, [*pages, ("page_url", ORIGIN)])
    assert (beyond.status, set(beyond.faults)) == (422, {"page_url"})
    wrong = await get(client, COUNTS, [("page_url", PAGE), ("page_url", "ferry")])
    assert (wrong.status, wrong.faults) == (422, {"page_url": "invalid"})


async def test_the_first_title_of_a_page_stays(
    client: ClientSession, make_site: MakeSite, submit: Submit, check_all: CheckAll
) -> None:
    await make_site("paper", publish="auto")
    await submit(comment="0.")
    await check_all()
    assert (await read(client)).json["page"]["title"] is None
    await submit(comment="1.", page_title="The <ferry>")
    await submit(comment="2.", page_title="Another")
    assert (await read(client)).json["page"]["title"] == "The <ferry>"


async def test_a_title_is_shown_only_while_a_comment_is_published_there(
    client: ClientSession, make_site: MakeSite, submit: Submit, decide: Callable[..., Any]
) -> None:
    await make_site("paper")
    sent = await submit(page_title="Xylophones for sale")
    asked = [(COMMENTS, {"page_url": PAGE}), (THREAD, {"page_url": PAGE})]
    asked.append((sent["receipt_url"], {}))
    for version, (action, shown) in enumerate([("hold", False), ("approve", True), ("spam", False)], start=1):
        await decide(sent["id"], action, version)
        answers = [await get(client, path, params) for path, params in asked]
        assert [("Xylophones" in answer.text) for answer in answers] == [shown] * 3, action


async def test_a_site_makes_so_many_new_pages_in_an_hour(client: ClientSession, make_site: MakeSite) -> None:
    await make_site("paper", new_pages_per_hour=2)
    answers = [await post(client, reply(page_url=f"{ORIGIN}/{n}")) for n in range(3)]
    assert [answer.status for answer in answers] == [202, 202, 429]
    assert int(answers[2].headers["Retry-After"]) >= 1
    assert (await post(client, reply(page_url=f"{ORIGIN}/0", comment="Known page."))).status == 202


async def test_text_and_html_say_the_same_and_html_is_inert(
    client: ClientSession, make_site: MakeSite, submit: Submit, check_all: CheckAll
) -> None:
    await make_site("paper", publish="auto")
    await submit(
        comment="<b>Look</b> & see https://ferry.example/?a=1&b='2'\n\nBye", website="https://mina.example/"
    )
    await check_all()
    [one] = (await read(client)).json["comments"]
    assert one["text"].startswith("<b>Look</b> & see")
    assert "&lt;b&gt;Look&lt;/b&gt; &amp; see" in one["html"]
    assert 'rel="nofollow ugc noopener noreferrer"' in one["html"]
    assert one["website"] == "https://mina.example/"


async def test_readers_beside_each_other_get_the_same(client: ClientSession, ten: list[str]) -> None:
    answers = await asyncio.gather(*(read(client) for _ in range(30)))
    assert len({answer.body for answer in answers}) == 1
