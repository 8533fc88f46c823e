"""`replydesk policy try`: what a candidate would have done with the latest comments, before it does it."""

import asyncio
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any, TextIO

import asyncpg
import click

from service.cli.policy_file import read_file
from service.cli.policy_report import print_report
from service.cli.surroundings import connect, fail, find_site
from service.domain.policy import Policy
from service.storage.past import list_texts
from service.storage.pool import Connection
from service.usecases.backtest import BacktestFailed, Wish, backtest, processes

MOST = 1_000_000


@click.command("try")
@click.argument("slug")
@click.argument("file", type=click.File(encoding="utf-8"), default="-")
@click.option("--last", type=click.IntRange(1, MOST), default=10_000, show_default=True, help="comments")
@click.option("--processes", "count", type=click.IntRange(1, 64), default=os.cpu_count() or 1)
@click.option("--texts", is_flag=True, help="print the beginnings of the examples")
@click.option(
    "--json", "as_json", is_flag=True, help="print the report as JSON, with the examples' ids alone"
)
def try_(slug: str, file: TextIO, last: int, count: int, texts: bool, as_json: bool) -> None:
    """Say what FILE would have decided about the site's latest comments; nothing is changed.

    What the checks said is used again where the lines that they read are the same; the others look at the
    stored texts again. Outside services are not asked. It gives way to every other work of the machine.
    """
    candidate = read_file(file)
    try:
        report, shown = asyncio.run(_try(slug, candidate, last, count, texts=texts))
    except BacktestFailed as error:
        fail(str(error))
    except (OSError, TimeoutError) as error:
        fail(f"the database cannot be reached ({type(error).__name__})")
    if as_json:
        click.echo(json.dumps(report, indent=1))
    else:
        print_report(report, shown)


async def _try(
    slug: str, candidate: Policy, last: int, count: int, *, texts: bool
) -> tuple[dict[str, Any], dict[str, str]]:
    connection = await connect()
    try:
        site = await find_site(connection, slug)
        began = time.monotonic()
        report = await _run(connection, Wish(site, candidate, last), count)
        report["seconds"] = round(time.monotonic() - began, 2)
        shown = await list_texts(connection, site.id, _ids(report)) if texts else {}
    finally:
        await connection.close()
    return report, shown


async def _run(connection: "asyncpg.Connection[Any]", wish: Wish, count: int) -> dict[str, Any]:
    turn = asyncio.Lock()  # one connection, and one statement on it at a time

    async def read(work: Callable[[Connection], Awaitable[Any]]) -> Any:
        async with turn:
            return await work(connection)

    with (
        click.progressbar(length=wish.last, label="trying", file=sys.stderr) as bar,
        processes(count) as pool,
    ):

        async def progress(so_far: int) -> None:
            bar.update(so_far - bar.pos)

        report = await backtest(read, pool, wish, at_once=count + 1, progress=progress)
        bar.update(wish.last - bar.pos)
    return report


def _ids(report: dict[str, Any]) -> list[str]:
    return [example["id"] for move in report["moves"] for example in move["examples"]]
