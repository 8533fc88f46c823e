"""The form of a news page posts to us across origins: what Chromium really sends is accepted."""

from typing import Any

import asyncpg
import pytest
from playwright.async_api import expect

from tests.browser.conftest import Look, MakePaper, Paper
from tests.web.harness import MakeSite, WebProcess

pytestmark = pytest.mark.browser

ARTICLE = "/2026/ferry"


def form(web: WebProcess, page_url: str | None) -> str:
    hidden = f'<input type="hidden" name="page_url" value="{page_url}">' if page_url else ""
    return (
        f'<form method="post" action="{web.url}/api/v1/sites/paper/comments">{hidden}'
        '<textarea name="comment">From the paper.</textarea><input name="author" value="Mina">'
        '<input name="email" value="mina@reader.example"><button>Send</button></form>'
    )


@pytest.fixture
async def paper(make_paper: MakePaper, make_site: MakeSite) -> Paper:
    made = await make_paper()
    await make_site("paper", origins=(made.origin,))
    return made


POLICIES: list[tuple[str, dict[str, str], str | None]] = [
    ("the default", {}, "its origin"),
    ("no-referrer", {"Referrer_Policy": "no-referrer"}, "null"),
    ("origin", {"Referrer_Policy": "origin"}, "its origin"),
    ("unsafe-url", {"Referrer_Policy": "unsafe-url"}, "its origin"),
    ("same-origin", {"Referrer_Policy": "same-origin"}, "null"),
]


@pytest.mark.parametrize(("name", "headers", "origin"), POLICIES, ids=[one[0] for one in POLICIES])
async def test_a_plain_form_is_taken_under_every_referrer_policy(
    look: Look, paper: Paper, web_app: WebProcess, database: asyncpg.Connection, name: str,
    headers: dict[str, str], origin: str | None,
) -> None:  # fmt: skip
    page_url = paper.put(ARTICLE, form(web_app, paper.origin + ARTICLE), **headers)
    seen = await (await look(allowed=(paper.origin,))).open(page_url)
    await seen.page.get_by_role("button").click()
    await expect(seen.page.get_by_role("heading", level=1)).to_contain_text("awaiting moderation")
    [posted] = [request for request in seen.requests if request.method == "POST"]
    sent = await posted.all_headers()
    assert sent.get("origin") == (paper.origin if origin == "its origin" else origin)
    assert sent["sec-fetch-site"] in {"same-site", "cross-site"}
    assert await database.fetchval("SELECT url FROM page") == page_url
    assert await seen.settle() == []


async def test_a_form_without_its_page_is_told_what_the_editor_must_add(
    look: Look, paper: Paper, web_app: WebProcess
) -> None:
    """Across origins Chromium sends the bare origin as Referer."""
    seen = await (await look(allowed=(paper.origin,))).open(paper.put(ARTICLE, form(web_app, None)))
    await seen.page.get_by_role("button").click()
    await expect(seen.page.get_by_role("alert")).to_contain_text("hidden field named page_url")
    await expect(seen.page.locator("#reply-comment")).to_have_value("From the paper.")
    [posted] = [request for request in seen.requests if request.method == "POST"]
    assert (await posted.all_headers())["referer"] == paper.origin + "/"


async def test_a_full_referer_names_the_page(
    look: Look, paper: Paper, web_app: WebProcess, database: asyncpg.Connection
) -> None:
    page_url = paper.put(ARTICLE, form(web_app, None), Referrer_Policy="no-referrer-when-downgrade")
    seen = await (await look(allowed=(paper.origin,))).open(page_url)
    await seen.page.get_by_role("button").click()
    await expect(seen.page.get_by_role("heading", level=1)).to_contain_text("awaiting moderation")
    assert await database.fetchval("SELECT url FROM page") == page_url


