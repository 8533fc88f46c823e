"""What the scheduler does besides ringing: drops keys of submissions that nobody can retry any more."""

from service.storage import submissions
from service.storage.pool import Pool, connection
from service.usecases.submit import KEY_WINDOW


async def drop_old_keys(pool: Pool) -> int:
    """Delete remembered submission keys past their day, a batch at a time; how many went."""
    dropped = 0
    while True:
        async with connection(pool) as held:
            batch = await submissions.delete_old_keys(held, KEY_WINDOW, limit=1000)
        dropped += batch
        if batch < 1000:
            return dropped
