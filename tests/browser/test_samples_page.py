"""The sample and the page of automation in a real browser: by keyboard, with and without scripts."""

from typing import Any

import pytest

from tests.browser.conftest import Look
from tests.browser.test_checks_page import sign_in
from tests.web.harness import CheckAll, MakeSite, MakeToken, Submit, WebProcess

pytestmark = pytest.mark.browser


async def _press_on(page: Any, name: str) -> None:
    """Press a button of the first comment without a mouse."""
    await page.get_by_role("button", name=name).first.focus()
    await page.keyboard.press("Enter")


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_moderator_answers_what_was_drawn_and_learns_afterwards_what_the_checks_did(
    look: Look,
    web_app: WebProcess,
    make_site: MakeSite,
    make_token: MakeToken,
    submit: Submit,
    check_all: CheckAll,
    scripts: bool,
) -> None:
    await make_site("paper", publish="auto", promise={"sample": 1.0})
    await submit(comment="The ferry was late again.", author="Noor")
    await submit(comment="The mill opens at ten.", author="Ada")
    await check_all()
    desk = await (await look(scripts=scripts)).open(web_app.url + "/dashboard")
    page = desk.page
    await sign_in(page, await make_token("moderator"))
    await page.goto(web_app.url + "/dashboard/automation?site=paper")
    await page.get_by_role("heading", name="What may be decided without a person").wait_for()
    await page.get_by_role("link", name="to the sample").click()
    articles = page.get_by_role("article")
    assert await articles.count() == 2
    assert "ublished" not in await articles.first.inner_text()
    await _press_on(page, "Approve")
    await page.get_by_role("status").get_by_text("The checks had published it too.").wait_for()
    assert await articles.count() == 1
    await _press_on(page, "Reject")  # the browser asks for a reason
    assert await articles.count() == 1
    await page.get_by_label("Reason").select_option("off_topic")
    await _press_on(page, "Reject")
    await page.get_by_text("Nothing was drawn that nobody has looked at.").wait_for()
    assert (await desk.settle() if scripts else desk.faults) == []


@pytest.mark.parametrize("path", ["automation", "samples"])
async def test_the_pages_fit_a_narrow_screen_and_a_viewer_cannot_answer(
    look: Look,
    web_app: WebProcess,
    make_site: MakeSite,
    make_token: MakeToken,
    submit: Submit,
    check_all: CheckAll,
    path: str,
) -> None:
    await make_site("paper", publish="auto", promise={"sample": 1.0})
    await submit(comment="w" * 400)
    await check_all()
    desk = await (await look()).open()
    page = desk.page
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto(web_app.url + "/dashboard")
    await sign_in(page, await make_token("viewer"))
    await page.goto(f"{web_app.url}/dashboard/{path}?site=paper")
    await page.get_by_role("main").wait_for()
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    assert await page.get_by_role("button", name="Approve").count() == 0
    assert await desk.settle() == []
