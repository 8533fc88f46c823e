"""Waiting for what a worker does to comments, with its log where it does not."""

import asyncio
from uuid import UUID

from tests.factories import Paper, until
from tests.workers.processes import WorkerProcess

SECONDS = 40


async def decided(paper: Paper, *ids: UUID, process: WorkerProcess, ring: bool = True) -> None:
    """Wait until none of them is pending, ringing as the scheduler does, only more often."""

    async def none_is_pending() -> bool:
        if ring:
            await asyncio.to_thread(process.ring)
        pending = "SELECT count(*) FROM comment WHERE id = ANY($1::uuid[]) AND status = 'pending'"
        return not await paper.owner.fetchval(pending, list(ids))

    try:
        await until(none_is_pending, seconds=SECONDS)
    except TimeoutError:
        raise AssertionError(process.log()[-3000:]) from None


async def seen(process: WorkerProcess, word: str, times: int = 1) -> list[int]:
    """Wait until comments that begin with `word` were looked at so often; the processes that looked."""

    async def enough_seen() -> bool:
        looks = process.seen(word)
        return len(looks) >= times and all(looks)

    await until(enough_seen, seconds=SECONDS)
    return process.seen(word)
