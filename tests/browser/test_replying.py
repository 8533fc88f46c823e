"""A reader replies with a real browser, with scripts and without, and a person lets it through."""

import re

import asyncpg
import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Look
from tests.web.harness import CheckAll, MakeToken, WebProcess

pytestmark = pytest.mark.browser


async def fill(page: Page, **fields: str) -> None:
    values = {"comment": "The ferry was late.", "author": "Mina", "email": "mina@reader.example"} | fields
    for name, value in values.items():
        await page.locator(f"#reply-{name}").fill(value)


async def send(page: Page) -> None:
    await page.get_by_role("button", name="Post Comment").click()


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_reply_from_the_article_is_on_the_page_once_it_is_checked(
    look: Look, demo: str, check_all: CheckAll, web_app: WebProcess, scripts: bool
) -> None:
    eyes = await look(scripts=scripts)
    seen = await eyes.open(demo)
    await fill(seen.page)
    await send(seen.page)
    await expect(seen.page.get_by_role("heading", level=1)).to_contain_text("awaiting moderation")
    assert seen.page.url.startswith(web_app.url + "/receipts/")
    await check_all()
    await seen.page.get_by_role("link", name="Look again").click()
    await expect(seen.page.get_by_role("heading", level=1)).to_contain_text("published")
    await seen.page.locator(".back a").click()
    comment = seen.page.locator(".comment-text", has_text="The ferry was late.")
    await expect(comment).to_be_visible()
    await seen.page.get_by_role("link", name=re.compile("^Reply.*Mina")).click()
    await expect(seen.page.locator("#reply-title")).to_contain_text("Mina")
    await fill(seen.page, comment="So was mine.", author="Nora", email="nora@reader.example")
    await send(seen.page)
    await check_all()
    await seen.page.goto(demo)
    await expect(seen.page.locator(".depth-1 .comment-text")).to_have_text("So was mine.")
    if scripts:
        assert await seen.settle() == []
    assert seen.faults == []


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_refused_form_keeps_the_text_and_takes_the_focus(
    look: Look, demo: str, scripts: bool
) -> None:
    seen = await (await look(scripts=scripts)).open(demo)
    await seen.page.locator("#reply-form").evaluate("form => form.noValidate = true")
    await fill(seen.page, comment="Line one\n\n  <b>Line two</b>", email="nobody")
    await send(seen.page)
    await expect(seen.page.locator("#reply-email-error")).to_be_visible()
    await expect(seen.page.locator("#reply-comment")).to_have_value("Line one\n\n  <b>Line two</b>")
    await expect(seen.page.locator("#reply-email")).to_have_value("nobody")
    await expect(seen.page.locator("#reply-email")).to_have_attribute("aria-invalid", "true")
    await expect(seen.page.locator(".form-errors")).to_be_focused()
    await seen.page.locator("#reply-email").fill("mina@reader.example")
    await send(seen.page)
    await expect(seen.page.get_by_role("heading", level=1)).to_contain_text("awaiting moderation")
    assert seen.faults == []


async def test_the_name_is_kept_in_this_browser_while_the_box_is_ticked(look: Look, demo: str) -> None:
    eyes = await look()
    seen = await eyes.open(demo)
    await fill(seen.page)
    await seen.page.get_by_label("Save my name").check()
    await send(seen.page)
    await expect(seen.page.get_by_role("heading", level=1)).to_contain_text("awaiting")
    again = await eyes.open(demo)
    await expect(again.page.locator("#reply-author")).to_have_value("Mina")
    await expect(again.page.locator("#reply-email")).to_have_value("mina@reader.example")
    await expect(again.page.locator("#reply-comment")).to_have_value("")
    await again.page.get_by_label("Save my name").uncheck()
    third = await eyes.open(demo)
    await expect(third.page.locator("#reply-author")).to_have_value("")
    other = await (await look()).open(demo)
    await expect(other.page.locator("#reply-email")).to_have_value("")
    assert [*await again.settle(), *await third.settle()] == []


async def test_a_draft_survives_a_reload_until_it_is_taken(look: Look, demo: str) -> None:
    eyes = await look()
    seen = await eyes.open(demo)
    await seen.page.locator("#reply-comment").fill("Half a thought")
    await seen.page.reload()
    await expect(seen.page.locator("#reply-comment")).to_have_value("Half a thought")
    await fill(seen.page, comment="A whole thought.")
    await send(seen.page)
    await expect(seen.page.get_by_role("heading", level=1)).to_contain_text("awaiting")
    await seen.page.goto(demo)
    await expect(seen.page.locator("#reply-comment")).to_have_value("")
    assert await seen.settle() == []


async def test_a_double_click_is_one_reply(look: Look, demo: str, database: asyncpg.Connection) -> None:
    seen = await (await look()).open(demo)
    await fill(seen.page)
    await seen.page.get_by_role("button", name="Post Comment").dblclick()
    await expect(seen.page.get_by_role("heading", level=1)).to_contain_text("awaiting")
    assert await database.fetchval("SELECT count(*) FROM comment") == 1


async def test_a_person_lets_a_held_reply_through(
    look: Look, demo: str, database: asyncpg.Connection, check_all: CheckAll, make_token: MakeToken,
    web_app: WebProcess,
) -> None:  # fmt: skip
    await database.execute("""UPDATE policy SET document = document || '{"publish": "review"}'""")
    reader = await (await look()).open(demo)
    await fill(reader.page)
    await send(reader.page)
    await expect(reader.page.get_by_role("heading", level=1)).to_contain_text("awaiting")
    web_app.forget_sites()
    await check_all()
    await reader.page.reload()
    await expect(reader.page.get_by_role("heading", level=1)).to_contain_text("awaiting")
    desk = await (await look()).open(web_app.url + "/dashboard")
    await desk.page.get_by_label("Moderator token").fill(await make_token("moderator"))
    await desk.page.get_by_role("button", name="Sign in").click()
    await expect(desk.page.locator(".queue")).to_contain_text("The ferry was late.")
    async with desk.page.expect_response("**/dashboard/decide"):  # told at once, recorded a little later
        await desk.page.get_by_role("article").get_by_role("button", name="Approve").click()
        await expect(desk.page.get_by_role("status")).to_contain_text("Approved")
    await reader.page.goto(demo)
    await expect(reader.page.locator(".comment-text")).to_have_text("The ferry was late.")
    await desk.page.get_by_role("button", name="Sign out").click()
    await expect(desk.page.get_by_label("Moderator token")).to_be_visible()
    assert [*await reader.settle(), *await desk.settle()] == []
