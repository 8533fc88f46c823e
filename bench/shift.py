"""A shift by keyboard alone, in a real browser: `python -m bench.shift URL --token FILE [--token FILE]`.

Each file holds a moderator's token; each moderator has a browser of their own before the same queue, whose
comments must wait there already (`replydesk replay`). The keys: approve, reject with a reason, spam, now and
then select two, take one back, or skip one. Without `--reads-s` there is no pause between them: decisions a
minute say what page and service allow, not what people should do.

Printed for each moderator, as JSON: decisions, decisions a minute, and in ms (min, median, p99, max) the time
from a key until the next comment is there, and until the service has answered. Then, from the API: how many
of the accepted decisions stand, and how many comments two people decided. The exit code is 1 where a decision
does not stand or two do.
"""

import asyncio
import json
import random
import shutil
import statistics
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import click
from playwright.async_api import APIRequestContext, Browser, Page, Request, Response, async_playwright
from playwright.async_api import TimeoutError as NothingThere

STATUS_OF = {"approve": "published", "reject": "rejected", "spam": "spam"}
PATHS = ("/dashboard/decide", "/dashboard/decide-many", "/dashboard/undo")
_CHOSEN = "desk.chosen().filter(desk.isFree).map((card) => card.dataset.id)"
_GONE = "(ids) => !desk.current || !ids.includes(desk.current.dataset.id) || desk.isOver(desk.current)"


@dataclass(frozen=True)
class Told:
    """What was asked in one request, and the answer."""

    at: float
    ms: float
    fields: dict[str, str]
    answer: Any

    @property
    def parts(self) -> list[tuple[str, Any]]:
        """Each comment that it was about, with what was said of it."""
        return list(zip(_ids(self.fields), self.answer.get("results", [self.answer]), strict=True))


@dataclass
class Shift:
    """One moderator at work: which keys, what the service said, and how long it took."""

    name: str
    page: Page
    draw: random.Random
    reads_s: float = 0.0
    asked: int = 0
    told: list[Told] = field(default_factory=list)
    hand_ms: list[float] = field(default_factory=list)
    took_s: float = 0.0

    async def work(self, decisions: int) -> None:
        """Press keys until so many comments are decided, or nothing is left."""
        self.page.on("request", self._see)
        self.page.on("response", self._hear)
        started = time.monotonic()
        while self.asked < decisions and await self._is_there():
            await asyncio.sleep(self.draw.uniform(0.5, 1.5) * self.reads_s)
            await self._step(self.draw.random())
        self.took_s = time.monotonic() - started
        async with asyncio.timeout(20):
            while self._answered() < self.asked:  # noqa: ASYNC110  (answers are heard elsewhere)
                await asyncio.sleep(0.05)

    @property
    def stands(self) -> dict[str, str]:
        """Each comment that the service says this person decided, and its status after that."""
        found: dict[str, str] = {}
        for one in sorted(self.told, key=lambda told: told.at):
            for comment_id, said in one.parts:
                if said["ok"] and "action" in one.fields:
                    found[comment_id] = STATUS_OF[one.fields["action"]]
                elif said["ok"]:
                    found.pop(comment_id, None)
        return found

    def document(self) -> dict[str, Any]:
        """Counts and times."""
        said = Counter(
            "accepted" if part["ok"] else part.get("code", "failed")
            for one in self.told if "action" in one.fields for _, part in one.parts
        )  # fmt: skip
        return {
            "moderator": self.name,
            "decisions": self.asked,
            "answers": dict(said),
            "taken_back": sum(one.answer["ok"] for one in self.told if "action" not in one.fields),
            "per_minute": round(60 * self.asked / self.took_s, 1),
            "until_next_ms": _spread(self.hand_ms),
            "until_answer_ms": _spread([one.ms for one in self.told]),
        }

    async def _step(self, drawn: float) -> None:
        if drawn < 0.04:
            await self.page.keyboard.press("u")
        elif drawn < 0.08:
            for key in "xjx":
                await self.page.keyboard.press(key)
            await self._decide()
        else:
            if drawn < 0.12:
                await self.page.keyboard.press("j")
            await self._decide()

    async def _decide(self) -> None:
        chosen = await self.page.evaluate(_CHOSEN)
        if not chosen:
            return await self.page.keyboard.press("j")
        key = self.draw.choices("asr", (5, 3, 2))[0]
        started = time.perf_counter()
        await self.page.keyboard.press(key)
        if key == "r":
            await self.page.keyboard.press(str(self.draw.randint(1, 9)))
        await self.page.wait_for_function(_GONE, arg=chosen)
        self.hand_ms.append(1000 * (time.perf_counter() - started))
        return None

    def _answered(self) -> int:
        return sum(len(one.parts) for one in self.told if "action" in one.fields)

    async def _is_there(self) -> bool:
        try:
            await self.page.locator("article.item:not(:has(form.decide[hidden]))").first.wait_for(
                timeout=8000
            )
        except NothingThere:
            return False
        return True

    def _see(self, request: Request) -> None:
        if request.url.endswith(PATHS[:2]):
            self.asked += len(_ids(_fields(request)))

    async def _hear(self, answer: Response) -> None:
        if not answer.url.endswith(PATHS):
            return
        await answer.finished()
        timing = answer.request.timing
        fields = _fields(answer.request)
        self.told.append(Told(timing["startTime"], timing["responseEnd"], fields, await answer.json()))


