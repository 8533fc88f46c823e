"""Taking part of a text out by the form of a comment's page."""

import asyncpg
import pytest
from aiohttp import ClientSession

from tests.web.browsing import send, sign_in
from tests.web.harness import COMMENT, MakeToken, StartWeb
from tests.web.sending import Answer, get, page_of

TEXT = str(COMMENT["comment"])
WORD = TEXT.split()[1]


async def fields_of(desk: ClientSession, comment_id: str) -> dict[str, str]:
    page = page_of(await get(desk, f"/dashboard/comments/{comment_id}"))
    [form] = [one for one in page.all("form") if one.get("action") == "/dashboard/redact"]
    return {one.get("name", ""): one.get("value", "") for one in form.iter("input")}


async def take_out(desk: ClientSession, comment_id: str, passages: str, **more: str) -> Answer:
    return await send(
        desk, "/dashboard/redact", await fields_of(desk, comment_id) | {"passages": passages} | more
    )


async def test_the_passages_are_taken_out_and_the_page_says_so(
    desk: ClientSession, database: asyncpg.Connection, held: str
) -> None:
    answer = await take_out(desk, held, f"\n  {WORD} \n", reason="personal_data", note="Her name.")
    assert (answer.status, answer.headers["Location"]) == (303, f"/dashboard/comments/{held}?notice=redacted")
    assert await database.fetchval("SELECT text FROM comment") == TEXT.replace(WORD, "[…]")
    page = await get(desk, answer.headers["Location"])
    assert "Taken out: readers see that the text was edited." in page.text
    [before] = [one for one in page_of(page).all("p") if one.get("class") == "text-before"]
    assert before.text == TEXT
    assert "Her name." in page.text


async def test_a_redaction_is_taken_back_by_the_page(
    desk: ClientSession, database: asyncpg.Connection, held: str
) -> None:
    await take_out(desk, held, WORD)
    page = page_of(await get(desk, f"/dashboard/comments/{held}"))
    [form] = [one for one in page.all("form") if one.get("class") == "take-back"]
    sent = {one.get("name", ""): one.get("value", "") for one in form.iter("input")}
    assert (await send(desk, "/dashboard/undo", sent)).status == 303
    assert await database.fetchval("SELECT text FROM comment") == TEXT


@pytest.mark.parametrize(
    ("passages", "more", "said"),
    [
        ("no such <words>", {}, "The text does not have these words: no such &lt;words&gt;"),
        (" \n ", {}, "Say which words are to be taken out."),
        (TEXT, {}, "Something of the text must be left"),
        (WORD, {"version": "1"}, "Someone decided this comment meanwhile"),
        (WORD, {"version": "x"}, "That form could not be read"),
        (WORD, {"reason": "boredom"}, "The site has no such reason"),
        (WORD, {"note": "x" * 2001}, "That form could not be read"),
    ],
)
async def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_is_kept(
    desk: ClientSession,
    database: asyncpg.Connection,
    held: str,
    passages: str,
    more: dict[str, str],
    said: str,
) -> None:
    answer = await take_out(desk, held, passages, note=more.pop("note", "Kept."), **more)
    assert answer.status == 422
    assert said in answer.text
    field = page_of(answer).by_id("passages")
    assert field.get("aria-invalid") == "true"
    assert (field.text or "").strip() == passages.strip()
    assert await database.fetchval("SELECT text FROM comment") == TEXT


async def test_a_viewer_has_no_form_and_may_not_send_one(
    desk: ClientSession, start_web: StartWeb, make_token: MakeToken, database: asyncpg.Connection, held: str
) -> None:
    fields = await fields_of(desk, held) | {"passages": WORD}
    viewer = (await start_web()).client
    await sign_in(viewer, await make_token("viewer", name="Vera"))
    page = await get(viewer, f"/dashboard/comments/{held}")
    assert "/dashboard/redact" not in page.text
    assert (await send(viewer, "/dashboard/redact", fields)).status == 403
    assert await database.fetchval("SELECT text FROM comment") == TEXT