async def test_a_sandboxed_frame_has_no_origin_and_is_taken(
    look: Look, paper: Paper, web_app: WebProcess, database: asyncpg.Connection
) -> None:
    inner = paper.put("/frame", form(web_app, paper.origin + ARTICLE))
    outer = paper.put(ARTICLE, f'<iframe sandbox="allow-forms allow-top-navigation" src="{inner}"></iframe>')
    seen = await (await look(allowed=(paper.origin,))).open(outer)
    async with seen.page.expect_response(lambda response: response.request.method == "POST") as answered:
        await seen.page.frame_locator("iframe").get_by_role("button").click()
    response = await answered.value
    assert (await response.request.all_headers())["origin"] == "null"
    assert response.status == 303
    assert await database.fetchval("SELECT count(*) FROM comment") == 1


async def test_an_origin_that_is_not_registered_is_refused(
    look: Look, paper: Paper, make_paper: MakePaper, web_app: WebProcess, database: asyncpg.Connection
) -> None:
    evil = await make_paper()
    url = evil.put("/", form(web_app, paper.origin + ARTICLE))
    seen = await (await look(allowed=(evil.origin,))).open(url)
    await seen.page.get_by_role("button").click()
    await expect(seen.page.get_by_role("heading", level=1)).to_contain_text(
        "does not take comments from there"
    )
    assert await database.fetchval("SELECT count(*) FROM comment") == 0


async def test_a_form_leads_back_to_its_paper(look: Look, paper: Paper, web_app: WebProcess) -> None:
    thanks = paper.put("/thanks", "<h1>Thanks</h1>")
    body = form(web_app, paper.origin + ARTICLE).replace(
        "<button>", f'<input name="redirect_to" value="{thanks}"><button>'
    )
    seen = await (await look(allowed=(paper.origin,))).open(paper.put(ARTICLE, body))
    await seen.page.get_by_role("button").click()
    await expect(seen.page.get_by_role("heading", name="Thanks")).to_be_visible()
    assert seen.page.url == thanks


async def test_a_mended_form_leads_back_to_its_paper_too(
    look: Look, paper: Paper, web_app: WebProcess
) -> None:
    """Our own page's policy must let the form lead on to a registered origin."""
    thanks = paper.put("/thanks", "<h1>Thanks</h1>")
    body = form(web_app, paper.origin + ARTICLE).replace("mina@reader.example", "nobody")
    body = body.replace("<button>", f'<input name="redirect_to" value="{thanks}"><button>')
    seen = await (await look(allowed=(paper.origin,))).open(paper.put(ARTICLE, body))
    await seen.page.get_by_role("button").click()
    await seen.page.locator("#reply-email").fill("mina@reader.example")
    await seen.page.get_by_role("button", name="Post Comment").click()
    await expect(seen.page.get_by_role("heading", name="Thanks")).to_be_visible()
    assert await seen.settle() == []


SCRIPT = """async ([url, fields]) => {
  const answer = await fetch(url, {
    method: 'POST',
    headers: {'Content-Type': 'application/json', 'Idempotency-Key': 'k'},
    body: JSON.stringify(fields),
  });
  return [answer.status, (await answer.json()).status];
}"""


async def test_a_script_of_the_paper_may_post_and_one_of_another_may_not(
    look: Look, paper: Paper, make_paper: MakePaper, web_app: WebProcess
) -> None:
    evil = await make_paper()
    fields: dict[str, Any] = {
        "page_url": paper.origin + ARTICLE,
        "author": "M",
        "email": "m@reader.example",
        "comment": "By script.",
    }
    url = f"{web_app.url}/api/v1/sites/paper/comments"
    seen = await (await look(allowed=(paper.origin,))).open(paper.put(ARTICLE, ""))
    assert await seen.page.evaluate(SCRIPT, [url, fields]) == [202, "pending"]
    assert await seen.settle() == []
    foreign = await (await look(allowed=(evil.origin,))).open(evil.put("/", ""))
    with pytest.raises(Exception, match="Failed to fetch"):
        await foreign.page.evaluate(SCRIPT, [url, fields])
    read = "async (url) => (await (await fetch(url)).json()).page.count"
    address = f"{url}?page_url={paper.origin}{ARTICLE}"
    assert await foreign.page.evaluate(read, address) == 0
