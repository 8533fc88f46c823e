"""How fast a backtest is: `DATABASE_URL=… python -m bench.backtesting --folder DATA`.

The database must be empty: it is migrated and gets a site whose `--comments` were checked under its policy
and decided by people as their labels say. Then candidates are tried on them: one that changes no line that
a check reads, and two that change lines of one check. Printed: comments a second in all, and what one
processor does in a second, which holds on a machine that others keep busy too.
"""

import asyncio
import os
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import click
import orjson

from migrations.runner import migrate
from service.cli.replay_rows import read_rows
from service.domain.comment_id import new_comment_id
from service.domain.learning import Learning
from service.domain.policy import Policy
from service.moderation.backtest.part import compare
from service.moderation.evidence import Evidence
from service.moderation.finding_document import as_document
from service.moderation.judge import judge
from service.moderation.pipeline import run_checks
from service.storage import moderators, pages, past
from service.storage.pool import Connection
from service.usecases.backtest import Wish, backtest, processes
from tests.factories import make_site

Row = tuple[str, bool]
LIVE = Policy(publish="auto")
CANDIDATES = {
    "every finding used again": Policy.model_validate(
        {"publish": "auto", "checks": {"links": {"action": "spam"}}}
    ),
    "the links counted again": Policy(publish="auto", max_links=0),
    "word lists read again": Policy(
        publish="auto", blocked_words=("subscribe", "cialis"), held_words=("idiot",)
    ),
}


@click.command()
@click.option("--comments", default=10_000, show_default=True)
@click.option(
    "--folder", type=click.Path(exists=True, path_type=Path), required=True, help="labelled comments"
)
@click.option("--processes", "count", default=os.cpu_count() or 1, show_default=True)
def main(comments: int, folder: Path, count: int) -> None:
    """Measure and print."""
    asyncio.run(measure(os.environ["DATABASE_URL"], comments, folder, count))


async def measure(url: str, comments: int, folder: Path, count: int) -> None:
    """One measurement on an empty database."""
    await migrate(url)
    owner = await asyncpg.connect(url, command_timeout=120)
    site = await make_site(owner, "paper", LIVE)
    await _fill(owner, site.id, _rows(comments, folder))
    await owner.execute("ANALYZE")

    turn = asyncio.Lock()

    async def read(work: Callable[[Connection], Awaitable[Any]]) -> Any:
        async with turn:
            return await work(owner)

    for name, candidate in CANDIDATES.items():
        with processes(count) as pool:
            began = time.perf_counter()
            wish = Wish(site, candidate, comments)
            report = await backtest(read, pool, wish, at_once=count + 1, progress=_silent)
            took = time.perf_counter() - began
        pace = f"{report['comments'] / took:.0f} a second, {await _of_one(owner, wish):.0f} by one processor"
        click.echo(f"{name}: {report['comments']} in {took:.2f} s, {pace}; {report['findings']}")
    await owner.close()


async def _of_one(owner: "asyncpg.Connection[Any]", wish: Wish) -> float:
    """How many comments are judged in a second of the processor's time, in this process."""
    page = await past.list_past(owner, wish.site.id, before=None, limit=2000)
    documents = await past.list_documents(owner, wish.site.id, {1})
    comparison = wish.comparison(Learning(wish.site.id))
    compare(comparison, documents, page.rows[:20])
    began = time.process_time()
    compare(comparison, documents, page.rows)
    return len(page.rows) / (time.process_time() - began)


async def _silent(_so_far: int) -> None:
    return None


def _rows(count: int, folder: Path) -> list[Row]:
    found = read_rows(sorted(folder.glob("*.csv.gz")))
    chosen = random.Random(7).sample(found, min(count, len(found)))
    return [(row.text[:5000], row.label == "1") for row in chosen]


async def _fill(owner: "asyncpg.Connection[Any]", site_id: int, rows: list[Row]) -> None:
    """Comments as the checks and people left them."""
    page = await pages.insert_page(owner, site_id, "https://paper.example/mill", "The mill")
    mina = await moderators.ensure_moderator(owner, "Mina")
    comments, decisions = [], []
    for at, (text, is_bad) in enumerate(rows):
        one = new_comment_id(time.time() - (len(rows) - at) / 100)
        comment, decided = _checked(one, site_id, page.id, text)
        comments.append(comment)
        decisions += [decided, _by_people(one, site_id, mina, is_bad=is_bad)]
    async with owner.transaction():
        await owner.copy_records_to_table("comment", records=comments, columns=_COMMENT)
        await owner.copy_records_to_table("decision", records=decisions, columns=_DECISION)


_COMMENT = ("site_id", "id", "page_id", "author", "text", "fingerprint", "status", "version")
_DECISION = (
    "site_id", "comment_id", "version", "from_status", "status", "source", "action", "moderator_id",
    "policy_version", "decided_by", "rule", "reason", "findings",
)  # fmt: skip
_ACTIONS = {"published": "publish", "held": "hold", "rejected": "reject", "spam": "spam"}


def _checked(one: UUID, site_id: int, page_id: int, text: str) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    findings = run_checks(Evidence(text=text, author="Reader"), LIVE, nullcontext)
    verdict = judge(findings, LIVE)
    status, reason = str(verdict.status), str(verdict.reason) if verdict.reason else None
    stored = orjson.dumps([as_document(finding) for finding in findings]).decode()
    return (
        (site_id, one, page_id, "Reader", text, b"", status, 2),
        (site_id, one, 2, "pending", status, "checks", _ACTIONS[status], None, 1, verdict.decided_by,
         verdict.rule, reason, stored),
    )  # fmt: skip


def _by_people(one: UUID, site_id: int, moderator_id: int, *, is_bad: bool) -> tuple[Any, ...]:
    status, action = ("spam", "spam") if is_bad else ("published", "approve")
    return (site_id, one, None, status, status, "moderator", action, moderator_id, *[None] * 4, "[]")


if __name__ == "__main__":
    main()
