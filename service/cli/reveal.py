"""`replydesk reveal ID`: one address, for a threat or a court order; on record before it is opened."""

from uuid import UUID

import click

from service.cli.surroundings import fail, keyrings, with_database, with_private_pool
from service.domain.email import EmailAddress
from service.storage.pool import Pool, connection
from service.usecases.reveal import KINDS, Kind, Request, RevealRefused, open_address, put_on_record


@click.command("reveal")
@click.argument("comment_id", type=click.UUID)
@click.option("--site", "slug", required=True, help="the site that the comment belongs to")
@click.option("--by", required=True, help="the admin of that site who answers for it, by name")
@click.option("--kind", type=click.Choice(KINDS), required=True, help="what it is for")
@click.option(
    "--reason", required=True, help="why, with a reference such as a file number; kept in the audit log"
)
def command(comment_id: UUID, slug: str, by: str, kind: Kind, reason: str) -> None:
    """Print the address that one comment was submitted with, and nothing else, to standard output.

    Only where `replydesk site update SITE --reveal on` allows it. Who, when, why and which comment is in the
    audit log first; the address is in no log.
    """
    vault, asked = keyrings(), Request(slug, comment_id, by, kind, reason)

    async def read(pool: Pool) -> EmailAddress:
        async with connection(pool) as held:
            return await open_address(held, vault, site_id, comment_id)

    try:
        site_id = with_database(lambda held: put_on_record(held, asked))
        email = with_private_pool(read)
    except RevealRefused as refused:
        fail(str(refused))
    click.echo(email.reveal())
