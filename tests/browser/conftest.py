"""A Chromium in front of a running web process, and a paper on another origin."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import pytest
from aiohttp import web
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from service.domain.page_url import normalise_page_url
from tests.web.conftest import (  # noqa: F401
    _started,
    check_all,
    client,
    database,
    make_moderator,
    make_site,
    make_token,
    start_web,
    submit,
    web_app,
)
from tests.web.harness import MakeSite, WebProcess

TRAP = """
window.__fired = [];
window.__xss = (what) => window.__fired.push(String(what));
for (const name of ['alert', 'confirm', 'prompt']) window[name] = (what) => window.__fired.push(name + what);
document.addEventListener('securitypolicyviolation', (e) => {
  window.__violations.push(e.violatedDirective + ' ' + e.blockedURI);
});
window.__violations = [];
"""


@dataclass
class Watched:
    """A page and whatever about it should not have happened."""

    page: Page
    faults: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    async def settle(self) -> list[str]:
        """All faults until now, those that only the page knows among them."""
        fired = await self.page.evaluate("[...(window.__fired ?? []), ...(window.__violations ?? [])]")
        return [*self.faults, *fired]


@dataclass
class Eyes:
    """Opens pages that are watched: no console error, no dialog, no request to anywhere but `allowed`."""

    context: BrowserContext
    allowed: list[str]

    async def open(self, url: str | None = None) -> Watched:
        watched = Watched(await self.context.new_page())
        page = watched.page
        page.on("console", lambda message: _note_console(watched, message))
        page.on("pageerror", lambda error: watched.faults.append(f"error: {error}"))
        page.on("dialog", lambda dialog: asyncio.ensure_future(_refuse(watched, dialog)))
        page.on("request", lambda request: self._note_request(watched, request))
        if url:
            await page.goto(url)
        return watched

    def _note_request(self, watched: Watched, request: Request) -> None:
        watched.requests.append(request)
        if not request.url.startswith((*self.allowed, "data:", "about:")):
            watched.faults.append(f"request: {request.url}")


def _note_console(watched: Watched, message: ConsoleMessage) -> None:
    # Chromium itself reports the status of a refused form that we answer on purpose.
    if message.type in {"error", "warning"} and "the server responded with a status of 4" not in message.text:
        watched.faults.append(f"console: {message.text}")


async def _refuse(watched: Watched, dialog: Any) -> None:
    watched.faults.append(f"dialog: {dialog.message}")
    await dialog.dismiss()


Look = Callable[..., Awaitable[Eyes]]


@pytest.fixture
async def look(browser: Browser, web_app: WebProcess) -> AsyncIterator[Look]:  # noqa: F811
    """`await look(scripts=False)`: a fresh profile that may only talk to the service (and `allowed`)."""
    async with AsyncExitStack() as stack:

        async def make(*, scripts: bool = True, allowed: tuple[str, ...] = ()) -> Eyes:
            context = await browser.new_context(java_script_enabled=scripts)
            stack.push_async_callback(context.close)
            if scripts:
                await context.add_init_script(TRAP)
            return Eyes(context, [web_app.url + "/", *(one + "/" for one in allowed)])

        yield make


@pytest.fixture
async def demo(make_site: MakeSite, web_app: WebProcess, database: asyncpg.Connection) -> str:  # noqa: F811
    """The demo page, as `make run` sets it up; its address."""
    at_once = {"time_to_fill": {"on": False}}  # a test types faster than people
    site = await make_site("demo", origins=(web_app.url,), publish="auto", checks=at_once)
    url = normalise_page_url(f"{web_app.url}/demo")
    from service.storage import pages

    await pages.insert_page(database, site.id, url, "The ferry")
    return url


@dataclass
class Paper:
    """A news site on an origin of its own; `pages` maps paths to HTML and headers."""

    origin: str
    pages: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)

    def put(self, path: str, body: str, **headers: str) -> str:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (f"<!doctype html><html lang=en><title>Paper</title><body>{body}", named)
        return self.origin + path


MakePaper = Callable[[], Awaitable[Paper]]


@pytest.fixture
async def make_paper() -> AsyncIterator[MakePaper]:
    """`await make_paper()`: another origin that serves what it is given."""
    runners: list[web.AppRunner] = []

    async def make() -> Paper:
        async def serve(request: web.Request) -> web.Response:
            found = paper.pages.get(request.path)
            if found is None:
                return web.Response(status=204)  # the icon that every browser asks for
            return web.Response(text=found[0], content_type="text/html", headers=found[1])

        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", serve)
        runner = web.AppRunner(app)
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        paper = Paper(f"http://127.0.0.1:{runner.addresses[0][1]}")
        return paper

    yield make
    for runner in runners:
        await runner.cleanup()
