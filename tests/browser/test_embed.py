"""The embed and the example pages, served from another origin, as readers with any browser meet them."""

import asyncio
import gzip
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, Route, expect

from service.web.embed_script import digest, embed_script, integrity
from tests.browser.conftest import Look, MakePaper, Paper
from tests.browser.test_accessible import ONLY
from tests.web.harness import CheckAll, MakeSite, WebProcess

pytestmark = pytest.mark.browser

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
ARTICLE = "/2026/ferry"
STRICT = "default-src 'none'; script-src {talk}; connect-src {talk}; form-action {talk}; base-uri 'none'"
MOST_BYTES = 12 * 1024
WATCH_SHIFTS = """
window.__shift = 0;
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) window.__shift += one.hadRecentInput ? 0 : one.value;
}).observe({type: 'layout-shift', buffered: true});
"""
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.fixture
async def paper(make_paper: MakePaper, make_site: MakeSite) -> Paper:
    made = await make_paper()
    at_once = {"time_to_fill": {"on": False}}  # a test types faster than people
    template = made.origin + "/?p={id}"
    await make_site("paper", origins=(made.origin,), publish="auto", post_url=template, checks=at_once)
    return made


def example(paper: Paper, web: WebProcess, name: str, **changes: str) -> str:
    """An example page at its place: its two origins are those of this test."""
    text = (EXAMPLES / name).read_text()
    for old, new in {
        "https://talk.example": web.url,
        "https://paper.example": paper.origin,
        **changes,
    }.items():
        text = text.replace(old, new)
    return text


def put(paper: Paper, web: WebProcess, name: str = "embed.html", changes: Any = None, **headers: str) -> str:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    paper.pages[ARTICLE] = (example(paper, web, name, **(changes or {})), named)
    return paper.origin + ARTICLE


async def write(page: Page, text: str = "The ferry was late again.", author: str = "Mina") -> None:
    await page.get_by_label("Comment *").fill(text)
    await page.get_by_label("Name *").fill(author)
    await page.get_by_label("Email *").fill("mina@reader.example")
    await page.get_by_role("button", name="Post Comment").click()


async def post(web: WebProcess, paper: Paper, check_all: CheckAll, **fields: str) -> str:
    """A published comment of that page."""
    body = {
        "page_url": paper.origin + ARTICLE,
        "comment": "I saw it too.",
        "author": "Bo",
        "email": "b@r.example",
    }
    async with web.client.post("/api/v1/sites/paper/comments", json=body | fields) as answer:
        assert answer.status == 202, await answer.text()
        comment_id = (await answer.json())["id"]
    await check_all()
    return str(comment_id)


async def test_a_reply_is_written_waits_for_its_author_and_appears_to_others_without_a_reload(
    look: Look, paper: Paper, web_app: WebProcess, check_all: CheckAll
) -> None:
    url = put(paper, web_app, Content_Security_Policy=STRICT.format(talk=web_app.url))
    mine = await (await look(allowed=(paper.origin,))).open(url)
    other = await (await look(allowed=(paper.origin,))).open(url)
    await expect(other.page.get_by_role("heading", name="No comments yet")).to_be_visible()
    await write(mine.page)
    await expect(mine.page.get_by_text("Your comment is awaiting moderation.")).to_be_visible()
    await mine.page.reload()
    await expect(mine.page.get_by_text("Your comment is awaiting moderation.")).to_be_visible()
    await check_all()
    for page in (other.page, mine.page):
        await expect(page.get_by_role("heading", name="One comment")).to_be_visible()
        await expect(page.get_by_text("The ferry was late again.")).to_have_count(1)
    await expect(mine.page.get_by_text("awaiting moderation")).to_have_count(0)
    assert await mine.page.context.cookies() == []
    assert await mine.settle() + await other.settle() == []


async def test_a_reply_stands_in_place_below_what_it_answers(
    look: Look, paper: Paper, web_app: WebProcess, check_all: CheckAll
) -> None:
    await post(web_app, paper, check_all)
    seen = await (await look(allowed=(paper.origin,))).open(put(paper, web_app))
    page = seen.page
    await page.get_by_role("button", name="Reply to Bo").click()
    await expect(page.get_by_label("Comment *")).to_be_focused()
    await expect(page.get_by_role("heading", name="Leave a Reply to Bo")).to_be_visible()
    await write(page, "And I.")
    await expect(page.get_by_text("awaiting moderation")).to_be_visible()
    await check_all()
    await expect(page.get_by_role("button", name="Hide replies (1)")).to_be_visible()
    await expect(page.locator("ol ol article")).to_contain_text("And I.")
    await page.get_by_role("button", name="Hide replies (1)").click()
    await expect(page.locator("ol ol article")).to_be_hidden()
    assert await seen.settle() == []


