"""The page of decisions by check in a real browser: reached from the queue, with and without scripts."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Look
from tests.web.harness import CheckAll, MakeSite, MakeToken, Submit, WebProcess

pytestmark = pytest.mark.browser

LINKS = "See http://a.example http://b.example http://c.example, please."


async def sign_in(page: Any, token: str) -> None:
    await page.get_by_label("Moderator token").fill(token)
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Sign out").wait_for()


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_moderator_sees_what_each_check_decided_and_what_people_made_of_it(
    look: Look,
    web_app: WebProcess,
    make_site: MakeSite,
    make_token: MakeToken,
    submit: Submit,
    check_all: CheckAll,
    scripts: bool,
) -> None:
    await make_site("paper", publish="auto")
    await make_site("gazette", publish="auto")
    await submit(comment=LINKS)
    await submit(comment="The ferry was late again.", author="Noor")
    await check_all()
    token = await make_token("moderator", ("paper", "gazette"))
    desk = await (await look(scripts=scripts)).open(web_app.url + "/dashboard")
    page = desk.page
    await sign_in(page, token)
    await page.get_by_role("article").get_by_role("button", name="Approve").click()
    if scripts:
        await page.get_by_text("Nothing waits for a person").wait_for()
    await page.get_by_role("link", name="Site", exact=True).click()
    await page.get_by_role("link", name="Checks", exact=True).click()
    await page.get_by_role("heading", name="What the checks decide").wait_for()
    await page.get_by_label("Site").select_option("paper")
    await page.get_by_role("button", name="Show").click()
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Links", exact=True))
    cells = await row.get_by_role("cell").all_inner_texts()
    assert cells == ["50.0%", "50.0%", "0", "0", "0", "1", "1", "0", "0"]
    line = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="max_links"))
    assert await line.get_by_role("cell").all_inner_texts() == ["Waiting for a person", "1", "1"]
    await page.get_by_label("Site").select_option("gazette")
    await page.get_by_role("button", name="Show").click()
    await page.get_by_text("Nothing was checked in this time.").wait_for()
    await page.get_by_role("link", name="Queue").click()
    await page.get_by_text("Nothing waits for a person").wait_for()
    assert (await desk.settle() if scripts else desk.faults) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_pages_of_the_desk_fit_a_narrow_screen(
    look: Look,
    web_app: WebProcess,
    make_site: MakeSite,
    make_token: MakeToken,
    submit: Submit,
    check_all: CheckAll,
    scheme: str,
) -> None:
    await make_site("paper")
    await make_site("the-gazette-of-the-harbour-and-all-the-islands-around-it")
    await submit(comment=LINKS)
    await check_all()
    desk = await (await look()).open()
    page = desk.page
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto(web_app.url + "/dashboard")
    await sign_in(page, await make_token("viewer", None))
    for place in ("", "/automation", "/samples", "/checks?days=1"):
        await page.goto(web_app.url + "/dashboard" + place)
        await page.get_by_label("Site").wait_for()
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390, place
    folder = os.environ.get("SHOTS")
    if folder:
        await page.screenshot(path=str(Path(folder) / f"checks-{scheme}-390.png"), full_page=True)
        await page.set_viewport_size({"width": 1280, "height": 800})
        await page.screenshot(path=str(Path(folder) / f"checks-{scheme}-1280.png"), full_page=True)
    assert await desk.settle() == []
