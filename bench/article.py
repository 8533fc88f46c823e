"""What the embed costs an article, by the browser's own trace: `python -m bench.article URL [--page-url P]`.

Two articles are served from another origin: one page with the embed of the Replydesk at URL, and without.
Chromium loads each `--times` times with an empty cache, on a fast line and as Lighthouse's phone: 150 ms
round trip, 1.6 Mbit/s, a processor slowed four times. The thread is that of P, which should have comments
(`replydesk replay`). It stands below the text; `and read` is a load by somebody who scrolls there at once.

Printed as JSON, medians: `bytes` over the wire and `requests` in five seconds, `shift` (the sum of layout
shifts), and in ms: `first_paint` (contentful, since the navigation), `interactive` (the end of the last task
over 50 ms, not before the first paint), `blocked` (what tasks behind that paint took beyond 50 ms each).
"""

import asyncio
import json
import shutil
import statistics
from dataclasses import asdict, dataclass
from typing import Any

import click
from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

LONG_MS = 50
QUIET_MS = 5_000
PHONE = {"width": 412, "height": 823}
LINES: dict[str, dict[str, float] | None] = {
    "fast": None,
    "phone": {"latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8},
}
SLOWED = 4
ARTICLE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The ferry is late again</title>{script}</head>
<body><main><h1>The ferry is late again</h1>{text}{thread}</main></body></html>"""
TEXT = "<p>" + "Nobody at the landing was surprised when the ferry did not come. " * 8 + "</p>"


@dataclass(frozen=True)
class Cost:
    """What one load took: bytes over the wire, requests, the sum of shifts, and times in ms."""

    bytes: float
    requests: float
    shift: float
    first_paint: float
    interactive: float
    blocked: float


def read_trace(events: list[dict[str, Any]]) -> Cost:
    """The figures of one load out of Chromium's trace events, whose times are in microseconds."""
    process, thread, start = _navigation(events)
    ours = [
        one for one in events if one["pid"] == process and one["ts"] >= start
    ]  # not the browser's own pages
    named = {name: [one for one in ours if one["name"] == name] for name in {one["name"] for one in ours}}
    paint = named["firstContentfulPaint"][0]["ts"]
    tasks = [(one["ts"], one["dur"]) for one in named.get("RunTask", []) if one["tid"] == thread]
    long = [(ts + took, took) for ts, took in tasks if took > LONG_MS * 1000 and ts + took > paint]
    shifts = [one["args"]["data"] for one in named.get("LayoutShift", [])]
    return Cost(
        bytes=sum(_wire_bytes(one) for one in named["ResourceFinish"]),
        requests=len(named["ResourceSendRequest"]),
        shift=round(sum(one["score"] for one in shifts if not one["had_recent_input"]), 4),
        first_paint=(paint - start) / 1000,
        interactive=(max([paint, *(end for end, _ in long)]) - start) / 1000,
        blocked=sum(took / 1000 - LONG_MS for _, took in long),
    )


def _navigation(events: list[dict[str, Any]]) -> tuple[int, int, int]:
    """The page's process and main thread, and when its navigation began."""
    for one in reversed(events):
        loaded = one["args"].get("data", {}) if one["name"] == "navigationStart" else {}
        if loaded.get("documentLoaderURL", "").startswith("http"):
            return one["pid"], one["tid"], one["ts"]
    raise click.ClickException("the trace has no navigation")


def _wire_bytes(finished: dict[str, Any]) -> float:
    return float(max(0, finished["args"]["data"].get("encodedDataLength", 0)))


async def _load(browser: Browser, address: str, line: dict[str, float] | None, *, near: bool) -> Cost:
    context = await browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    try:
        page = await _page(context, line)
        await browser.start_tracing(
            page=page, categories=["devtools.timeline", "loading", "toplevel", "blink.user_timing"]
        )
        await page.goto(address)
        if near:
            await page.evaluate("scrollTo(0, document.body.scrollHeight)")
        await page.wait_for_timeout(QUIET_MS)
        return read_trace(json.loads(await browser.stop_tracing())["traceEvents"])
    finally:
        await context.close()


async def _page(context: BrowserContext, line: dict[str, float] | None) -> Page:
    page = await context.new_page()
    if line:
        devtools = await context.new_cdp_session(page)
        await devtools.send("Network.enable")
        await devtools.send("Network.emulateNetworkConditions", {"offline": False, **line})
        await devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    return page


def _article(url: str, site: str, page_url: str, *, embedded: bool) -> str:
    script = f'<script src="{url}/embed.js" data-site="{site}" async></script>' if embedded else ""
    thread = f'<reply-thread page-url="{page_url}"></reply-thread>' if embedded else ""
    return ARTICLE.format(script=script, text=TEXT * 6, thread=thread)


async def _serve(pages: dict[str, str]) -> tuple[web.AppRunner, str]:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(text=pages[request.path], content_type="text/html")

    app = web.Application()
    app.router.add_routes([web.get(path, answer) for path in pages])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"


def _medians(costs: list[Cost]) -> dict[str, float]:
    rows = [asdict(one) for one in costs]
    return {name: round(statistics.median(row[name] for row in rows), 3) for name in rows[0]}


async def measure(url: str, site: str, page_url: str, times: int) -> dict[str, dict[str, float]]:
    """The medians of each kind of load, by its name; the kinds take turns."""
    pages = {
        f"/{name}": _article(url, site, page_url, embedded=name == "with") for name in ("without", "with")
    }
    runner, origin = await _serve(pages)
    costs: dict[str, list[Cost]] = {}
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            for _ in range(times):
                for line, limits in LINES.items():
                    for path, near in (("/without", False), ("/with", False), ("/with", True)):
                        kind = f"{line}, {path[1:]}{' and read' if near else ''}"
                        costs.setdefault(kind, []).append(
                            await _load(browser, origin + path, limits, near=near)
                        )
            await browser.close()
    finally:
        await runner.cleanup()
    return {kind: _medians(each) for kind, each in costs.items()}


@click.command(help=__doc__)
@click.argument("url")
@click.option("--site", default="demo", help="The slug of the site.")
@click.option("--page-url", help="The page whose thread it is; else the demo's article.")
@click.option("--times", default=3, help="Loads of each kind.")
def main(url: str, site: str, page_url: str | None, times: int) -> None:
    """Measure, and print."""
    print(json.dumps(asyncio.run(measure(url, site, page_url or f"{url}/demo", times)), indent=2))


if __name__ == "__main__":
    main()
