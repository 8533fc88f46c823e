"""`replydesk demo`: what `make run` needs before the first request."""

import os
from datetime import timedelta
from pathlib import Path

import click

from service.cli.surroundings import settings, with_database
from service.domain.page_url import normalise_page_url
from service.domain.policy import Policy
from service.storage import moderators, pages, sites
from service.storage.pool import Connection
from service.tokens import new_secret, secret_digest, secret_prefix

SLUG, NAME = "demo", "The Saltmarsh Courier"
TITLE = "Sarrowmouth and Ebbmere: A “Cordial” Call Offers a Sliver of Calm After a Summer of Ferry Quarrels"
MODERATOR = "demo moderator"


@click.command("demo")
@click.option("--token-file", type=click.Path(dir_okay=False, path_type=Path), required=True)
def command(token_file: Path) -> None:
    """Make the demo site, its page and a moderator whose token works from this machine only.

    Safe to run at every start: the origins follow the port, the token stays.
    """
    kept = token_file.read_text(encoding="utf-8").strip() if token_file.exists() else ""
    secret = kept or new_secret()
    known = settings()
    here = [known.public_url, f"http://127.0.0.1:{known.port}", f"http://localhost:{known.port}"]

    async def make(connection: Connection) -> None:
        site_id = await _site(connection, here)
        url = normalise_page_url(f"{known.public_url}/demo")
        await pages.insert_page(connection, site_id, url, TITLE)
        await _token(connection, secret)

    with_database(make)
    if not kept:
        _write(token_file, secret)


async def _site(connection: Connection, origins: list[str]) -> int:
    site = await sites.find_site(connection, SLUG)
    site_id = (
        site.id
        if site
        else await sites.insert_site(
            connection, slug=SLUG, name=NAME, post_url=None, policy=Policy(publish="auto")
        )
    )
    await sites.replace_origins(connection, site_id, sorted(set(origins)))
    return site_id


async def _token(connection: Connection, secret: str) -> None:
    if await moderators.is_token_kept(connection, secret_digest(secret)):
        return  # one that was revoked stays so
    await moderators.insert_token(
        connection,
        await moderators.ensure_moderator(connection, MODERATOR),
        digest=secret_digest(secret),
        prefix=secret_prefix(secret),
        role="admin",
        site_ids=None,
        lasts=timedelta(days=3650),
        loopback_only=True,
    )


def _write(path: Path, secret: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(secret + "\n")
    draft.replace(path)
