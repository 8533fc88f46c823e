"""Answering a reader for the paper by the form of a comment's page."""

import asyncpg
import pytest
from aiohttp import ClientSession

from tests.web.browsing import send, sign_in
from tests.web.harness import PAGE, CheckAll, MakeToken, StartWeb, Submit
from tests.web.sending import get, page_of

SAID = "It runs again from Monday on."


@pytest.fixture
async def published(desk: ClientSession, held: str) -> str:
    """The id of a comment of the site `paper` that everyone reads."""
    page = page_of(await get(desk, f"/dashboard/comments/{held}"))
    form = next(one for one in page.all("form") if one.get("action") == "/dashboard/decide")
    fields = {one.get("name", ""): one.get("value", "") for one in form.iter("input")}
    assert (await send(desk, "/dashboard/decide", fields | {"action": "approve"})).status == 303
    return held


async def fields_of(desk: ClientSession, comment_id: str) -> dict[str, str]:
    page = page_of(await get(desk, f"/dashboard/comments/{comment_id}"))
    [form] = [one for one in page.all("form") if one.get("action") == "/dashboard/answer-reader"]
    return {one.get("name", ""): one.get("value", "") for one in form.iter("input")}


async def test_the_answer_is_on_the_page_at_once_with_its_badge(
    desk: ClientSession, client: ClientSession, database: asyncpg.Connection, published: str
) -> None:
    fields = await fields_of(desk, published) | {"text": SAID}
    for sign_as, badges in (("site", 1), ("person", 2)):
        answer = await send(desk, "/dashboard/answer-reader", fields | {"sign_as": sign_as})
        assert answer.status == 303
        page = await get(desk, answer.headers["Location"])
        assert "Answered: it is on the page." in page.text
        assert "wrote this for the paper" in page.text
        thread = await get(client, "/sites/paper/thread", {"page_url": PAGE})
        assert thread.text.count('class="comment-staff"') == badges
    signed = await database.fetch("SELECT author FROM comment WHERE staff_id IS NOT NULL ORDER BY id")
    assert [row["author"] for row in signed] == ["Paper", "Ruth"]


async def test_an_empty_answer_is_refused_at_its_field(
    desk: ClientSession, database: asyncpg.Connection, published: str
) -> None:
    fields = await fields_of(desk, published)
    for text in (" ", "x" * 5001):
        answer = await send(desk, "/dashboard/answer-reader", fields | {"text": text, "sign_as": "person"})
        assert answer.status == 422
        assert "Write an answer of at most 5,000 characters." in answer.text
        field = page_of(answer).by_id("answer-text")
        assert field.get("aria-invalid") == "true"
        assert (field.text or "").strip() == text.strip()
    assert await database.fetchval("SELECT count(*) FROM comment") == 1


async def test_what_is_held_cannot_be_answered(
    desk: ClientSession, database: asyncpg.Connection, submit: Submit, check_all: CheckAll, published: str
) -> None:
    waiting = (await submit(comment="Another one."))["id"]
    await check_all()
    assert "/dashboard/answer-reader" not in (await get(desk, f"/dashboard/comments/{waiting}")).text
    fields = await fields_of(desk, published) | {"id": waiting, "text": SAID}
    answer = await send(desk, "/dashboard/answer-reader", fields)
    assert answer.status == 422
    assert "Only what is published can be answered." in answer.text
    assert await database.fetchval("SELECT count(*) FROM comment") == 2


async def test_a_viewer_has_no_form_and_may_not_send_one(
    desk: ClientSession,
    start_web: StartWeb,
    make_token: MakeToken,
    database: asyncpg.Connection,
    published: str,
) -> None:
    fields = await fields_of(desk, published) | {"text": SAID}
    viewer = (await start_web()).client
    await sign_in(viewer, await make_token("viewer", name="Vera"))
    page = await get(viewer, f"/dashboard/comments/{published}")
    assert "/dashboard/answer-reader" not in page.text
    fields["csrf"] = "x"
    assert (await send(viewer, "/dashboard/answer-reader", fields)).status == 403
    assert await database.fetchval("SELECT count(*) FROM comment") == 1