def _fields(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.post_data or ""))


def _ids(fields: dict[str, str]) -> list[str]:
    if "id" in fields:
        return [fields["id"]]
    return [name.removeprefix("pick-") for name in fields if name.startswith("pick-")]


@dataclass(frozen=True)
class Standing:
    """What the API says afterwards about what was accepted."""

    accepted: int = 0
    stand: int = 0
    by_two: int = 0


async def look_back(api: APIRequestContext, shifts: list[Shift]) -> Standing:
    """Compare what the service accepted with what it has."""
    accepted = [entry for one in shifts for entry in one.stands.items()]
    stand, by_two = 0, 0
    for comment_id, status in accepted:
        comment = await (await api.get(f"/api/v1/moderation/comments/{comment_id}")).json()
        stand += comment["status"] == status
        by_two += len(_deciders(comment["history"])) > 1
    return Standing(len(accepted), stand, by_two)


def _deciders(history: list[dict[str, Any]]) -> set[str]:
    """Whose decisions about a comment were not taken back."""
    standing: list[str] = []
    for one in sorted(history, key=lambda entry: str(entry["at"])):
        if one["action"] == "undo":
            standing.pop()
        elif one["source"] == "moderator":
            standing.append(one["by"])
    return set(standing)


async def sign_in(browser: Browser, url: str, token: str, seed: int, reads_s: float) -> Shift:
    """A moderator in a browser of their own, the queue before them."""
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    page = await context.new_page()
    await page.goto(f"{url}/dashboard")
    await page.get_by_label("Moderator token").fill(token)
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Sign out").wait_for()
    name = await page.locator(".who bdi").first.inner_text()
    return Shift(name, page, random.Random(seed), reads_s)


async def play(url: str, tokens: list[str], decisions: int, reads_s: float, chromium: str) -> int:
    """Everybody's shift at once; the exit code."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which(chromium), args=["--no-sandbox"]
        )
        shifts = [await sign_in(browser, url, token, seed, reads_s) for seed, token in enumerate(tokens)]
        await asyncio.gather(*(shift.work(decisions) for shift in shifts))
        await browser.close()
        bearer = {"Authorization": f"Bearer {tokens[0]}"}
        api = await playwright.request.new_context(base_url=url, extra_http_headers=bearer)
        found = await look_back(api, shifts)
    click.echo(
        json.dumps({"shifts": [one.document() for one in shifts], "afterwards": asdict(found)}, indent=1)
    )
    return int(found.stand != found.accepted or found.by_two > 0)


def _spread(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    found = (ordered[0], statistics.median(ordered), ordered[int(len(ordered) * 0.99)], ordered[-1])
    return dict(zip(("min", "median", "p99", "max"), (round(one, 1) for one in found), strict=True))


@click.command()
@click.argument("url")
@click.option("--token", "tokens", multiple=True, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--decisions", default=200, show_default=True, type=click.IntRange(1))
@click.option(
    "--reads-s", default=0.0, show_default=True, help="a look at each: half of it to one and a half"
)
@click.option("--chromium", default="chromium", show_default=True, help="the program")
def main(url: str, tokens: tuple[Path, ...], decisions: int, reads_s: float, chromium: str) -> None:
    """Play a shift of each of these moderators, at once."""
    given = [one.read_text().strip() for one in tokens]
    sys.exit(asyncio.run(play(url.rstrip("/"), given, decisions, reads_s, chromium)))


if __name__ == "__main__":
    main()
