"""`replydesk policy import-wordpress`: a list of WordPress becomes word lists and blocked domains."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TextIO

import click

from service.cli.surroundings import fail, find_site, with_database
from service.domain.site import Site
from service.moderation.wordpress_keys import TAKEN, WHAT, Entry, Fate, read_keys
from service.moderation.wordpress_policy import ACTIONS, Kind, NoRoom, with_keys
from service.storage.pool import Connection
from service.storage.published_texts import latest_published
from service.usecases.change_policy import Change, change_policy

_EXAMPLES = 5


@click.command("import-wordpress")
@click.argument("slug")
@click.argument("file", type=click.File(encoding="utf-8"))
@click.option("--as", "kind", type=click.Choice(list(ACTIONS)), required=True, help="which list it is")
@click.option("--save", is_flag=True, help="change the policy; without it nothing is changed")
@click.option("--keep-ordinary", is_flag=True, help="take over what hits published comments too")
@click.option("--every", is_flag=True, help="print every entry, not examples")
@click.option(
    "--last",
    type=click.IntRange(0, 50_000),
    default=5000,
    show_default=True,
    help="published ones to try",
)
def import_wordpress(
    slug: str, file: TextIO, kind: Kind, *, save: bool, keep_ordinary: bool, every: bool, last: int
) -> None:
    """Take over FILE, one entry a line, and say what becomes of each.

    WordPress finds an entry inside of other words; here it is found as whole words. What would have hit
    ordinary words is listed with them, and so is what cannot be had. Saved again, it replaces its lists.
    """

    async def work(connection: Connection) -> tuple[list[Entry], int | None]:
        site = await find_site(connection, slug)
        published = await latest_published(connection, site.id, limit=last)
        entries = read_keys(file, published, domains=kind == "disallowed_keys", keep_ordinary=keep_ordinary)
        return entries, await _save(connection, site, entries, kind) if save else None

    try:
        entries, version = with_database(work)
    except UnicodeDecodeError:
        fail("the file is not UTF-8")
    except NoRoom:
        fail("the policy has no room for it: at most 50 word lists and 5000 blocked domains")
    for line in report(entries, None if every else _EXAMPLES):
        click.echo(line)
    click.echo(
        f"version {version} of the policy of {slug}" if version else "nothing was changed; --save does it"
    )


async def _save(connection: Connection, site: Site, entries: Sequence[Entry], kind: Kind) -> int:
    policy = with_keys(site.policy, entries, kind)
    change = Change(policy, seen=site.policy_version, note=f"imported from WordPress's {kind}")
    return await change_policy(connection, site.id, change)


def report(entries: Sequence[Entry], most: int | None) -> Iterator[str]:
    """A line for each fate, with up to `most` of its entries below (null: all)."""
    for fate in Fate:
        of_it = [entry for entry in entries if entry.fate is fate]
        if of_it:
            yield f"{len(of_it)} {WHAT[fate]}"
            yield from (f"\t{_line(entry)}" for entry in islice(of_it, most))
    innocent = [entry for entry in entries if entry.inside and entry.fate in TAKEN]
    if innocent:
        yield f"{len(innocent)} of those taken over hit innocent words in WordPress, and no longer do"
        yield from (f"\t{_line(entry)}" for entry in islice(innocent, most))


def _line(entry: Entry) -> str:
    inside = f": inside {', '.join(entry.inside)}" if entry.inside else ""
    hits = f": in {entry.hits} published comments" if entry.hits else ""
    return f"{entry.text}{inside}{hits}"
