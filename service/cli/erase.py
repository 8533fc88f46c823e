"""`replydesk erase`: a person's data out of every site; the address comes from standard input."""

import base64
import binascii
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import click
import orjson

from service.cli.surroundings import fail, keyrings, with_private_pool
from service.domain.email import EmailAddress, EmailIndex, InvalidEmail
from service.storage import erasures, sites
from service.storage.erasures import Erasure
from service.storage.pool import Pool, connection
from service.usecases.erase import erase, go_on, reapply

MAX_READ = 2000
MAX_LINE = 10_000


@click.command("erase")
@click.option("--site", "slug", help="this site alone; otherwise every site")
@click.option("--ledger", is_flag=True, help="write what was erased so far, as JSON lines, and erase nothing")
@click.option("--reapply", "is_reapply", is_flag=True, help="read such lines and erase the same again")
def command(slug: str | None, ledger: bool, is_reapply: bool) -> None:
    """Read one address from standard input and erase what was ever submitted with it.

    Whether anything was stored under it is not told. Safe to run again. After a restore of an older backup,
    --reapply erases what --ledger had written; what was submitted after an erasure stays.
    """
    if ledger and is_reapply:
        fail("either --ledger or --reapply")
    if (ledger or is_reapply) and slug is not None:
        fail("the ledger is of every site")
    if ledger:
        _write_ledger()
    elif is_reapply:
        _reapply_ledger()
    else:
        _erase_one(slug)


def _erase_one(slug: str | None) -> None:
    vault, email = keyrings(), _read_address()

    async def work(pool: Pool) -> int:
        ids = await _site_ids(pool)
        if slug is not None and slug not in ids:
            fail(f"there is no site {slug}")
        chosen = list(ids.values()) if slug is None else [ids[slug]]
        await erase(pool, vault, email, chosen)
        await go_on(pool)
        return len(chosen)

    count = with_private_pool(work)
    click.echo(f"what was submitted with this address is erased, at {count} sites", err=True)


def _read_address() -> EmailAddress:
    """The one address of standard input; no message quotes it."""
    if sys.stdin.isatty():
        click.echo("The address, and a line break: ", nl=False, err=True)
        typed = sys.stdin.buffer.readline(MAX_READ)
    else:
        typed = sys.stdin.buffer.read(MAX_READ)
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if len(lines) != 1:
        fail("give one address on standard input")
    try:
        return EmailAddress.parse(lines[0].decode())
    except (InvalidEmail, UnicodeDecodeError):
        fail("what stands on standard input is not an email address")


def _write_ledger() -> None:
    async def work(pool: Pool) -> list[Erasure]:
        async with connection(pool) as held:
            return await erasures.list_erasures(held)

    for entry in with_private_pool(work):
        click.echo(
            orjson.dumps({
                "site": entry.site,
                "index_key_id": entry.index.key_id,
                "email_index": base64.b64encode(entry.index.value).decode(),
                "erased_at": entry.erased_at,
            })
        )  # fmt: skip


def _reapply_ledger() -> None:
    entries = list(_read_ledger())

    async def work(pool: Pool) -> None:
        ids = await _site_ids(pool)
        for entry in entries:
            if entry.site in ids:  # a site of after the backup has nothing to erase
                await reapply(pool, ids[entry.site], entry.index, entry.erased_at)
        await go_on(pool)

    with_private_pool(work)
    click.echo(f"{len(entries)} entries of the ledger are applied", err=True)


def _read_ledger() -> Iterator[Erasure]:
    for number, line in enumerate(sys.stdin.buffer, 1):
        try:
            if line.strip():
                yield _entry_of(line)
        except (ValueError, KeyError, TypeError, binascii.Error):
            fail(f"line {number} is no entry of a ledger; nothing was erased")


def _entry_of(line: bytes) -> Erasure:
    raw = orjson.loads(line if len(line) <= MAX_LINE else b"")
    value = base64.b64decode(raw["email_index"], validate=True)
    erased_at = datetime.fromisoformat(raw["erased_at"])
    key_id, site = raw["index_key_id"], raw["site"]
    if (
        len(value) != 32
        or erased_at.tzinfo is None
        or key_id not in range(1, 256)
        or not isinstance(site, str)
    ):
        raise ValueError
    return Erasure(site, EmailIndex(key_id, value), min(erased_at, datetime.now(UTC)))


async def _site_ids(pool: Pool) -> dict[str, int]:
    async with connection(pool) as held:
        return await sites.list_ids(held)
