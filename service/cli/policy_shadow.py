"""`replydesk policy shadow`: watches a candidate beside the live policy."""

import json
from typing import TextIO

import click

from service.cli.policy_file import read_file
from service.cli.policy_report import print_shadow
from service.cli.surroundings import fail, find_site, with_database
from service.storage.pool import Connection
from service.usecases.watch_candidate import Watching, begin, end, watching


@click.command("shadow")
@click.argument("slug")
@click.argument("file", type=click.File(encoding="utf-8"), required=False)
@click.option("--note", help="why, for whoever reads the report")
@click.option("--end", "is_end", is_flag=True, help="watch none any more")
@click.option("--json", "as_json", is_flag=True, help="print the report as JSON")
def shadow(slug: str, file: TextIO | None, note: str | None, is_end: bool, as_json: bool) -> None:
    """Watch FILE beside the live policy; without FILE, say what the watched one would have decided.

    It decides nothing: from now on the workers note what it would have decided about each new comment.
    """
    if file is not None and is_end:
        fail("say either FILE or --end")
    if file is not None:
        policy = read_file(file)

        async def change(connection: Connection) -> None:
            await begin(connection, (await find_site(connection, slug)).id, policy, note=note)

        with_database(change)
        click.echo(f"watching it; `policy shadow {slug}` says what it would have decided")
    elif is_end:
        _end(slug)
    else:
        _report(slug, as_json=as_json)


def _end(slug: str) -> None:
    async def change(connection: Connection) -> bool:
        return await end(connection, (await find_site(connection, slug)).id)

    click.echo("ended" if with_database(change) else "none was watched")


def _report(slug: str, *, as_json: bool) -> None:
    async def read(connection: Connection) -> Watching | None:
        return await watching(connection, (await find_site(connection, slug)).id)

    found = with_database(read)
    if found is None:
        fail(f"no candidate is watched at {slug}")
    if as_json:
        click.echo(json.dumps(found.document(), indent=1, default=str))
    else:
        print_shadow(found.document())
