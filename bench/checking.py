"""How many comments one worker process checks in a second: `DATABASE_URL=… python -m bench.checking`.

The database must be empty: it is migrated, gets a site and `--comments` replies by as many readers; then one
pass of what a worker does. Texts come from `--folder` (labelled comments as in `bench.checks`), or are
made up. Printed: comments a second, and the time of the processor that each took here, Postgres left out.
"""

import asyncio
import os
import random
import time
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import asyncpg
import click

from bench.checks import clean_rows
from migrations.runner import migrate
from service.domain.policy import Policy
from service.limits.limit import Limit
from service.storage.pool import open_pool
from service.usecases.check import CheckDesk, CheckRules
from service.usecases.directory import SiteDirectory
from tests.factories import Paper, make_submission

_WORDS = [
    "the",
    "mill",
    "harbour",
    "ferry",
    "council",
    "was",
    "not",
    "sold",
    "last",
    "winter",
    "because",
    "nobody",
    "had",
    "asked",
    "us",
    "about",
    "it",
]


@click.command()
@click.option("--comments", default=1000, show_default=True)
@click.option("--folder", type=click.Path(exists=True, path_type=Path), help="labelled comments")
def main(comments: int, folder: Path | None) -> None:
    """Measure and print."""
    asyncio.run(measure(os.environ["DATABASE_URL"], comments, folder))


async def measure(url: str, comments: int, folder: Path | None) -> None:
    """One measurement on an empty database."""
    await migrate(url)
    owner = await asyncpg.connect(url)
    web = await open_pool(url, "replydesk_web", size=4, name="bench-web")
    worker = await open_pool(url, "replydesk_worker", size=2, name="bench-worker")
    marks = await open_pool(url, "replydesk_worker", size=1, name="bench-marks", durable=False)
    paper = await Paper.open(owner, web, Policy(publish="auto"))
    for at, text in enumerate(_texts(comments, folder)):
        await paper.accept(make_submission(text=text, author=f"Reader {at}"), network=os.urandom(16))
    await owner.execute("ANALYZE")
    rules = CheckRules(
        lease=timedelta(minutes=1),
        batch=20,
        deadline=nullcontext,
        author_limit=Limit(10, 60),
        network_limit=Limit(60, 60),
    )
    desk = CheckDesk(worker, marks, SiteDirectory(worker), rules)
    began, used = time.perf_counter(), time.process_time()
    done = await desk.check_due(lambda: False)
    took, used = time.perf_counter() - began, time.process_time() - used
    each_ms = used / done * 1e3
    click.echo(
        f"{done} comments in {took:.2f} s: {done / took:.0f} a second, {each_ms:.2f} ms of processor each"
    )
    for pool in (web, worker, marks):
        pool.terminate()
    await owner.close()


def _texts(count: int, folder: Path | None) -> Iterator[str]:
    chance = random.Random(7)
    if folder is not None:
        rows = [text for path in sorted(folder.glob("*.csv.gz")) for text, _ in clean_rows(path, 2000)]
        yield from chance.sample(rows, count)
        return
    for _ in range(count):
        yield " ".join(chance.choices(_WORDS, k=chance.randint(8, 80))).capitalize() + "."


if __name__ == "__main__":
    main()
