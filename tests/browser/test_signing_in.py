"""Signing in at the desk in a real browser: what it sends by itself, the keyboard, and no script."""

import os
from pathlib import Path

import asyncpg
import pytest

from service.storage import identities, moderators, passwords
from tests.browser.conftest import Look, MakePaper
from tests.equipment.openid_provider import CLIENT_ID, OpenIdProvider
from tests.web.browsing import PASSWORD, MakeModerator
from tests.web.harness import MakeSite, MakeToken, StartWeb, WebProcess

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_moderator_signs_in_by_password_and_out_again(
    look: Look, web_app: WebProcess, make_moderator: MakeModerator, scripts: bool
) -> None:
    await make_moderator("Ruth")
    desk = await (await look(scripts=scripts)).open(web_app.url + "/dashboard")
    page = desk.page
    await page.get_by_label("Name").fill("Ruth")
    await page.get_by_label("Password").fill("not the right one")
    await page.keyboard.press("Enter")
    assert await page.get_by_role("alert").inner_text() == "The name, the password or the code is not right."
    assert await page.get_by_label("Name").input_value() == "Ruth"
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await page.get_by_role("button", name="Sign out").wait_for()
    [cookie] = await page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Strict", "/dashboard")
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_label("Moderator token").wait_for()
    assert await page.context.cookies() == []
    assert await (desk.settle() if scripts else no_faults(desk.faults)) == []


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_moderator_comes_in_through_the_provider(
    look: Look, start_web: StartWeb, make_site: MakeSite, database: asyncpg.Connection, scripts: bool
) -> None:
    """A strict cookie is not sent along a way that begins at the provider; our page begins a new one."""
    await make_site("paper")
    async with OpenIdProvider() as provider:
        ruth = await moderators.ensure_moderator(database, "Ruth")
        await passwords.set_access(database, ruth, "moderator", None)
        await identities.link(database, ruth, provider.issuer, provider.subject)
        web = await start_web(
            oidc_issuer=provider.issuer, oidc_client_id=CLIENT_ID, outbound_networks="127.0.0.0/8"
        )
        eyes = await look(scripts=scripts, allowed=(web.url, provider.issuer))
        desk = await eyes.open(web.url + "/dashboard")
        await desk.page.get_by_role("link", name="Sign in with your account at the publisher").click()
        await desk.page.get_by_role("button", name="Sign out").wait_for()
        assert desk.page.url == web.url + "/dashboard"
        [cookie] = await desk.page.context.cookies()
        assert (cookie["name"], cookie["sameSite"]) == ("replydesk_session", "Strict")
        assert await (desk.settle() if scripts else no_faults(desk.faults)) == []


async def no_faults(faults: list[str]) -> list[str]:
    return faults


async def test_a_moderator_signs_in_by_a_pasted_token(
    look: Look, web_app: WebProcess, make_token: MakeToken
) -> None:
    desk = await (await look()).open(web_app.url + "/dashboard")
    await desk.page.get_by_label("Moderator token").fill(await make_token("viewer"))
    await desk.page.keyboard.press("Enter")
    await desk.page.get_by_role("button", name="Sign out").wait_for()
    assert await desk.settle() == []


async def test_another_site_signs_nobody_in_and_decides_nothing(
    look: Look, web_app: WebProcess, make_token: MakeToken, make_paper: MakePaper
) -> None:
    paper = await make_paper()
    eyes = await look(allowed=(paper.origin,))
    token = await make_token("admin")
    form = f"""
    <form method="post" action="{web_app.url}/dashboard/sign-in">
    <input type="hidden" name="token" value="{token}"><button>Win</button></form>"""
    evil = await eyes.open(paper.put("/evil", form))
    async with evil.page.expect_response("**/sign-in") as answered:
        await evil.page.get_by_role("button").click()
    assert (await answered.value).status == 403
    assert await evil.page.context.cookies() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_way_in_fits_a_narrow_screen(
    look: Look, web_app: WebProcess, make_moderator: MakeModerator, scheme: str
) -> None:
    desk = await (await look()).open()
    page = desk.page
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto(web_app.url + "/dashboard")
    await page.get_by_label("Name").fill("Ruth")
    await page.get_by_label("Password").fill("not the right one")
    await page.keyboard.press("Enter")
    await page.get_by_role("alert").wait_for()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for box in [await one.bounding_box() for one in await page.locator("main input, main button").all()]:
        assert box is not None
        assert box["height"] >= 44
    folder = os.environ.get("SHOTS")
    if folder:
        await page.screenshot(path=str(Path(folder) / f"sign-in-{scheme}-390.png"), full_page=True)
        await page.set_viewport_size({"width": 1280, "height": 800})
        await page.screenshot(path=str(Path(folder) / f"sign-in-{scheme}-1280.png"))
    assert await desk.settle() == []
