"""`replydesk recheck SITE`: gives held comments to the checks again, under today's policy."""

import asyncio
import sys
import time
from collections import Counter
from uuid import UUID

import asyncpg
import click

from service.cli.surroundings import connect, fail, find_site, settings
from service.dispatch import CHECK_DUE, QUEUE, RING_EXPIRES_S, publisher
from service.domain.reason_texts import reasons_of
from service.storage.pool import Connection
from service.storage.rechecks import Recheck, count_statuses, recheck_some

AT_ONCE = 100
"""What readers send meanwhile waits behind so many at most."""

SETTLE_S = 120.0
POLL_S = 0.25


@click.command("recheck")
@click.argument("slug")
@click.option("--reason", help="only those held for this reason, such as check_failed")
@click.option("--last", "most", type=click.IntRange(1), default=10_000, show_default=True, help="comments")
def command(slug: str, reason: str | None, most: int) -> None:
    """Have the workers check held comments again and say what became of them.

    Only the checks' own holds: what a person has decided, or has before the eyes, stays as it is.
    """
    try:
        became = asyncio.run(_recheck(slug, reason, most))
    except (OSError, TimeoutError, asyncpg.PostgresConnectionError) as error:
        fail(f"the database cannot be reached ({type(error).__name__}); what was begun goes on by itself")
    click.echo(f"{became.total()} checked again" + "".join(f", {n} {status}" for status, n in became.items()))
    if became["pending"]:
        fail("some are still pending: is a worker running? They will be decided when one is")


async def _recheck(slug: str, reason: str | None, most: int) -> Counter[str]:
    connection = await connect()
    became: Counter[str] = Counter()
    after: UUID | None = None
    try:
        site = await find_site(connection, slug)
        known = [one.code for one in reasons_of(site.own_reasons)]
        if reason is not None and reason not in known:
            fail(f"--reason: there is no reason {reason[:60]}; there are {', '.join(known)}")
        with click.progressbar(length=most, label="checking", file=sys.stderr) as bar:
            while became.total() < most and not became["pending"]:
                wish = Recheck(site.id, reason=reason, after=after)
                async with connection.transaction():
                    ids = await recheck_some(connection, wish, limit=min(AT_ONCE, most - became.total()))
                if not ids:
                    break
                after = ids[-1]
                became += Counter(await _settled(connection, site.id, ids))
                bar.update(len(ids))
            bar.update(most - bar.pos)
    finally:
        await connection.close()
    return became


async def _settled(connection: Connection, site_id: int, ids: list[UUID]) -> dict[str, int]:
    """How they stand once none is pending, or the patience is over."""
    await asyncio.to_thread(_ring)
    ends = time.monotonic() + SETTLE_S
    while (counts := await count_statuses(connection, site_id, ids)).get("pending"):
        if time.monotonic() > ends:
            break
        await asyncio.sleep(POLL_S)
    return counts


def _ring() -> None:
    """A hint: without it the workers look by themselves."""
    try:
        with publisher(settings().redis_url.get_secret_value()) as app:
            app.send_task(CHECK_DUE, queue=QUEUE, expires=RING_EXPIRES_S, ignore_result=True)
    except Exception:  # noqa: BLE001
        return