async def test_faults_stand_beside_their_fields_and_the_first_has_the_focus(
    look: Look, paper: Paper, web_app: WebProcess
) -> None:
    seen = await (await look(allowed=(paper.origin,))).open(put(paper, web_app))
    page = seen.page
    await page.get_by_label("Name *").fill("Mina")
    await page.get_by_label("Email *").fill("nobody")
    await page.get_by_role("button", name="Post Comment").click()
    comment = page.get_by_label("Comment *")
    await expect(comment).to_be_focused()
    await expect(comment).to_have_attribute("aria-invalid", "true")
    await expect(page.get_by_role("alert")).to_contain_text("Email")
    described = await page.get_by_label("Email *").get_attribute("aria-describedby")
    await expect(page.locator(f"#{described}")).to_contain_text("valid email")
    assert await page.get_by_label("Name *").input_value() == "Mina"


async def test_what_is_typed_outlives_a_broken_line_and_a_closed_page_and_is_sent_once(
    look: Look, paper: Paper, web_app: WebProcess, database: asyncpg.Connection
) -> None:
    eyes = await look(allowed=(paper.origin,))
    page = (await eyes.open(put(paper, web_app))).page
    await page.route(
        "**/comments", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    await write(page)
    await expect(page.get_by_role("alert")).to_contain_text("What you wrote is kept")
    await page.close()
    again = (await eyes.open(paper.origin + ARTICLE)).page
    await expect(again.get_by_label("Comment *")).to_have_value("The ferry was late again.")

    async def lose_the_answer(route: Any) -> None:
        if route.request.method == "POST":
            await route.fetch()
            await route.abort()
        else:
            await route.continue_()

    await again.route("**/comments", lose_the_answer)
    await again.get_by_label("Email *").fill("mina@reader.example")
    await again.get_by_role("button", name="Post Comment").click()
    await expect(again.get_by_role("alert")).to_contain_text("What you wrote is kept")
    await again.unroute("**/comments")
    await again.get_by_role("button", name="Post Comment").click()
    await expect(again.get_by_text("awaiting moderation")).to_be_visible()
    assert await database.fetchval("SELECT count(*) FROM comment") == 1


async def test_by_keyboard_alone_on_a_phone_a_reply_is_written(
    browser: Browser, paper: Paper, web_app: WebProcess
) -> None:
    context = await browser.new_context(viewport={"width": 360, "height": 700}, has_touch=True)
    page = await context.new_page()
    await page.goto(put(paper, web_app))
    await expect(page.get_by_label("Comment *")).to_be_visible()
    for _ in range(30):
        await page.keyboard.press("Tab")
        focused = await page.evaluate("document.activeElement.shadowRoot?.activeElement?.name")
        text = {"comment": "From the ferry.", "author": "Mina", "email": "mina@reader.example"}.get(focused)
        if text:
            await page.keyboard.type(text)
    await page.get_by_label("Email *").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("awaiting moderation")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await context.close()


async def test_nothing_is_asked_for_before_the_reader_is_near_and_nothing_shifts(
    look: Look, paper: Paper, web_app: WebProcess, check_all: CheckAll
) -> None:
    await post(web_app, paper, check_all)
    tall = {"<reply-thread>": '<p style="block-size:6000px">Long.</p><reply-thread>'}
    seen = await (await look(allowed=(paper.origin,))).open()
    page = seen.page
    await page.set_viewport_size({"width": 412, "height": 823})  # where the line above a thread is full
    await page.goto(put(paper, web_app, changes=tall), wait_until="networkidle")
    assert [one.url for one in seen.requests if "/api/" in one.url] == []
    await page.evaluate(WATCH_SHIFTS)
    may_answer = asyncio.Event()

    async def answer_later(route: Route) -> None:
        await may_answer.wait()
        await route.continue_()

    await page.route("**/api/**", answer_later)
    await page.locator("reply-thread").scroll_into_view_if_needed()
    await expect(page.get_by_label("Order")).to_be_in_viewport()
    await page.evaluate(PAINTED)
    may_answer.set()
    await expect(page.get_by_text("I saw it too.")).to_be_visible()
    await page.evaluate(PAINTED)
    assert await page.evaluate("window.__shift") == 0


async def test_a_link_to_a_comment_leads_to_it(
    look: Look, paper: Paper, web_app: WebProcess, check_all: CheckAll
) -> None:
    ids = [await post(web_app, paper, check_all, comment=f"Comment {number}.") for number in range(12)]
    seen = await (await look(allowed=(paper.origin,))).open(put(paper, web_app) + f"#comment-{ids[-1]}")
    last = seen.page.locator(f"[id='comment-{ids[-1]}']")
    await expect(last).to_be_in_viewport()
    await expect(last).to_be_focused()
    await seen.page.get_by_label("Order").select_option("newest")
    await expect(seen.page.locator("article").first).to_contain_text("Comment 11.")


@pytest.mark.parametrize("lang", ["en", "de", "es", "fr"])
async def test_axe_finds_nothing_in_any_language(
    browser: Browser, paper: Paper, web_app: WebProcess, check_all: CheckAll, lang: str
) -> None:
    parent = await post(web_app, paper, check_all)
    await post(web_app, paper, check_all, comment="Me too.", parent_id=parent)
    url = put(paper, web_app, changes={' data-site="paper"': f' data-site="paper" data-lang="{lang}"'})
    for scheme in ("light", "dark"):
        context = await browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
        page = await context.new_page()
        await page.goto(url)
        await expect(page.locator("article")).to_have_count(2)
        await page.locator("form button.send").click()
        await expect(page.get_by_role("alert")).to_be_visible()
        found = await Axe().run(page, options=ONLY)
        assert [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]] == []
        await context.close()


