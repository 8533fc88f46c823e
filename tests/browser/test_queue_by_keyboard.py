"""The queue at work in a real browser: one key for each action, at once, never losing the place."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Look, Watched
from tests.web.browsing import status_of
from tests.web.harness import CheckAll, MakeSite, MakeToken, Submit, WebProcess

pytestmark = pytest.mark.browser

SignedIn = Callable[..., Awaitable[Watched]]


@pytest.fixture
async def comments(make_site: MakeSite, submit: Submit, check_all: CheckAll) -> list[str]:
    """Six comments that wait at the site `paper`, the oldest first."""
    await make_site("paper")
    ids = [str((await submit(comment=f"Number {n}.", author=f"Author {n}"))["id"]) for n in range(6)]
    await check_all()
    return ids


@pytest.fixture
def at_desk(look: Look, web_app: WebProcess, make_token: MakeToken) -> SignedIn:
    """`await at_desk("Ruth")`: a browser with the queue in front of that person."""

    async def sign_in(name: str = "Ruth", role: str = "moderator") -> Watched:
        watched = await (await look()).open(web_app.url + "/dashboard")
        await watched.page.get_by_label("Moderator token").fill(await make_token(role, name=name))
        await watched.page.keyboard.press("Enter")
        await watched.page.get_by_role("button", name="Sign out").wait_for()
        return watched

    return sign_in


async def here(page: Page) -> str:
    """The id of the comment that has the focus."""
    return str(await page.evaluate("document.activeElement.closest('article.item')?.dataset.id"))


async def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        await page.keyboard.press(key)


async def until(database: asyncpg.Connection, comment_id: str, status: str) -> None:
    async with asyncio.timeout(10):
        while await status_of(database, comment_id) != status:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_a_key_decides_and_the_focus_goes_on(
    at_desk: SignedIn, comments: list[str], database: asyncpg.Connection
) -> None:
    desk = await at_desk()
    page = desk.page
    await keys(page, "j", "k")
    assert await here(page) == comments[0]
    await keys(page, "a")
    assert await here(page) == comments[1]
    await keys(page, "s")
    assert await here(page) == comments[2]
    await keys(page, "j", "r", "1")
    assert await here(page) == comments[4]
    for comment_id, status in zip(comments, ("published", "spam", "held", "rejected"), strict=False):
        await until(database, comment_id, status)
    await expect(page.locator("#live")).to_have_text("Rejected.")
    await expect(page.locator("article.item")).to_have_count(3)
    await keys(page, "u")
    await until(database, comments[3], "held")
    await expect(page.locator("article.item")).to_have_count(4)
    assert await here(page) == comments[3]
    assert await page.evaluate("desk.cards().map((card) => card.dataset.id)") == comments[2:]
    await keys(page, "u", "s")
    await until(database, comments[1], "spam")
    assert await desk.settle() == []


async def test_all_are_decided_and_the_end_is_told(
    at_desk: SignedIn, comments: list[str], database: asyncpg.Connection
) -> None:
    desk = await at_desk()
    page = desk.page
    await keys(page, *"aaaaaa")
    await expect(page.get_by_text("Nothing waits for a person")).to_be_focused()
    for comment_id in comments:
        await until(database, comment_id, "published")
    await page.get_by_role("main").get_by_role("link", name="My shift").click()
    await expect(page.get_by_role("row", name="approved")).to_contain_text("6")
    assert await desk.settle() == []


async def test_what_is_selected_is_decided_and_taken_back_together(
    at_desk: SignedIn, comments: list[str], database: asyncpg.Connection
) -> None:
    desk = await at_desk()
    page = desk.page
    await keys(page, "j", "k", "x", "j", "j", "x", "r")
    await expect(page.locator("#reasons")).to_be_visible()
    await keys(page, "2")
    await until(database, comments[0], "rejected")
    await until(database, comments[2], "rejected")
    assert await page.evaluate("desk.cards().map((card) => card.dataset.id)") == [
        comments[1],
        *comments[3:],
    ]
    await page.get_by_role("button", name="Undo").click()
    await until(database, comments[0], "held")
    await until(database, comments[2], "held")
    await expect(page.locator("article.item")).to_have_count(6)
    assert await page.evaluate("desk.cards().map((card) => card.dataset.id)") == comments
    assert await desk.settle() == []


async def hear_nothing(desk: Watched) -> None:
    """Open the queue again without its stream, as where a network cuts streams off."""
    await desk.page.route("**/dashboard/events*", lambda route: route.fulfill(status=503))
    await desk.page.reload()
    await desk.page.locator("article.item").first.wait_for()


async def test_what_happens_is_told_to_every_browser_by_itself(
    at_desk: SignedIn, comments: list[str], submit: Submit, check_all: CheckAll, web_app: WebProcess
) -> None:
    ruth, hob = await at_desk("Ruth"), await at_desk("Hob")
    await until_heard(web_app, 2)
    await keys(hob.page, "j", "k")
    await keys(ruth.page, "s")
    card = hob.page.locator(f"#comment-{comments[0]}")
    await expect(card).to_contain_text("Ruth decided it meanwhile: Spam.")
    await submit(comment="A new one.", author="Noor")
    await check_all()
    await expect(hob.page.get_by_role("button", name="1 new")).to_be_visible()
    assert await here(hob.page) == comments[0]
    assert await hob.settle() == []


async def test_a_hidden_page_keeps_no_stream_and_a_stream_that_ends_is_taken_up_again(
    at_desk: SignedIn, comments: list[str], web_app: WebProcess
) -> None:
    desk = await at_desk()
    await until_heard(web_app, 1)
    feed = web_app.services.feed
    feed.close()
    await until_heard(web_app, 0)
    feed.closing = False
    await until_heard(web_app, 1)
    await desk.page.evaluate(
        "Object.defineProperty(document, 'hidden', {value: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    await until_heard(web_app, 0)


async def until_heard(web_app: WebProcess, by: int) -> None:
    async with asyncio.timeout(20):
        while web_app.services.feed.streams != by:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_two_browsers_decide_nothing_twice_and_the_loser_is_told(
    at_desk: SignedIn, comments: list[str], database: asyncpg.Connection
) -> None:
    ruth, hob = await at_desk("Ruth"), await at_desk("Hob")
    await hear_nothing(hob)
    await keys(ruth.page, "s")
    await until(database, comments[0], "spam")
    await keys(hob.page, "a")
    card = hob.page.locator(f"#comment-{comments[0]}")
    await expect(card).to_contain_text("Ruth decided it meanwhile: Spam. Nothing was changed.")
    await expect(card.get_by_role("button", name="Approve")).to_be_hidden()
    await expect(hob.page.locator("#live")).to_contain_text("Ruth decided it meanwhile")
    assert await here(hob.page) == comments[1]
    decided = await database.fetch("SELECT comment_id FROM decision WHERE source = 'moderator'")
    assert [str(row["comment_id"]) for row in decided] == [comments[0]]


async def test_others_see_who_looks_at_a_comment_and_what_is_new_moves_nothing(
    at_desk: SignedIn, comments: list[str], submit: Submit, check_all: CheckAll
) -> None:
    ruth, hob = await at_desk("Ruth"), await at_desk("Hob")
    await hob.page.evaluate("desk.look()")
    async with ruth.page.expect_response("**/dashboard/claim"):
        await keys(ruth.page, "j", "j")
    await submit(comment="A new one.", author="Noor")
    await check_all()
    await keys(hob.page, "j", "j", "j")
    place = await hob.page.evaluate("document.activeElement.getBoundingClientRect().top")
    await hob.page.evaluate("desk.look()")
    card = hob.page.locator(f"#comment-{comments[2]}")
    await expect(card).to_contain_text("Ruth is looking at it.")
    await expect(hob.page.get_by_role("button", name="1 new")).to_be_visible()
    await keys(hob.page, "n")
    await expect(hob.page.locator("article.item").last).to_contain_text("A new one.")
    assert await here(hob.page) == comments[3]
    assert abs(await hob.page.evaluate("document.activeElement.getBoundingClientRect().top") - place) < 60
    await ruth.page.goto("about:blank")
    await hob.page.reload()
    await expect(hob.page.locator(f"#comment-{comments[2]}")).to_be_visible()
    await expect(hob.page.get_by_text("Ruth is looking at it.")).to_have_count(0)
    assert await hob.settle() == []


async def test_after_a_decision_comes_the_next_that_nobody_else_has(
    at_desk: SignedIn, comments: list[str], submit: Submit, check_all: CheckAll
) -> None:
    ruth, hob = await at_desk("Ruth"), await at_desk("Hob")
    async with ruth.page.expect_response("**/dashboard/claim"):
        await keys(ruth.page, "j", "j")
    await hob.page.evaluate("desk.look()")
    await expect(hob.page.locator(f"#comment-{comments[2]}")).to_contain_text("Ruth is looking at it.")
    await keys(hob.page, "j", "s")
    assert await here(hob.page) == comments[3]
    await keys(hob.page, "k")
    assert await here(hob.page) == comments[2]
    assert await hob.settle() == []


async def test_what_others_decided_leaves_once_it_is_out_of_sight(
    at_desk: SignedIn, comments: list[str], database: asyncpg.Connection, monkeypatch: Any
) -> None:
    monkeypatch.setattr("service.web.desk_queue.page_size", lambda: 3)
    ruth, hob = await at_desk("Ruth"), await at_desk("Hob")
    await hear_nothing(hob)
    await keys(hob.page, "f", "j", "j")
    await keys(ruth.page, *"ssss")
    await until(database, comments[3], "spam")
    await hob.page.evaluate("desk.look()")
    await expect(hob.page.locator(f"#comment-{comments[1]}")).to_have_count(0)
    await expect(hob.page.locator(f"#comment-{comments[2]}")).to_contain_text("Ruth decided it meanwhile")
    await expect(hob.page.locator(f"#comment-{comments[5]}")).to_have_count(1)
    await keys(hob.page, "j")
    assert await here(hob.page) == comments[4]


async def test_a_decision_that_cannot_be_sent_comes_back(at_desk: SignedIn, comments: list[str]) -> None:
    desk = await at_desk()
    page = desk.page
    await page.route("**/dashboard/decide", lambda route: route.abort())
    await keys(page, "a")
    await expect(page.locator("article.item")).to_have_count(6)
    card = page.locator(f"#comment-{comments[0]}")
    await expect(card).to_contain_text("It could not be sent")
    await expect(page.locator("#live")).to_contain_text("It could not be sent")


async def test_keys_do_nothing_where_they_are_off_or_somebody_types(
    at_desk: SignedIn, comments: list[str], database: asyncpg.Connection
) -> None:
    desk = await at_desk()
    page = desk.page
    await keys(page, "?")
    await expect(page.locator("#help")).to_be_visible()
    await keys(page, "a", "Escape")
    await expect(page.locator("#help")).to_be_hidden()
    await page.get_by_label("Reason").nth(1).focus()
    await keys(page, "s")
    await page.get_by_role("link", name="Settings").click()
    await page.get_by_label("Keys for actions").select_option("off")
    await page.get_by_role("button", name="Save").click()
    await page.get_by_role("link", name="Queue").click()
    await page.locator("article.item").first.focus()
    await keys(page, "a", "s")
    await expect(page.locator("article.item")).to_have_count(6)
    await page.locator("article.item").first.get_by_role("button", name="Approve").click()
    await until(database, comments[0], "published")
    assert await database.fetchval("SELECT count(*) FROM decision WHERE source = 'moderator'") == 1
    assert await desk.settle() == []


async def test_one_at_a_time_shows_one(at_desk: SignedIn, comments: list[str]) -> None:
    desk = await at_desk()
    page = desk.page
    await keys(page, "f", "j")
    assert await here(page) == comments[1]
    assert await page.locator("article.item:visible").count() == 1
    await keys(page, "a")
    assert await here(page) == comments[2]
    assert await page.locator("article.item:visible").count() == 1
    await keys(page, "f")
    assert await page.locator("article.item:visible").count() == 5


async def test_the_next_page_comes_by_itself(
    at_desk: SignedIn, comments: list[str], monkeypatch: Any, database: asyncpg.Connection
) -> None:
    monkeypatch.setattr("service.web.desk_queue.page_size", lambda: 2)
    desk = await at_desk()
    await keys(desk.page, *"ss")
    await expect(desk.page.locator(f"#comment-{comments[5]}")).to_be_visible()
    await keys(desk.page, *"ssss")
    for comment_id in comments:
        await until(database, comment_id, "spam")
    assert await desk.settle() == []
