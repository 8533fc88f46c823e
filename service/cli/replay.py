"""`replydesk replay FILE…`: real comments through the real form, each followed to its decision."""

import asyncio
import json
import sys
import time
from pathlib import Path

import asyncpg
import click

from service.cli.replay_client import Ledger, Target, post_all
from service.cli.replay_report import Report, report
from service.cli.replay_rows import Row, read_rows
from service.cli.surroundings import fail, settings
from service.storage import replays, sites
from service.storage.pool import Connection

SETTLE_S = 300.0
POLL_S = 0.5

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("replay")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--url", help="where the service listens; REPLYDESK_PUBLIC_URL by default")
@click.option("--site", "slug", default="demo", show_default=True, help="its origins must include --url")
@click.option("--clients", type=click.IntRange(1, 256), default=16, show_default=True)
@click.option("--rows", type=click.IntRange(1), help="only so many")
def command(files: tuple[Path, ...], url: str | None, slug: str, clients: int, rows: int | None) -> None:
    """Post the comments of labelled CSV files and follow each to its decision.

    Start the service with REPLYDESK_LIMIT_NETWORK, _PAGE and _SITE off, or this goes at the pace of one
    reader. The report is JSON; the exit code is 1 if anything was lost, doubled, altered or stuck.
    """
    try:
        found = read_rows(files)[:rows]
    except ValueError as error:
        fail(str(error))
    target = Target(url=(url or settings().public_url).rstrip("/"), site=slug, run=f"{time.time_ns():x}")
    result = asyncio.run(_replay(found, target, clients))
    click.echo(json.dumps(result.document(), indent=1))
    sys.exit(0 if result.is_clean else 1)


async def _replay(rows: list[Row], target: Target, clients: int) -> Report:
    with click.progressbar(length=len(rows), label="posting", file=sys.stderr) as bar:
        ledger = await post_all(rows, target, clients=clients, answered=lambda: bar.update(1))
    posted = time.monotonic()
    connection = await asyncpg.connect(settings().database_url.get_secret_value(), timeout=5)
    try:
        stored = await _settled(connection, target, ledger)
    finally:
        await connection.close()
    return report(ledger, target, stored, drain_s=time.monotonic() - posted)


async def _settled(connection: Connection, target: Target, ledger: Ledger) -> list[replays.Replayed]:
    """What is stored, once everything is decided or the patience is over."""
    site = await sites.find_site(connection, target.site)
    if site is None:
        fail(f"there is no site {target.site}")
    urls = sorted({target.page_url(row.source) for row in ledger.sent.values()})
    ends = time.monotonic() + SETTLE_S
    with click.progressbar(length=len(ledger.accepted), label="deciding", file=sys.stderr) as bar:
        while undecided := await replays.count_undecided(connection, site.id, urls):
            bar.update(max(len(ledger.accepted) - undecided - bar.pos, 0))
            if time.monotonic() > ends:
                break
            await asyncio.sleep(POLL_S)
        bar.update(len(ledger.accepted) - bar.pos)
    return await replays.list_replayed(connection, site.id, urls)