async def test_hostile_texts_stay_text(
    look: Look, paper: Paper, web_app: WebProcess, check_all: CheckAll
) -> None:
    text = '<img src=x onerror=__xss(1)> <script>__xss(2)</script> javascript:__xss(3) https://a.example/?b="><b>'
    await post(web_app, paper, check_all, comment=text, author="<b>__xss</b>")
    trusted = STRICT + "; require-trusted-types-for 'script'; trusted-types {types}"
    for types in ("replydesk", "'none'"):
        policy = trusted.format(talk=web_app.url, types=types)
        url = put(paper, web_app, Content_Security_Policy=policy)
        seen = await (await look(allowed=(paper.origin,))).open(url)
        await expect(seen.page.locator("article")).to_contain_text("<script>__xss(2)</script>")
        assert await seen.page.evaluate("window.__fired ?? []") == []


async def test_without_scripts_there_is_a_link_to_the_thread_and_its_form(
    browser: Browser, paper: Paper, web_app: WebProcess
) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(put(paper, web_app))
    await page.get_by_role("link", name="Read and write comments").click()
    await write(page)
    await expect(page.get_by_role("heading", level=1)).to_contain_text("awaiting moderation")
    await context.close()


@pytest.mark.parametrize("name", ["plain-form.html", "wordpress.html"])
async def test_the_examples_of_forms_post_without_scripts(
    browser: Browser, paper: Paper, web_app: WebProcess, database: asyncpg.Connection, name: str
) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(put(paper, web_app, name))
    for label, text in {"Comment": "From a form.", "Name": "Mina", "Email": "m@r.example"}.items():
        await page.get_by_label(f"{label} *", exact=True).fill(text)
    await page.get_by_role("button", name="Post Comment").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("awaiting moderation")
    wanted = "/?p=42" if name == "wordpress.html" else ARTICLE
    assert await database.fetchval("SELECT url FROM page") == paper.origin + wanted
    assert await context.cookies() == []
    await context.close()


async def test_the_script_is_small_and_kept_under_its_digest(web_app: WebProcess) -> None:
    script = embed_script()
    assert len(gzip.compress(script)) <= MOST_BYTES
    async with web_app.client.get("/embed.json") as answer:
        address = await answer.json()
    assert address == {"src": f"{web_app.url}/embed.{digest(script)}.js", "integrity": integrity(script)}
    async with web_app.client.get(address["src"], headers={"Accept-Encoding": "gzip"}) as answer:
        assert await answer.read() == script
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    async with web_app.client.get("/embed.0123456789abcdef.js") as answer:
        assert answer.status == 404


async def test_a_page_may_pin_the_script_by_its_integrity(
    look: Look, paper: Paper, web_app: WebProcess
) -> None:
    script = embed_script()
    pinned = {
        f'src="{web_app.url}/embed.js"': f'src="{web_app.url}/embed.{digest(script)}.js" crossorigin '
        f'integrity="{integrity(script)}"'
    }
    seen = await (await look(allowed=(paper.origin,))).open(put(paper, web_app, changes=pinned))
    await expect(seen.page.get_by_label("Comment *")).to_be_visible()
    assert await seen.settle() == []


async def test_a_page_with_the_fragment_put_in_by_its_server_leads_to_the_form(
    browser: Browser, paper: Paper, web_app: WebProcess, check_all: CheckAll
) -> None:
    await post(web_app, paper, check_all)
    address = f"/sites/paper/thread?fragment=1&page_url={paper.origin}{ARTICLE}"
    async with web_app.client.get(address) as answer:
        fragment = await answer.text()
    directive = f'<!--#include virtual="/replydesk{address}" -->'
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    assert directive in example(paper, web_app, "fragment.shtml")
    await page.goto(put(paper, web_app, "fragment.shtml", {directive: fragment}))
    await expect(page.get_by_text("I saw it too.")).to_be_visible()
    await page.get_by_role("link", name="Reply").first.click()
    await write(page, "And I.")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("awaiting moderation")
    await context.close()
