"""Fills an empty, migrated database as a big installation is: `python -m bench.scale --database DSN`.

By default 200 sites, 100,000 pages and two million comments by Zipf over both: a twentieth of them on one
page, a tenth held, and seven tenths of those at one site. With replies, authors, decisions with findings of
the product's own checks, events, addresses, reports, and every count that the product keeps; `bench.recount`
proves these. Nobody wrote the texts: their words are made of syllables and drawn by Zipf. The same seed makes
the same shape, which ends now. There are no tombstones, no edits and no standings.

Run it as the owner of the tables. Addresses are sealed with a key that nobody keeps, a few of them for all:
they have the right size, and nothing opens them. `--comments 10000` is small, `--comments 10000000` huge.
"""

import asyncio
import shutil
import time
from dataclasses import replace
from pathlib import Path

import asyncpg
import click

from bench.bulk_load import Connection
from bench.filling import NotEmpty, Wanted, fill

BYTES_A_COMMENT = 3000
"""On disk, with everything beside it and all indexes."""

ROOM = 1.6
"""So many times that is needed for a while: for sorts, and for the log of what is written."""


@click.command()
@click.option("--database", required=True, help="an empty, migrated one, as its owner")
@click.option("--comments", default=2_000_000, show_default=True, help="of all sites together")
@click.option("--sites", type=int, help="by default 200, or fewer where there are few pages")
@click.option("--pages", type=int, help="by default a twentieth of the comments")
@click.option("--held", type=int, help="by default a tenth of the comments")
@click.option("--largest", type=int, help="comments on the busiest page; by default a twentieth of all")
@click.option("--seed", default=1, show_default=True)
@click.option("--disk", type=click.Path(exists=True, path_type=Path), help="where the server has its data")
def main(database: str, disk: Path | None, comments: int, seed: int, **asked: int | None) -> None:
    """Fill the database and say how long it took."""
    given = {name: value for name, value in asked.items() if value is not None}
    asyncio.run(_fill_at(database, replace(Wanted.of(comments, seed), **given), disk))


async def _fill_at(url: str, wanted: Wanted, disk: Path | None) -> None:
    connection = await asyncpg.connect(url)
    try:
        await _look_at_disk(connection, wanted.comments, disk)
        started = time.monotonic()
        await fill(connection, wanted, say=True)
        took_s = time.monotonic() - started
        size = await connection.fetchval("SELECT pg_database_size(current_database())")
        print(f"{wanted.comments} comments in {took_s:.0f} s, {size // wanted.comments} bytes each")
    except NotEmpty as refusal:
        raise click.ClickException(str(refusal)) from None
    finally:
        await connection.close()


async def _look_at_disk(connection: Connection, comments: int, disk: Path | None) -> None:
    """Say how much is needed.

    Raises:
        click.ClickException: there is less, or nobody can tell.
    """
    stays = comments * BYTES_A_COMMENT
    print(f"needs {stays * ROOM / 1e9:.2f} GB of disk, of which {stays / 1e9:.2f} stay")
    try:
        place = disk or Path(await connection.fetchval("SHOW data_directory"))
        free = shutil.disk_usage(place).free
    except (OSError, asyncpg.InsufficientPrivilegeError):
        raise click.ClickException(
            "the server's disk cannot be seen from here: name it with --disk"
        ) from None
    if free < stays * ROOM:
        raise click.ClickException(f"{place} has only {free / 1e9:.2f} GB free")


if __name__ == "__main__":
    main()
