"""axe-core finds nothing on any page that readers see, in each language; each fits a phone."""

from typing import Any
from urllib.parse import urlencode, urljoin

import pytest
from playwright.async_api import Browser, Page

from service.web.languages import FOR_READERS
from tests.browser.test_accessible import faults_of
from tests.web.harness import COMMENT, PAGE, CheckAll, MakeSite, Submit, WebProcess

pytestmark = pytest.mark.browser
LOOKS: dict[str, dict[str, Any]] = {
    "wide and light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "narrow and dark": {"color_scheme": "dark", "viewport": {"width": 360, "height": 800}},
}


@pytest.fixture
async def replies(web_app: WebProcess, make_site: MakeSite, submit: Submit, check_all: CheckAll) -> list[str]:
    """Where readers of a thread go whose names and texts run from right to left too."""
    await make_site("paper", publish="auto", blocked_words=["cromulent"])
    await submit(comment="العبارة متأخرة مرة أخرى.", author="ليلى")
    answer = await submit(comment="The ferry is late again, " * 20, author="Anna")
    words = ("ferry", "mill")
    refused, appealed = [(await submit(comment=f"A cromulent {one}."))["receipt_url"] for one in words]
    await check_all()
    receipt = str(appealed).rpartition("/")[2]
    async with web_app.client.post(f"/api/v1/receipts/{receipt}/appeal", json={"text": "No."}) as filed:
        assert filed.status == 200
    about = [f"/sites/paper/{page}?comment={answer['id']}" for page in ("report", "notice")]
    return [str(answer["receipt_url"]), str(refused), str(appealed), *about]


async def seen(page: Page, faults: list[str], language: str) -> None:
    faults += await faults_of(page)
    assert await page.evaluate("document.documentElement.lang") == language
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("language", FOR_READERS)
async def test_axe_finds_nothing_on_the_pages_of_readers(
    browser: Browser, web_app: WebProcess, replies: list[str], language: str, look: str
) -> None:
    context = await browser.new_context(locale=language, bypass_csp=True, **LOOKS[look])
    try:
        page, faults = await context.new_page(), list[str]()
        thread = f"{web_app.url}/sites/paper/thread?{urlencode({'page_url': PAGE})}"
        for address in (thread, *replies, "/sites/paper/my-data"):
            await page.goto(urljoin(web_app.url, address))
            for details in await page.locator("details").all():
                await details.evaluate("(element) => { element.open = true }")
            await seen(page, faults, language)
        await page.goto(thread)
        await page.locator("#reply-form").evaluate("form => { form.noValidate = true }")
        await page.locator("[name=author]").fill(COMMENT["author"])
        await page.locator("#reply-form [type=submit]").click()
        await page.locator("[role=alert]").wait_for()
        await seen(page, faults, language)
        assert faults == []
    finally:
        await context.close()
