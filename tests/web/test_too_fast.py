"""What is too fast is refused, kept in the form, and never unlimited: not without Redis either."""

import asyncio
from typing import Any

import asyncpg
import pytest

from tests.equipment.line import line_to
from tests.web.harness import CheckAll, MakeSite, MakeToken, StartWeb
from tests.web.sending import get, page_of, post, reply

LIMITS = ("limit_network", "limit_page", "limit_site", "limit_global")


@pytest.mark.parametrize("limit", LIMITS)
async def test_above_a_limit_a_program_is_told_when_to_come_back(
    start_web: StartWeb, make_site: MakeSite, limit: str
) -> None:
    await make_site("paper")
    web = await start_web(**{limit: "2/60"})
    answers = [await post(web.client, reply(comment=f"{n}.")) for n in range(3)]
    assert [answer.status for answer in answers] == [202, 202, 429]
    assert answers[2].is_problem("too-fast")
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 60


@pytest.mark.parametrize("kind", ["form", "multipart"])
async def test_above_a_limit_a_form_keeps_its_text(
    start_web: StartWeb, make_site: MakeSite, kind: str
) -> None:
    await make_site("paper")
    web = await start_web(limit_network="1/60")
    assert (await post(web.client, reply(comment="One."), kind)).status == 303
    answer = await post(web.client, reply(comment="Two & <two>."), kind)
    page = page_of(answer)
    assert (answer.status, answer.headers["Cache-Control"]) == (429, "no-store")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert page.typed()["comment"] == "Two & <two>."
    assert page.typed()["email"] == "mina@reader.example"
    assert "wait" in page.text


async def test_a_limit_refills(start_web: StartWeb, make_site: MakeSite) -> None:
    await make_site("paper")
    web = await start_web(limit_network="1/1")
    assert (await post(web.client, reply(comment="One."))).status == 202
    for _ in range(50):
        answer = await post(web.client, reply(comment="Two."))
        if answer.status == 202:
            return
        assert answer.headers["Retry-After"] == "1"
        await asyncio.sleep(0.1)
    pytest.fail("it never refilled")


async def test_pages_and_sites_are_limited_apart(start_web: StartWeb, make_site: MakeSite) -> None:
    await make_site("paper")
    await make_site("gazette")
    web = await start_web(limit_page="1/60", limit_site="2/60")
    sent = [("paper", "/a"), ("paper", "/a"), ("paper", "/b"), ("paper", "/c"), ("gazette", "/a")]
    answers = [
        await post(web.client, reply(page_url="https://paper.example" + path, comment=f"{n}."), site=site)
        for n, (site, path) in enumerate(sent)
    ]
    assert [answer.status for answer in answers] == [202, 429, 202, 429, 202]


async def test_networks_are_told_apart_by_trusted_proxies_alone(
    start_web: StartWeb, make_site: MakeSite
) -> None:
    await make_site("paper")
    behind = await start_web(limit_network="1/60", trusted_proxies="127.0.0.0/8")

    async def status(web: Any, number: int, forwarded: str) -> int:
        fields = reply(comment=f"{number}.")
        return (await post(web.client, fields, headers={"X-Forwarded-For": forwarded})).status

    seen = [await status(behind, n, ip) for n, ip in enumerate(("192.0.2.1", "192.0.2.200", "198.51.100.1"))]
    assert seen == [202, 429, 202]
    assert await status(behind, 9, "203.0.113.9, 192.0.2.1") == 429
    six = [
        await status(behind, n, ip)
        for n, ip in enumerate(("2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1"), 20)
    ]
    assert six == [202, 429, 202]
    bare = await start_web(limit_network="1/60")
    assert [await status(bare, n, f"192.0.{n}.1") for n in (31, 32)] == [202, 429]


async def test_what_is_refused_uses_nothing_up(start_web: StartWeb, make_site: MakeSite) -> None:
    await make_site("paper")
    web = await start_web(limit_network="2/60")
    for _ in range(5):
        assert (await post(web.client, reply(email="no"))).status == 422
    assert (await post(web.client, reply())).status == 202


async def test_above_the_limit_of_an_author_a_reply_is_taken_and_held_and_nothing_tells(
    start_web: StartWeb, make_site: MakeSite, make_token: MakeToken, check_all: CheckAll
) -> None:
    await make_site("paper", publish="auto")
    web = await start_web()
    texts = ("The ferry was late.", "Nobody told us why.", "The crew was kind.", "See you tomorrow.")
    answers = [await post(web.client, reply(comment=text)) for text in texts]
    assert [answer.status for answer in answers] == [202] * 4
    await check_all(author_limit="3/60")
    token = await make_token("viewer")
    held = await get(web.client, "/api/v1/moderation/comments", Authorization=f"Bearer {token}")
    assert [(one["text"], one["reason"]) for one in held.json["comments"]] == [(texts[3], "flood")]
    receipt = answers[3].json["receipt_url"].rpartition("/")[2]
    own = await get(web.client, f"/api/v1/receipts/{receipt}")
    assert "flood" not in own.text
    page = await get(web.client, f"/receipts/{receipt}")
    assert "flood" not in page.text.lower()
    assert "Too many" not in page.text


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("kind", ["json", "form"])
async def test_whoever_repeats_what_was_accepted_gets_the_first_answer_above_every_limit(
    start_web: StartWeb, make_site: MakeSite, limit: str, kind: str
) -> None:
    await make_site("paper")
    web = await start_web(**{limit: "1/60"})
    key = {"Idempotency-Key": "the same"}
    first = await post(web.client, reply(), kind, headers=key)
    for _ in range(3):
        again = await post(web.client, reply(), kind, headers=key)
        assert (again.status, again.body) == (first.status, first.body)
        assert again.headers.get("Location") == first.headers.get("Location")
    assert (await post(web.client, reply(comment="Another."), kind, headers=key)).status == 429
    assert (await post(web.client, reply(), kind, headers={"Idempotency-Key": "other"})).status == 429


async def test_a_double_click_above_a_limit_gets_the_first_answer_too(
    start_web: StartWeb, make_site: MakeSite, database: asyncpg.Connection
) -> None:
    await make_site("paper")
    web = await start_web(limit_network="1/60")
    first = await post(web.client, reply(), "form")
    again = await post(web.client, reply(), "form")
    assert (again.status, again.headers["Location"]) == (303, first.headers["Location"])
    await database.execute("UPDATE submission_key SET submitted_at = submitted_at - interval '61 seconds'")
    assert (await post(web.client, reply(), "form")).status == 429


async def test_above_a_limit_and_without_its_database_it_is_too_fast(
    start_web: StartWeb, make_site: MakeSite, database_url: str
) -> None:
    await make_site("paper")
    async with line_to(database_url) as line:
        web = await start_web(database_url=line.url, limit_network="1/60")
        assert (await post(web.client, reply())).status == 202
        await line.cut()
        web.services.directory._read_at = float("inf")
        assert (await post(web.client, reply())).status == 429


@pytest.mark.parametrize("limit", LIMITS)
async def test_each_limit_holds_at_half_the_rate_without_redis(
    start_web: StartWeb, make_site: MakeSite, limit: str
) -> None:
    await make_site("paper")
    web = await start_web(**{limit: "4/60"}, redis_url="redis://127.0.0.1:1/0")
    answers = [await post(web.client, reply(comment=f"{n}.")) for n in range(4)]
    assert [answer.status for answer in answers] == [202, 202, 429, 429]
    assert "Retry-After" in answers[3].headers
