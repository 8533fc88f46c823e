"""`replydesk keys new|status|rotate`: draws keys, counts what needs them, and changes them."""

import base64
import secrets
import sys
import time
from collections.abc import Sequence

import click

from service.cli.surroundings import fail, keyrings, settings, with_private_pool
from service.keyring import KEY_BYTES, Keyring
from service.storage import audit, sealed_emails
from service.storage.audit import AuditEntry
from service.storage.pool import Pool, connection
from service.storage.sealed_emails import KeyUse
from service.usecases.rotate_keys import KeyRotation, Progress
from service.vault import Vault

SAY_EVERY_S = 1.0


@click.group("keys")
def command() -> None:
    """Draw, count and change the keys of addresses."""


@command.command("new")
@click.argument("kind", type=click.Choice(["email", "index", "signing", "submitted"]))
def new(kind: str) -> None:
    """Print a new entry for the list of that kind, with an id of its own, and nothing else."""
    text = getattr(settings(), f"{kind}_keys").get_secret_value()
    used = Keyring.parse(text).keys if text else {}
    after = max(used, default=0) + 1
    key_id = next((number for number in (*range(after, 256), *range(1, after)) if number not in used), None)
    if key_id is None:
        fail("all 255 ids are in use: remove a key that nothing needs")
    click.echo(f"{key_id}:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}")


@command.command("status")
def status() -> None:
    """Show for each key how many rows it has and how many need it: a key that nothing needs can go."""
    vault = keyrings()

    async def work(pool: Pool) -> tuple[list[KeyUse], list[KeyUse]]:
        async with connection(pool) as held:
            emails = await sealed_emails.list_email_keys(held)
            return emails, await sealed_emails.list_index_keys(held, vault.index_keys.newest)

    emails, indexes = with_private_pool(work)
    click.echo("kind\tkey\trows\tneeded\tstate")
    for kind, keys, uses in (("email", vault.email_keys, emails), ("index", vault.index_keys, indexes)):
        for line in _lines(kind, keys, uses):
            click.echo(line)


@command.command("rotate")
def rotate() -> None:
    """Seal every address with the newest key, and index every author under it; safe at any time, and again.

    It can be stopped, or killed, at any moment: the next run goes on. The exit code is 1 where an address
    cannot be opened with any key of the list.
    """
    vault = keyrings()

    async def work(pool: Pool) -> Progress:
        progress = await KeyRotation(pool, vault, _Teller(vault), Progress()).run()
        details = {"sealed": progress.sealed, "indexed": progress.indexed, "dropped": progress.dropped}
        async with connection(pool) as held:
            await audit.record(held, AuditEntry("keys.rotated", None, None, "keys", details))
        return progress

    done = with_private_pool(work)
    _tell(done)
    if done.unreadable:
        fail(f"{done.unreadable} addresses cannot be opened: a key is missing, or they were altered")


class _Teller:
    """Says how far it is, once a second."""

    def __init__(self, vault: Vault) -> None:
        self._said_at = time.monotonic()
        click.echo(f"to email key {vault.email_keys.newest}, index key {vault.index_keys.newest}", err=True)

    def __call__(self, progress: Progress) -> None:
        if time.monotonic() - self._said_at >= SAY_EVERY_S:
            self._said_at = time.monotonic()
            _tell(progress)
            sys.stderr.flush()


def _tell(progress: Progress) -> None:
    click.echo(
        f"{progress.sealed} addresses sealed, {progress.indexed} authors indexed,"
        f" {progress.dropped} indexes dropped",
        err=True,
    )


def _lines(kind: str, keys: Keyring, uses: Sequence[KeyUse]) -> list[str]:
    known = {use.key_id: use for use in uses}
    lines = []
    for key_id in sorted({*keys.keys, *known}):
        use = known.get(key_id, KeyUse(key_id, 0, 0))
        state = "missing" if key_id not in keys.keys else "newest" if key_id == keys.newest else "old"
        lines.append(f"{kind}\t{key_id}\t{use.rows}\t{use.needed}\t{state}")
    return lines
