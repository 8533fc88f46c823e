"""What a service that takes two seconds costs: `python -m bench.slow_service`.

On a Postgres of its own, one process that checks. First a site that asks the service about each comment, for
several numbers of comments at once; then a site that asks nobody, alone and beside the first one's queue.
"""

import asyncio
import os
import sys
import time
from contextlib import nullcontext
from datetime import timedelta

import asyncpg
import structlog

from service.domain.policy import Policy
from service.storage.pool import Pool, open_pool
from service.usecases.check import CheckDesk, CheckRules
from service.usecases.directory import SiteDirectory
from tests.conftest import SCRATCH, TEMPLATE, Databases, _running
from tests.equipment.protocols.newsroom import NewsroomService
from tests.factories import Paper, make_arrival, make_site, make_submission
from tests.usecases.outside import outside_of, policy_with

SLOW_S = 2.0
ASKED, PLAIN = 48, 400
FEN = "https://fen.example/a"


async def main(url: str) -> None:
    """Print one line for each measurement."""
    owner = await asyncpg.connect(url)
    web = await open_pool(url, "replydesk_web", size=8, name="bench-web")
    worker = await open_pool(url, "replydesk_worker", size=2, name="bench-worker")
    paper = await Paper.open(owner, web, policy_with("webhook"))
    fen = await make_site(owner, "fen", Policy(publish="auto"))

    async def plain() -> None:
        submission = make_submission(page_url=FEN)
        await paper.desk.accept(fen, submission, make_arrival(page_url=FEN))

    async with NewsroomService() as service:
        service.wait_s = SLOW_S
        for at_once in (1, 4, 16, 32):
            count = min(ASKED, at_once * 6)
            for _ in range(count):
                await paper.post()
            took = await _drain(worker, service, at_once)
            print(f"asked, {at_once:2} at once: {count / took:6.1f} comments/s ({count} in {took:.1f} s)")
        for _ in range(PLAIN):
            await plain()
        took = await _drain(worker, service, 16)
        print(f"a site that asks nobody, alone: {PLAIN / took:6.1f} comments/s")
        for _ in range(160):
            await paper.post()
        for _ in range(PLAIN):
            await plain()
        draining = asyncio.create_task(_drain(worker, service, 16))
        began = time.monotonic()
        while await owner.fetchval(  # noqa: ASYNC110  (a database is asked)
            "SELECT count(*) FROM comment WHERE site_id = $1 AND status = 'pending'", fen.id
        ):
            await asyncio.sleep(0.05)
        beside = time.monotonic() - began
        waiting = await owner.fetchval("SELECT count(*) FROM comment WHERE status = 'pending'")
        print(f"beside a slow service's queue:  {PLAIN / beside:6.1f} comments/s, {waiting} of 160 wait")
        took = await draining
        print(f"and that queue of 160:          {160 / took:6.1f} comments/s")
        again = await owner.fetchval("SELECT count(*) FROM comment WHERE attempts > 1")
        print(f"comments that were begun twice: {again}")


async def _drain(worker: Pool, service: NewsroomService, at_once: int) -> float:
    rules = CheckRules(
        lease=timedelta(seconds=60), batch=20, deadline=nullcontext, author_limit=None, network_limit=None
    )
    outside = outside_of({"webhook": service}, at_once=at_once)
    desk = CheckDesk(worker, worker, SiteDirectory(worker), rules, outside)
    began = time.monotonic()
    await desk.check_due(lambda: False)
    return time.monotonic() - began


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(open(os.devnull, "w")))  # noqa: SIM115, PTH123
    SCRATCH.mkdir(parents=True, exist_ok=True)
    with _running("DATABASE_URL") as server:
        databases = Databases(server)  # type: ignore[arg-type]
        databases.make_template()
        asyncio.run(main(databases.make(TEMPLATE)))
        databases.close()
    sys.exit(0)
