"""axe-core finds nothing on any page of the dashboard, light or dark, wide or narrow; each page is small."""

import gzip
import os
from pathlib import Path
from urllib.parse import urljoin

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Locator, Page

from service.web.desk_site_routes import SITE_PAGES
from tests.web.harness import CheckAll, MakeSite, MakeToken, Submit, WebProcess
from tests.web.oidc_door import Door, door, provider

__all__ = ["door", "provider"]  # fixtures
pytestmark = pytest.mark.browser

# The success criteria of WCAG 2.2, levels A and AA, by axe-core's tags.
WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ONLY = {"runOnly": {"type": "tag", "values": WCAG_22_AA}, "resultTypes": ["violations"]}
# Transferred bytes after gzip, one page.
MOST_SCRIPT, MOST_STYLE = 30 * 1024, 20 * 1024

PAGES = (
    "/dashboard",
    "/dashboard?status=spam",
    "/dashboard/search",
    "/dashboard/search?q=nowhere&from=yesterday",
    "/dashboard/checks",
    "/dashboard/figures",
    "/dashboard/automation",
    "/dashboard/samples",
    "/dashboard/appeals",
    "/dashboard/shift",
    "/dashboard/settings",
    "/dashboard/second-factor",
    *(page.path for page in SITE_PAGES if not {"author_key", "page_url"} & set(page.kept)),
)
LOOKS = (("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390))


@pytest.fixture
async def at_work(make_site: MakeSite, submit: Submit, check_all: CheckAll) -> None:
    """Two sites; one has comments that wait, an answer with objections among them."""
    await make_site("paper")
    await make_site("evening")
    await submit(comment="The ferry is late again.", author="Anna")
    await submit(comment="You idiot, buy now at http://spam.example/ \u202eevil", author="Bo")
    await check_all()


async def signed_in(context: BrowserContext, url: str, token: str) -> Page:
    page = await context.new_page()
    await page.goto(url + "/dashboard")
    await page.get_by_label("Moderator token").fill(token)
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Sign out").wait_for()
    return page


async def faults_of(page: Page) -> list[str]:
    """What axe-core objects to, each with the element."""
    found = await Axe().run(page, options=ONLY)
    assert found.response["passes"], "axe-core looked at nothing"
    return [
        f"{page.url}: {one['id']}: {node['html'][:120]}: {node['failureSummary'][:200]}"
        for one in found.response["violations"]
        for node in one["nodes"]
    ]


async def behind_a_card(page: Page) -> list[str]:
    """The pages of the comment that is first in the queue, of its author, and of its article."""
    links = page.locator("article.item").first.locator(".more a")
    found = [str(await link.get_attribute("href")) for link in await links.all()]
    assert len(found) == 3
    return found


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
async def test_axe_finds_nothing(
    browser: Browser, web_app: WebProcess, make_token: MakeToken, at_work: None, scheme: str, width: int
) -> None:
    size = {"width": width, "height": 900}
    context = await browser.new_context(color_scheme=scheme, viewport=size, bypass_csp=True)  # type: ignore[arg-type]
    try:
        way_in = await context.new_page()
        await way_in.goto(web_app.url + "/dashboard")
        faults = await faults_of(way_in)
        page = await signed_in(context, web_app.url, await make_token("admin", name="Ruth"))
        for path in (*PAGES, *await behind_a_card(page), "/dashboard/comments/none"):
            await page.goto(urljoin(web_app.url, path))
            faults += await faults_of(page)
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert faults == []
    finally:
        await context.close()


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
async def test_axe_finds_nothing_on_the_way_in_through_a_provider(
    browser: Browser, door: Door, scheme: str, width: int
) -> None:
    """The link to it, a sign-in that was broken off, and the page between the provider and the desk."""
    size = {"width": width, "height": 900}
    context = await browser.new_context(color_scheme=scheme, viewport=size, bypass_csp=True)  # type: ignore[arg-type]
    try:
        page = await context.new_page()
        faults = []
        for name, path in (("link", "/dashboard"), ("refused", "/dashboard/oidc/return?code=x&state=y")):
            await page.goto(door.web.url + path)
            faults += await faults_of(page)
            faults += await too_small(page.locator("main input, main button, main .provider a"))
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            await shoot(page, f"provider-{name}-{scheme}-{width}.png")
        assert "Please begin again" in await page.get_by_role("alert").inner_text()
        assert await page.locator("[aria-invalid]").count() == 0  # nothing was typed that could be wrong
        assert await page.evaluate("document.activeElement.getAttribute('href')") == "/dashboard/oidc"
        await page.route(
            door.web.url + "/dashboard", lambda route: route.fulfill(status=204)
        )  # it stays there
        await page.get_by_role("link", name="Sign in with Paper account").click()
        await page.get_by_role("heading", name="You are signed in").wait_for()
        assert await faults_of(page) + faults == []
        await shoot(page, f"provider-in-{scheme}-{width}.png")
    finally:
        await context.close()


async def too_small(places: Locator) -> list[str]:
    """What a finger would miss."""
    boxes = [await one.bounding_box() for one in await places.all()]
    return [f"{box}" for box in boxes if box is None or box["height"] < 44]


async def shoot(page: Page, name: str) -> None:
    """Keep how it looks, for people, in the folder that `SHOTS` names."""
    if folder := os.environ.get("SHOTS"):
        await page.screenshot(path=str(Path(folder) / name), full_page=True)


async def test_axe_finds_nothing_in_the_dialogs_of_the_queue(
    browser: Browser, web_app: WebProcess, make_token: MakeToken, at_work: None
) -> None:
    context = await browser.new_context(bypass_csp=True)
    try:
        page = await signed_in(context, web_app.url, await make_token("admin", name="Ruth"))
        faults = []
        for key in ("?", "r"):
            await page.keyboard.press("j")
            await page.keyboard.press(key)
            await page.locator("dialog[open]").wait_for()
            faults += await faults_of(page)
            await page.keyboard.press("Escape")
        assert faults == []
    finally:
        await context.close()


async def weights_of(page: Page) -> dict[str, int]:
    """The bytes of a page's scripts and styles, each gzipped; the CSP lets none be within the page itself."""
    linked = await page.evaluate(
        "[...document.querySelectorAll('script[src], link[rel=stylesheet]')]"
        ".map((element) => [element.tagName, element.src || element.href])"
    )
    weights = {"SCRIPT": 0, "LINK": 0}
    for kind, url in linked:
        answer = await page.context.request.get(url)
        weights[kind] += len(gzip.compress(await answer.body()))
    return weights


async def test_a_page_is_small_and_asks_nobody_else(
    browser: Browser, web_app: WebProcess, make_token: MakeToken, at_work: None
) -> None:
    context = await browser.new_context()
    try:
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        page = await signed_in(context, web_app.url, await make_token("admin", name="Ruth"))
        for path in PAGES:
            await page.goto(web_app.url + path)
            weights = await weights_of(page)
            assert 0 < weights["LINK"] <= MOST_STYLE, path
            assert weights["SCRIPT"] <= MOST_SCRIPT, path
        assert len(asked) > len(PAGES)
        assert [url for url in asked if not url.startswith(web_app.url + "/")] == []
    finally:
        await context.close()
